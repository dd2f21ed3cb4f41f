import type { ByteReader } from '../../core/byte-reader'
import { crc32c } from '../../core/crc32c'

export const SUPERBLOCK_OFFSET = 1024
const SUPERBLOCK_LENGTH = 128
export const MAGIC = 0xe0f5e1e2
/** `feature_compat`. */
const SUM_FEATURE = 0x1
const SUM_AT = 4
const NO_SUM = new Uint8Array(4)
/** `feature_incompat`: all that stand for one of two share a bit. */
export const Feature = {
  zeroPadding: 0x1,
  bigClusters: 0x2,
  secondHead: 0x8,
  tailPacking: 0x10,
  fragments: 0x20,
  prefixes: 0x40,
} as const
const KNOWN_FEATURES = 0x7f
/** Inodes are counted in pieces of 32 bytes from the start of the metadata. */
export const SLOT_LENGTH = 32

/** The EROFS superblock (Linux, fs/erofs/erofs_fs.h); little-endian. */
export interface ErofsSuperblock {
  blockLength: number
  blockLog: number
  /** Where slot 0 of the inodes lies, in bytes. */
  metadataStart: number
  rootSlot: number
  /** Where number 0 of the attributes lies that inodes share, in bytes. */
  sharedAttributes: number
  /** The long beginnings of names: how many there are, and where, in bytes of the packed inode, or of the volume without one. */
  prefixes: { count: number; byteOffset: number }
  /** The inode whose content is the ends of others; 0 without one. */
  packedSlot: number
  features: number
  /** Of inodes that have no time of their own, in milliseconds since 1970 UTC. */
  time: number
  label: string
  byteLength: number
}

export function isErofs(head: ByteReader): boolean {
  return head.u32Le(SUPERBLOCK_OFFSET) === MAGIC
}

/** What it says, or what of it cannot be, or is not read: the rest of a sentence. */
export function readSuperblock(head: ByteReader): ErofsSuperblock | string {
  if (!isErofs(head) || !head.has(SUPERBLOCK_OFFSET, SUPERBLOCK_LENGTH)) return 'has no superblock'
  const reader = head.sub(SUPERBLOCK_OFFSET, SUPERBLOCK_LENGTH)
  const blockLog = reader.u8(12)
  if (blockLog < 9 || blockLog > 16) return 'has blocks of a length that cannot be'
  const features = reader.u32Le(80)
  if ((features & ~KNOWN_FEATURES) !== 0) return 'has features that are not known here'
  const blockLength = 2 ** blockLog
  return {
    blockLength,
    blockLog,
    metadataStart: reader.u32Le(40) * blockLength,
    rootSlot: reader.u16Le(14),
    sharedAttributes: reader.u32Le(44) * blockLength,
    prefixes: { count: (features & Feature.prefixes) === 0 ? 0 : reader.u8(91), byteOffset: reader.u32Le(92) * 4 },
    packedSlot: (features & Feature.fragments) === 0 ? 0 : reader.u64Le(96),
    features,
    time: reader.i64Le(24) * 1000 + Math.floor(reader.u32Le(32) / 1_000_000),
    label: reader.text(64, 16),
    byteLength: reader.u32Le(36) * blockLength,
  }
}

/**
 * Whether the superblock, and whatever else lies in its block, mostly the first inodes, gives its sum; null without one
 * (`erofs_superblock_csum_verify`).
 */
export function isSuperblockIntact(head: ByteReader, { blockLength }: ErofsSuperblock): boolean | null {
  if ((head.u32Le(SUPERBLOCK_OFFSET + 8) & SUM_FEATURE) === 0) return null
  const byteLength = blockLength > SUPERBLOCK_OFFSET ? blockLength - SUPERBLOCK_OFFSET : blockLength
  if (!head.has(SUPERBLOCK_OFFSET, byteLength)) return false
  const block = head.slice(SUPERBLOCK_OFFSET, byteLength)
  const before = crc32c(crc32c(0xffffffff, block, 0, SUM_AT), NO_SUM)
  return crc32c(before, block, SUM_AT + 4) === head.u32Le(SUPERBLOCK_OFFSET + SUM_AT)
}
