import type { ByteReader } from '../../core/byte-reader'
import { crc32c } from '../../core/crc32c'

/** Where the superblock lies, in bytes of the volume, whatever the length of its blocks. */
export const SUPERBLOCK_OFFSET = 1024
export const SUPERBLOCK_LENGTH = 1024
/** `EXT4_SUPER_MAGIC`, in bytes from the start of the superblock. */
const JOURNAL_MAGIC = 0xc03b3998
export const MAGIC_AT = 56
export const MAGIC = 0xef53

/** `s_feature_incompat`. */
const Incompatible = {
  compression: 0x1,
  fileType: 0x2,
  recover: 0x4,
  journalDevice: 0x8,
  metaBlockGroups: 0x10,
  wide: 0x80,
  sumSeed: 0x2000,
  inlineData: 0x8000,
} as const
/** The bits that Linux 6.18 knows of. */
const KNOWN_INCOMPATIBLE = 0x3f7df
const Compatible = { sparseSuper2: 0x200 } as const
const ReadOnly = { sparseSuper: 0x1, metadataSums: 0x400 } as const

/** The ext2, ext3 and ext4 superblock (Linux, Documentation/filesystems/ext4/super.rst); little-endian. */
export interface ExtSuperblock {
  inodeCount: number
  blockCount: number
  firstDataBlock: number
  blockLength: number
  blocksPerGroup: number
  inodesPerGroup: number
  inodeLength: number
  descriptorLength: number
  /** Where groups of groups begin to hold their own descriptors, in blocks of descriptors; Infinity without any. */
  firstMetaGroup: number
  isSparse: boolean
  /** Groups with a copy of the superblock (`sparse_super2`); null where the rule of powers holds. */
  copies: readonly number[] | null
  hasFileTypes: boolean
  /** The journal holds what is not in its place yet. */
  isDirty: boolean
  /** Inode of the journal; 0 without one in the volume. */
  journalInode: number
  hashSeed: Uint8Array
  /** What the sums of structures begin with; null where they have none. */
  sumSeed: number | null
  /** `s_flags`: signed or unsigned characters in hashes of names. */
  flags: number
  name: string
  label: string
  /** Milliseconds since 1970 UTC; 0 where it is not recorded. */
  created: number
  modified: number
}

export function isExt(head: ByteReader): boolean {
  return head.u16Le(SUPERBLOCK_OFFSET + MAGIC_AT) === MAGIC
}

/**
 * Whether a volume is the journal of another one: it says so, and the journal's own superblock follows (kernel, “Journal
 * (jbd2)”).
 * @param head of the volume
 */
export function isJournal(head: ByteReader): boolean {
  const blockLength = 1024 << Math.min(6, head.u32Le(SUPERBLOCK_OFFSET + 24))
  const at = blockLength === 1024 ? 2048 : blockLength
  const isSaid = (head.u32Le(SUPERBLOCK_OFFSET + 96) & Incompatible.journalDevice) !== 0
  return isSaid && head.has(at, 4) && head.u32Be(at) === JOURNAL_MAGIC
}

/** What it says, or what of it cannot be: the rest of a sentence. */
export function readSuperblock(reader: ByteReader): ExtSuperblock | string {
  if (reader.u16Le(MAGIC_AT) !== MAGIC) return 'has no superblock'
  const logBlock = reader.u32Le(24)
  if (logBlock > 6) return 'has blocks of a length that cannot be'
  const blockLength = 1024 << logBlock
  const isOld = reader.u32Le(76) === 0
  const incompatible = isOld ? 0 : reader.u32Le(96)
  const compatible = isOld ? 0 : reader.u32Le(92)
  const readOnly = isOld ? 0 : reader.u32Le(100)
  if ((incompatible & Incompatible.journalDevice) !== 0) return 'is the journal of another volume'
  if ((incompatible & Incompatible.compression) !== 0) return 'is of a compressing kind that no system reads any more'
  if ((incompatible & ~KNOWN_INCOMPATIBLE) !== 0) return 'has features that are not known yet'
  const inodeLength = isOld ? 128 : reader.u16Le(88)
  if (inodeLength < 128 || inodeLength > blockLength || (inodeLength & (inodeLength - 1)) !== 0)
    return 'has inodes of a length that cannot be'
  const isWide = (incompatible & Incompatible.wide) !== 0
  const descriptorLength = isWide ? reader.u16Le(254) || 64 : 32
  if (descriptorLength < 32 || descriptorLength > blockLength || descriptorLength % 4 !== 0)
    return 'has descriptors of groups of a length that cannot be'
  const blocksPerGroup = reader.u32Le(32)
  const inodesPerGroup = reader.u32Le(40)
  if (blocksPerGroup === 0 || inodesPerGroup === 0 || reader.u32Le(0) === 0)
    return 'has groups without inodes or blocks'
  const blockCount = reader.u32Le(4) + (isWide ? reader.u32Le(336) * 2 ** 32 : 0)
  const firstDataBlock = reader.u32Le(20)
  if (firstDataBlock >= blockCount || firstDataBlock > 1) return 'begins behind its end'
  const hasMetaGroups = (incompatible & Incompatible.metaBlockGroups) !== 0
  const isExt4 = (incompatible & ~(Incompatible.fileType | Incompatible.recover | Incompatible.metaBlockGroups)) !== 0
  return {
    inodeCount: reader.u32Le(0),
    blockCount,
    firstDataBlock,
    blockLength,
    blocksPerGroup,
    inodesPerGroup,
    inodeLength,
    descriptorLength,
    firstMetaGroup: hasMetaGroups ? reader.u32Le(260) : Infinity,
    isSparse: (readOnly & ReadOnly.sparseSuper) !== 0,
    copies: (compatible & Compatible.sparseSuper2) !== 0 ? [reader.u32Le(588), reader.u32Le(592)] : null,
    hasFileTypes: (incompatible & Incompatible.fileType) !== 0,
    isDirty: (incompatible & Incompatible.recover) !== 0,
    journalInode: (compatible & 4) !== 0 ? reader.u32Le(224) : 0,
    hashSeed: reader.slice(236, 16),
    sumSeed:
      (readOnly & ReadOnly.metadataSums) === 0
        ? null
        : (incompatible & Incompatible.sumSeed) !== 0
          ? reader.u32Le(624)
          : crc32c(0xffffffff, reader.slice(104, 16)),
    flags: reader.u32Le(352),
    name: isExt4 || (readOnly & ~0x7) !== 0 ? 'ext4' : (compatible & 4) !== 0 ? 'ext3' : 'ext2',
    label: isOld ? '' : labelOf(reader.slice(120, 16)),
    created: reader.u32Le(264) * 1000,
    modified: reader.u32Le(48) * 1000,
  }
}

function labelOf(bytes: Uint8Array): string {
  const end = bytes.indexOf(0)
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end))
}

/** In which block the descriptor of a group lies, and at which byte of it. */
export function descriptorPlace(superblock: ExtSuperblock, group: number): number {
  const { blockLength, descriptorLength, firstDataBlock, firstMetaGroup, blocksPerGroup } = superblock
  const perBlock = Math.floor(blockLength / descriptorLength)
  const index = Math.floor(group / perBlock)
  const within = (group % perBlock) * descriptorLength
  // Behind the block of the superblock, whatever the first one that is counted is.
  if (index < firstMetaGroup) return (Math.floor(SUPERBLOCK_OFFSET / blockLength) + 1 + index) * blockLength + within
  const first = index * perBlock
  // With blocks of 1 KiB that count from 0, the superblock's own block is a second one in front.
  const skipped = blockLength === 1024 && first === 0 && firstDataBlock === 0 ? 1 : 0
  const block = first * blocksPerGroup + firstDataBlock + (hasCopy(superblock, first) ? 1 : 0) + skipped
  return block * blockLength + within
}

/** Whether a group begins with a superblock. */
function hasCopy({ isSparse, copies }: ExtSuperblock, group: number): boolean {
  if (group === 0) return true
  if (copies !== null) return copies.includes(group)
  if (group === 1 || !isSparse) return true
  return [3, 5, 7].some((base) => {
    let power = base
    while (power < group) power *= base
    return power === group
  })
}
