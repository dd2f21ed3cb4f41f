import { because } from '../../../../src-shared/model'
import { BlockCache } from '../../core/block-cache'
import { pushRun } from '../../core/content-runs'
import type { PackedBlocks } from '../../core/packed-blocks'
import { recordedIn, SourceError, type ByteSource, type MaybePromise, type Place } from '../../core/byte-source'

/** What lies at a place of a disk, for `byteLength` bytes. */
export type Run =
  /** As it is, in the disk's own file, in one beside it, or in the disk that it is based on. */
  | { kind: 'stored'; byteLength: number; source: ByteSource; byteOffset: number }
  /** Nothing was ever written there, or zeros were. */
  | { kind: 'zeros'; byteLength: number }
  /** It lies in a file that is not there: it reads as zeros, and is not recorded. */
  | { kind: 'missing'; byteLength: number }
  /** `within` a block of its own; `block` is its number for the cache. */
  | { kind: 'packed'; byteLength: number; block: number; within: number; unpack: () => MaybePromise<Uint8Array> }

/** How a kind of virtual disk finds its blocks. */
export interface DiskMap {
  /**
   * What lies at `byteOffset` of the disk, for as far as one entry of the table says, and for `byteLength` bytes at most.
   * Over a file the answer is there at once: where bytes lie is asked for without waiting.
   * @throws {SourceError} where the table cannot be read
   */
  at(byteOffset: number, byteLength: number): MaybePromise<Run>
}

/** Entries of a table that one question may walk through; a table may have more than a file has bytes. */
const STEP_LIMIT = 1 << 16

/** A virtual disk: blocks found by a table, which is read as it is needed. */
export class DiskSource implements PackedBlocks {
  private readonly cache = new BlockCache()

  /**
   * @param name of the file, for sentences
   * @param sources everything that is to be closed with it
   * @param hasBlockSums what `unpack` gives was compared with a sum of the block's own
   */
  constructor(
    private readonly name: string,
    readonly byteLength: number,
    private readonly map: DiskMap,
    private readonly sources: readonly ByteSource[],
    readonly hasBlockSums = false,
  ) {}

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.gather(byteOffset, byteLength, null)
  }

  /** @param wrong is told what the files that the bytes lie in say against them */
  protected async gather(
    byteOffset: number,
    byteLength: number,
    wrong: ((problem: string) => void) | null,
  ): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    let out: Uint8Array | null = null
    for (let done = 0; done < wanted;) {
      const run = await this.runAt(byteOffset + done, wanted - done)
      const bytes = await this.bytesOf(run, wrong)
      if (bytes !== null) {
        if (bytes.byteLength < run.byteLength) throw this.cut()
        // What is in one piece needs no copy; what the cache keeps does.
        if (run.byteLength === wanted && run.kind === 'stored') return bytes
        out ??= new Uint8Array(wanted)
        out.set(bytes, done)
      }
      done += run.byteLength
    }
    return out ?? new Uint8Array(wanted)
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return null
    const run = this.atOnce(byteOffset, wanted)
    if (run?.kind !== 'stored') return null
    return run.source.locate(run.byteOffset, run.byteLength)
  }

  recorded(byteOffset: number, byteLength: number): number {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return 0
    let sum = 0
    for (let done = 0, steps = 0; done < wanted; steps++) {
      const run = steps < STEP_LIMIT ? this.atOnce(byteOffset + done, wanted - done) : null
      // What is not known without waiting shows when it is read.
      if (run === null) return sum + wanted - done
      if (run.kind === 'stored') sum += recordedIn(run.source, run.byteOffset, run.byteLength)
      else if (run.kind !== 'missing') sum += run.byteLength
      done += run.byteLength
    }
    return sum
  }

  /** Whether a file that the bytes lie in says something against them. */
  protected isSuspectBelow(byteOffset: number, byteLength: number): boolean {
    if (!this.sources.some(mayBeSuspect)) return false
    const end = Math.min(byteOffset + byteLength, this.byteLength)
    for (let at = Math.max(0, byteOffset), steps = 0; at < end && steps < STEP_LIMIT; steps++) {
      const run = this.atOnce(at, end - at)
      if (run === null) return false
      if (run.kind === 'stored' && run.source.isSuspect?.(run.byteOffset, run.byteLength) === true) return true
      at += run.byteLength
    }
    return false
  }

  async packedRanges(checkpoint: () => MaybePromise<void>): Promise<number[]> {
    const ranges: number[] = []
    for (let at = 0; at < this.byteLength;) {
      const wait = checkpoint()
      if (wait) await wait
      const { kind, byteLength } = await this.runAt(at, this.byteLength - at)
      if (kind === 'packed') pushRun(ranges, at, byteLength)
      at += byteLength
    }
    return ranges
  }

  async close(): Promise<void> {
    this.cache.clear()
    for (const source of this.sources) await source.close()
  }

  /** Null where the table is not at hand, or cannot be read. */
  private atOnce(byteOffset: number, byteLength: number): Run | null {
    try {
      const run = this.runAt(byteOffset, byteLength)
      if (!(run instanceof Promise)) return run
      // Whoever reads it is told.
      run.catch(() => undefined)
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
    }
    return null
  }

  /** Neighbours in the table that are neighbours in the file are one run. */
  private runAt(byteOffset: number, byteLength: number): MaybePromise<Run> {
    const first = this.map.at(byteOffset, byteLength)
    if (first instanceof Promise || first.kind === 'packed') return first
    let whole = first.byteLength
    for (let steps = 0; whole < byteLength && steps < STEP_LIMIT; steps++) {
      const next = this.map.at(byteOffset + whole, byteLength - whole)
      if (next instanceof Promise) {
        next.catch(() => undefined)
        break
      }
      const goesOn =
        next.kind === first.kind &&
        (next.kind !== 'stored' ||
          (first.kind === 'stored' && next.source === first.source && next.byteOffset === first.byteOffset + whole))
      if (!goesOn) break
      whole += next.byteLength
    }
    return { ...first, byteLength: whole }
  }

  private bytesOf(run: Run, wrong: ((problem: string) => void) | null): MaybePromise<Uint8Array | null> {
    if (run.kind === 'stored') {
      const { source, byteOffset } = run
      if (byteOffset >= source.byteLength) throw this.cut()
      if (wrong === null || source.readChecked === undefined) return source.read(byteOffset, run.byteLength)
      return source.readChecked(byteOffset, run.byteLength, wrong)
    }
    if (run.kind !== 'packed') return null
    const { block, within, byteLength, unpack } = run
    const bytes = this.cache.get(block, unpack)
    if (!(bytes instanceof Promise)) return bytes.subarray(within, within + byteLength)
    return bytes.then((unpacked) => unpacked.subarray(within, within + byteLength))
  }

  private cut(): SourceError {
    return new SourceError('CONTENT_DAMAGED', `“${this.name}” ends before its last block: it was not copied in full.`, {
      details: because('endsEarly', { name: this.name }),
    })
  }
}

/** Whether something may be known against bytes of a source, before they are read. */
export function mayBeSuspect(source: ByteSource): boolean {
  return source.isSuspect !== undefined
}

/** What a disk is based on, where the child's own file has nothing: the base may be shorter, and is zeros behind its end. */
export function fromBase(base: ByteSource | null, byteOffset: number, byteLength: number): Run {
  if (base === null) return { kind: 'missing', byteLength }
  const there = Math.min(byteLength, base.byteLength - byteOffset)
  return there > 0 ? { kind: 'stored', byteLength: there, source: base, byteOffset } : { kind: 'zeros', byteLength }
}
