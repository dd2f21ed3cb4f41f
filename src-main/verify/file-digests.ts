import { sumMaker, type SumMaker } from '../image/sums/sum-maker'
import type { ByteSource } from '../image/core/byte-source'
import { isSectored } from '../image/core/sectored-source'
import type { EntryTable } from '../image/core/entry-table'
import type { SumAlgorithm } from '../image/sums/sums'
import { cutRanges, isAscending, lengthOf, type Expectation } from './expectation'
import type { ReadTally } from './read-tally'

const CHUNK_BYTES = 1 << 20

/** A file's sums, or a sentence for why it has none. */
export type Digests = ReadonlyMap<SumAlgorithm, string> | { problem: string }

/**
 * The sums of files. What lies in the image as it is joins the pass over the image; everything else (packed, interrupted
 * by sector headers, in runs that go back) is read by itself, when it is asked for.
 */
export class FileDigests {
  private readonly wanted = new Map<number, Set<SumAlgorithm>>()
  private readonly passed = new Map<number, RangeDigest>()

  constructor(
    private readonly table: EntryTable,
    private readonly blocks: ByteSource,
  ) {}

  /** That somebody will ask for them. */
  want(entry: number, algorithm: SumAlgorithm): void {
    const known = this.wanted.get(entry)
    if (known === undefined) this.wanted.set(entry, new Set([algorithm]))
    else known.add(algorithm)
  }

  /** One for each file that the pass can feed. Files that share their bytes share it. */
  expectations(): Expectation[] {
    const byPlace = new Map<string, RangeDigest>()
    for (const [entry, algorithms] of this.wanted) {
      const ranges = this.rangesOf(entry)
      if (ranges === null) continue
      const key = ranges.join(' ')
      const digest = byPlace.get(key) ?? new RangeDigest(ranges)
      for (const algorithm of algorithms) digest.add(algorithm)
      byPlace.set(key, digest)
      this.passed.set(entry, digest)
    }
    return [...byPlace.values()]
  }

  /** Bytes that are read beside the pass. */
  bytesBeside(): number {
    let total = 0
    for (const entry of this.wanted.keys()) if (!this.passed.has(entry)) total += this.table.byteLengthOf(entry)
    return total
  }

  /**
   * After the pass. What gives no sum that `isRight` is read once more, as a file and not as ranges: a reader may know
   * better where it lies, or what is wrong with it.
   */
  async of(
    entry: number,
    isRight: (digests: ReadonlyMap<SumAlgorithm, string>) => boolean,
    tally: ReadTally,
  ): Promise<Digests> {
    const passed = this.passed.get(entry)?.result ?? null
    if (passed !== null && !('problem' in passed) && isRight(passed)) return passed
    return digestsOf(this.table, entry, this.wanted.get(entry) ?? new Set(), passed === null ? tally : tally.silent())
  }

  /** Where a file lies that joined the pass; empty for another. */
  placesOf(entry: number): ArrayLike<number> {
    return this.passed.get(entry)?.ranges ?? []
  }

  private rangesOf(entry: number): number[] | null {
    const { table } = this
    // What the medium says of each sector is told where its content is read.
    if (isSectored(this.blocks)) return null
    if (table.kindOf(entry) !== 'file' || table.isPackedOf(entry) || table.statusOf(entry) !== 'complete') return null
    const byteLength = table.byteLengthOf(entry)
    const ranges = cutRanges(table.storedRunsOf(entry), byteLength)
    if (lengthOf(ranges) !== byteLength || !isAscending(ranges)) return null
    return ranges
  }
}

/** Reads one file to its end. */
export async function digestsOf(
  table: EntryTable,
  entry: number,
  algorithms: ReadonlySet<SumAlgorithm>,
  tally: ReadTally,
): Promise<Digests> {
  const content = table.content(entry)
  if (!content) return { problem: `it is a ${table.kindOf(entry)}, not a file.` }
  const hashes = [...algorithms].map((algorithm) => ({ algorithm, hash: sumMaker(algorithm) }))
  const byteLength = table.byteLengthOf(entry)
  try {
    for (let at = 0; at < byteLength;) {
      const wait = tally.checkpoint()
      if (wait) await wait
      const bytes = await content.read(at, Math.min(CHUNK_BYTES, byteLength - at))
      if (bytes.byteLength === 0) return { problem: `only ${at} of its ${byteLength} bytes are in the image.` }
      for (const { hash } of hashes) hash.update(bytes)
      at += bytes.byteLength
      tally.add(bytes.byteLength, () => table.pathOf(entry))
    }
    if (content.damage) return { problem: content.damage }
  } catch (error) {
    if ((error as { name?: string }).name !== 'SourceError') throw error
    return { problem: (error as Error).message }
  } finally {
    await content.close()
  }
  return new Map(hashes.map(({ algorithm, hash }) => [algorithm, hash.digest('hex')]))
}

/** The sums of some ranges. */
export class RangeDigest implements Expectation {
  /** Null until the pass has come to its end. */
  result: Digests | null = null
  private readonly algorithms = new Set<SumAlgorithm>()
  private hashes: Map<SumAlgorithm, SumMaker> | null = null
  private fed = 0

  constructor(
    readonly ranges: ArrayLike<number>,
    readonly form?: Expectation['form'],
  ) {}

  add(algorithm: SumAlgorithm): void {
    this.algorithms.add(algorithm)
  }

  feed(bytes: Uint8Array): void {
    for (const hash of this.makers().values()) hash.update(bytes)
    this.fed += bytes.byteLength
  }

  finish(missing: string | null): void {
    if (missing === null)
      this.result = new Map(Array.from(this.makers(), ([algorithm, hash]) => [algorithm, hash.digest('hex')]))
    else this.result = { problem: `only ${this.fed} of its ${lengthOf(this.ranges)} bytes can be read: ${missing}` }
    this.hashes = null
  }

  /** Made with the first byte, given up with the last: an image has a hundred thousand files. */
  private makers(): Map<SumAlgorithm, SumMaker> {
    this.hashes ??= new Map(Array.from(this.algorithms, (algorithm) => [algorithm, sumMaker(algorithm)]))
    return this.hashes
  }
}
