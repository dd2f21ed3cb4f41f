import type { ByteSource } from '../image/core/byte-source'
import type { Expectation } from './expectation'
import type { ReadTally } from './read-tally'

const CHUNK_BYTES = 1 << 20
/** Where a device refuses a read, it is tried again in halves, down to this: what lies around a bad sector is there. */
const SMALLEST_READ = 2048

/** A range that one expectation is to be fed. */
interface Piece {
  start: number
  end: number
  of: Running
}

/** An expectation on its way. */
interface Running {
  expectation: Expectation
  /** Ranges that are not yet fed to their ends. */
  left: number
}

/** What a pass could not read. */
export interface UnreadRange {
  byteOffset: number
  byteLength: number
}

/** Pairs of byte offset and byte length: everything that a pass with these will read, each byte once. */
export function covered(expectations: readonly Expectation[]): number[] {
  const merged: number[] = []
  for (const { start, end } of piecesOf(expectations)) {
    const last = merged.length - 2
    const lastEnd = last < 0 ? -1 : (merged[last] ?? 0) + (merged[last + 1] ?? 0)
    if (last < 0 || start > lastEnd) merged.push(start, end - start)
    else if (end > lastEnd) merged[last + 1] = end - (merged[last] ?? 0)
  }
  return merged
}

/**
 * Reads what the expectations speak of, once and in the order in which it lies in the source, and feeds each what is its
 * own. One that misses a byte is told so and fed no more; the others go on.
 * @returns what could not be read
 * @throws whatever `tally.checkpoint` throws
 */
export async function feedInOnePass(
  source: ByteSource,
  expectations: readonly Expectation[],
  tally: ReadTally,
): Promise<UnreadRange[]> {
  const pieces = piecesOf(expectations)
  for (const expectation of expectations) if (expectation.ranges.length === 0) expectation.finish(null)
  const ranges = covered(expectations)
  const pass = new Pass(source, pieces)
  for (let index = 0; index < ranges.length; index += 2) {
    const end = (ranges[index] ?? 0) + (ranges[index + 1] ?? 0)
    for (let at = ranges[index] ?? 0; at < end;) {
      const wait = tally.checkpoint()
      if (wait) await wait
      const length = Math.min(CHUNK_BYTES, end - at)
      await pass.take(at, length)
      at += length
      tally.add(length)
    }
  }
  return pass.unread
}

class Pass {
  readonly unread: UnreadRange[] = []
  private readonly buffer: Uint8Array | null
  private active: Piece[] = []
  private nextPiece = 0

  constructor(
    private readonly source: ByteSource,
    private readonly pieces: readonly Piece[],
  ) {
    this.buffer = source.readInto === undefined ? null : new Uint8Array(CHUNK_BYTES)
  }

  async take(at: number, length: number): Promise<void> {
    let bytes: Uint8Array
    try {
      bytes = await this.read(at, length)
    } catch (error) {
      if ((error as { name?: string }).name !== 'SourceError') throw error
      if (length > SMALLEST_READ) {
        const half = Math.ceil(length / 2 / SMALLEST_READ) * SMALLEST_READ
        await this.take(at, half)
        await this.take(at + half, length - half)
      } else this.lose(at, length, (error as Error).message)
      return
    }
    if (bytes.byteLength > 0) this.feed(bytes, at)
    if (bytes.byteLength < length) {
      const missing = length - bytes.byteLength
      this.lose(at + bytes.byteLength, missing, `the image ends ${missing} bytes too early.`)
    }
  }

  private async read(at: number, length: number): Promise<Uint8Array> {
    if (this.buffer === null || this.source.readInto === undefined) return this.source.read(at, length)
    const target = this.buffer.subarray(0, length)
    return target.subarray(0, this.source.readInto(target, at))
  }

  private feed(bytes: Uint8Array, position: number): void {
    const end = position + bytes.byteLength
    const formed = new Map<Expectation['form'], Uint8Array>()
    for (const piece of this.at(position, end)) {
      const { expectation } = piece.of
      let seen = bytes
      if (expectation.form !== undefined) {
        seen = formed.get(expectation.form) ?? expectation.form(bytes, position)
        formed.set(expectation.form, seen)
      }
      expectation.feed(
        seen.subarray(Math.max(0, piece.start - position), Math.min(bytes.byteLength, piece.end - position)),
      )
      if (piece.end <= end && --piece.of.left === 0) expectation.finish(null)
    }
    this.active = this.active.filter((piece) => piece.end > end && piece.of.left > 0)
  }

  private lose(position: number, byteLength: number, problem: string): void {
    this.unread.push({ byteOffset: position, byteLength })
    const end = position + byteLength
    for (const { of, start, end: pieceEnd } of this.at(position, end)) {
      const { expectation } = of
      if (of.left <= 0) continue
      expectation.skip?.(Math.min(end, pieceEnd) - Math.max(position, start))
      if (expectation.skip !== undefined && (pieceEnd > end || --of.left > 0)) continue
      of.left = 0
      expectation.finish(problem)
    }
    this.active = this.active.filter((piece) => piece.end > end && piece.of.left > 0)
  }

  /** The pieces that reach into a range, which lies behind those of earlier calls. */
  private at(position: number, end: number): Piece[] {
    for (let next = this.pieces[this.nextPiece]; next && next.start < end; next = this.pieces[++this.nextPiece])
      this.active.push(next)
    return this.active.filter((piece) => piece.of.left > 0 && piece.end > position)
  }
}

/** In the order of where they begin. Of one expectation they stay in their order, since they ascend. */
function piecesOf(expectations: readonly Expectation[]): Piece[] {
  const pieces: Piece[] = []
  for (const expectation of expectations) {
    const { ranges } = expectation
    const of: Running = { expectation, left: ranges.length / 2 }
    for (let index = 0; index + 1 < ranges.length; index += 2) {
      const start = ranges[index] ?? 0
      pieces.push({ start, end: start + (ranges[index + 1] ?? 0), of })
    }
  }
  return pieces.sort((a, b) => a.start - b.start)
}
