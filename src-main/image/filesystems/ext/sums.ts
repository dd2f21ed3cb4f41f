import { ByteReader } from '../../core/byte-reader'
import { crc32c } from '../../core/crc32c'

/** Where the halves of the sum of an inode stand. */
const LOW_AT = 124
const HIGH_AT = 130
const OLD_LENGTH = 128
/** The last entry of a block of a directory, which holds its sum (`ext4_dir_entry_tail`). */
const TAIL_LENGTH = 12
const TAIL_TYPE = 0xde
/** Of the entry `.`. */
const DOT_LENGTH = 12
const ZEROS = new Uint8Array(2)
/** In front of an entry's name. */
const ENTRY_HEADER = 8
/** Of the root of a hash index: what says how it is hashed (`dx_root_info`), behind `.` and `..`. */
const ROOT_INFO_AT = 24
const ROOT_INFO_LENGTH = 8
/** Of a hash and its block; the first one has the list's limit and count. */
const INDEX_ENTRY_LENGTH = 8
/** `dx_tail`: a reserved field, and the sum. */
const INDEX_TAIL_LENGTH = 8
const NO_SUM = new Uint8Array(4)

/** The last field of the superblock. */
const SUPERBLOCK_SUM_AT = 1020

/** Whether the superblock gives its sum. @param bytes of it, all 1024 */
export function isSuperblockIntact(bytes: Uint8Array): boolean {
  return crc32c(0xffffffff, bytes, 0, SUPERBLOCK_SUM_AT) === new ByteReader(bytes).u32Le(SUPERBLOCK_SUM_AT)
}

/** What all sums of an inode begin with: its number and generation. */
export function inodeSeed(volumeSeed: number, number: number, generation: number): number {
  const bytes = new Uint8Array(8)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, number, true)
  view.setUint32(4, generation, true)
  return crc32c(volumeSeed, bytes)
}

/** Whether the sum of an inode fits (Linux, Documentation/filesystems/ext4/checksums.rst). */
export function isInodeIntact(bytes: Uint8Array, number: number, volumeSeed: number): boolean {
  const reader = new ByteReader(bytes)
  let crc = inodeSeed(volumeSeed, number, reader.u32Le(100))
  const hasHigh = bytes.byteLength > OLD_LENGTH && reader.u16Le(OLD_LENGTH) >= 4
  crc = crc32c(crc, bytes, 0, LOW_AT)
  crc = crc32c(crc, ZEROS)
  crc = crc32c(crc, bytes, LOW_AT + 2, hasHigh ? HIGH_AT : bytes.byteLength)
  if (!hasHigh) return (crc & 0xffff) === reader.u16Le(LOW_AT)
  crc = crc32c(crc, ZEROS)
  crc = crc32c(crc, bytes, HIGH_AT + 2)
  return crc === reader.u16Le(LOW_AT) + reader.u16Le(HIGH_AT) * 65_536
}

/**
 * Whether the sum of a block of a directory fits; null for one without: a node of a hash index has its sum elsewhere, and may
 * still hold the end that it had as a plain block. Its entry that stands for nothing reaches to the end of the block.
 */
export function isDirectoryBlockIntact(block: Uint8Array, seed: number): boolean | null {
  const reader = new ByteReader(block)
  const tail = block.byteLength - TAIL_LENGTH
  const isTail =
    reader.u32Le(tail) === 0 && reader.u16Le(tail + 4) === TAIL_LENGTH && reader.u16Le(tail + 6) === TAIL_TYPE << 8
  if (tail <= 0 || !isTail || isIndexNode(reader, block.byteLength)) return null
  return crc32c(seed, block, 0, tail) === reader.u32Le(tail + 8)
}

/**
 * Whether the sum of a node of a hash index fits (Linux, Documentation/filesystems/ext4/directory.rst, `dx_tail`): it
 * covers what is in front of the list, the entries in use, and the end's own reserved field. Null for a block that is no
 * node, and for one whose list leaves no room for a sum, as it was before there were sums.
 */
export function isIndexNodeIntact(block: Uint8Array, seed: number): boolean | null {
  const reader = new ByteReader(block)
  if (!isIndexNode(reader, block.byteLength)) return null
  const isRoot = reader.u32Le(0) !== 0
  // What says how the root is hashed has a length of its own.
  if (isRoot && (reader.u32Le(ROOT_INFO_AT) !== 0 || reader.u8(ROOT_INFO_AT + 5) !== ROOT_INFO_LENGTH)) return false
  const list = isRoot ? ROOT_INFO_AT + ROOT_INFO_LENGTH : ENTRY_HEADER
  const tail = list + reader.u16Le(list) * INDEX_ENTRY_LENGTH
  const end = list + reader.u16Le(list + 2) * INDEX_ENTRY_LENGTH
  if (tail + INDEX_TAIL_LENGTH > block.byteLength) return null
  if (end > tail) return false
  const crc = crc32c(crc32c(seed, block, 0, end), block, tail, tail + 4)
  return crc32c(crc, NO_SUM) === reader.u32Le(tail + 4)
}

/** `dx_root`: `.`, and `..` up to the end of the block; `dx_node`: an unused entry as long as the block. */
function isIndexNode(reader: ByteReader, byteLength: number): boolean {
  const lengthAt = (at: number): number => {
    const length = reader.u16Le(at + 4)
    // What does not fit into 16 bits (ext4_rec_len_from_disk).
    return length === 0 || length === 0xffff ? byteLength : length
  }
  const first = lengthAt(0)
  if (reader.u32Le(0) === 0) return first === byteLength
  return first === DOT_LENGTH && lengthAt(DOT_LENGTH) === byteLength - DOT_LENGTH
}
