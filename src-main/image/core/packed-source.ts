import type { ByteSource } from './byte-source'

/** Blocks some of which are packed: whether they can be unpacked shows only when they are read. */
export interface PackedSource extends ByteSource {
  /** Each packed block has a checksum, which is compared as it is unpacked. */
  readonly hasBlockSums: boolean
  /**
   * Where it is packed: byte offset and byte length by turns, ascending, neighbours in one.
   * @throws {SourceError} where the table of blocks cannot be read
   */
  packedRanges(): Promise<number[]>
}

export function isPacked(source: ByteSource): source is PackedSource {
  return 'packedRanges' in source
}

/** Adds a range behind others, to the last one where they touch. */
export function addRange(ranges: number[], byteOffset: number, byteLength: number): void {
  const last = ranges.length - 2
  const lastEnd = last < 0 ? -1 : (ranges[last] ?? 0) + (ranges[last + 1] ?? 0)
  if (lastEnd === byteOffset) ranges[last + 1] = (ranges[last + 1] ?? 0) + byteLength
  else ranges.push(byteOffset, byteLength)
}
