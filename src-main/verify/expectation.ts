/**
 * What some bytes of a source must give. Any number of them are fed by one pass over the source, each with its own bytes
 * in the order in which they lie there.
 */
export interface Expectation {
  /** Pairs of byte offset and byte length: what it is fed. Ascending, and apart from each other. */
  readonly ranges: ArrayLike<number>
  /** How it is to see the bytes at `position`, where that is not as they are. Answers the same object where it is. */
  readonly form?: (bytes: Uint8Array, position: number) => Uint8Array
  /** Bytes of its ranges that follow the ones before. They are the caller's: they change after the call. */
  feed(bytes: Uint8Array): void
  /**
   * Bytes of its ranges that follow the ones before, and cannot be read. One that has no such method is finished by them,
   * and fed no more.
   */
  skip?(byteLength: number): void
  /** Called once: when its last range has been fed, or with a sentence for what could not be, after which nothing is. */
  finish(missing: string | null): void
}

/** Whether ranges can be fed in one pass: all of them recorded, ascending, none across another. */
export function isAscending(ranges: ArrayLike<number>): boolean {
  let end = 0
  for (let index = 0; index + 1 < ranges.length; index += 2) {
    const start = ranges[index] ?? -1
    if (start < end) return false
    end = start + (ranges[index + 1] ?? 0)
  }
  return true
}

/** The first `byteLength` bytes of some ranges. */
export function cutRanges(ranges: ArrayLike<number>, byteLength: number): number[] {
  const cut: number[] = []
  let left = byteLength
  for (let index = 0; index + 1 < ranges.length && left > 0; index += 2) {
    const length = Math.min(left, ranges[index + 1] ?? 0)
    if (length > 0) cut.push(ranges[index] ?? 0, length)
    left -= length
  }
  return cut
}

/** Bytes in some ranges. */
export function lengthOf(ranges: ArrayLike<number>): number {
  let total = 0
  for (let index = 1; index < ranges.length; index += 2) total += ranges[index] ?? 0
  return total
}
