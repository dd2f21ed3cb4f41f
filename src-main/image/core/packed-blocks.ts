import type { ByteSource, MaybePromise } from './byte-source'

/** Blocks some of which are packed: whether they can be unpacked shows only when they are read. */
export interface PackedBlocks extends ByteSource {
  /** Each packed block has a checksum, which is compared as it is unpacked. */
  readonly hasBlockSums: boolean
  /**
   * Where it is packed: byte offset and byte length by turns, ascending, neighbours in one.
   * @param checkpoint is asked now and then: a table may have millions of entries
   * @throws {SourceError} where the table of blocks cannot be read
   * @throws whatever `checkpoint` throws
   */
  packedRanges(checkpoint: () => MaybePromise<void>): Promise<number[]>
}

export function hasPackedBlocks(source: ByteSource): source is PackedBlocks {
  return 'packedRanges' in source
}
