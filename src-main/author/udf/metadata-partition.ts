import { ByteWriter } from '../byte-writer'
import { BLOCK } from '../layout'
import { IMPLEMENTATION, seal, Tag, timestamp, udfId, type UdfRevision } from './structures'

/** UDF 2.2.13: extents of the metadata file begin at multiples of so many blocks, and are multiples of it. */
export const METADATA_UNIT = 32
export const METADATA_MAP_LENGTH = 64
/** UDF 2.2.13.1 and 2.2.13.2. */
const FileType = { metadata: 250, mirror: 251 } as const
const DUPLICATED = 1
const NO_BITMAP = 0xffffffff
const ENTRY_HEADER = 176
/** ECMA-167 4/14.14.1.1: a longer one is recorded in several. */
const EXTENT_BLOCKS = (2 ** 30 - BLOCK) / BLOCK

/** The file that the metadata partition is, and its mirror; in blocks of the partition that they lie in. */
export interface MetadataFiles {
  entryBlock: number
  mirrorEntryBlock: number
  startBlock: number
  mirrorStartBlock: number
  /** A multiple of {@link METADATA_UNIT}. */
  blockCount: number
}

/** UDF 2.2.10. */
export function metadataMap({ entryBlock, mirrorEntryBlock }: MetadataFiles, revision: UdfRevision): Uint8Array {
  return new ByteWriter(METADATA_MAP_LENGTH)
    .u8(0, 2)
    .u8(1, METADATA_MAP_LENGTH)
    .set(4, udfId('*UDF Metadata Partition', revision))
    .u16Le(36, 1)
    .u16Le(38, 0)
    .u32Le(40, entryBlock)
    .u32Le(44, mirrorEntryBlock)
    .u32Le(48, NO_BITMAP)
    .u32Le(52, METADATA_UNIT)
    .u16Le(56, METADATA_UNIT)
    .u8(58, DUPLICATED).bytes
}

/** UDF 2.2.13: the entries of both files, each with the block of the partition that it lies in. */
export function metadataEntries(
  files: MetadataFiles,
  date: number,
  revision: UdfRevision,
): { block: number; bytes: Uint8Array }[] {
  const { entryBlock, mirrorEntryBlock, startBlock, mirrorStartBlock, blockCount } = files
  return [
    { block: entryBlock, start: startBlock, type: FileType.metadata },
    { block: mirrorEntryBlock, start: mirrorStartBlock, type: FileType.mirror },
  ].map(({ block, start, type }) => {
    const count = Math.ceil(blockCount / EXTENT_BLOCKS)
    const entry = new ByteWriter(ENTRY_HEADER + count * 8)
      .u16Le(20, 4)
      .u16Le(24, 1)
      .u8(27, type)
      .u32Le(36, 0xffffffff)
      .u32Le(40, 0xffffffff)
      .u64Le(56, blockCount * BLOCK)
      .u64Le(64, blockCount)
      .set(72, timestamp(date))
      .set(84, timestamp(date))
      .set(96, timestamp(date))
      .u32Le(108, 1)
      .set(128, IMPLEMENTATION)
      .u32Le(172, count * 8)
    for (let index = 0; index < count; index++) {
      const from = index * EXTENT_BLOCKS
      entry
        .u32Le(ENTRY_HEADER + index * 8, Math.min(EXTENT_BLOCKS, blockCount - from) * BLOCK)
        .u32Le(ENTRY_HEADER + index * 8 + 4, start + from)
    }
    return { block, bytes: seal(entry, Tag.fileEntry, block, revision) }
  })
}
