import type { ByteReader } from '../../core/byte-reader'
import { entryBits, type EntryBits } from './entry-width'

/** Where everything lies in a volume. */
export interface FatLayout {
  bits: EntryBits
  sectorSize: number
  clusterLength: number
  /** In bytes from the start of the volume. */
  fatOffset: number
  fatLength: number
  /** In bytes from the start of the volume; 0 where no copy is kept up to date. */
  copyOffset: number
  /** 0 where the root is a chain of clusters (FAT32). */
  rootOffset: number
  rootLength: number
  rootCluster: number
  dataOffset: number
  clusterCount: number
  byteLength: number
}

export interface FatBootSector extends FatLayout {
  label: string
  /** Whether it begins as the specification wants, with a jump of the PC's processors. */
  hasJump: boolean
  /** Whether everything else of it says that it did. */
  isJumpLost: boolean
}

/** The fields of the BIOS parameter block (FAT specification 3.1) that say where everything lies. */
export interface ParameterBlock {
  /** In bytes. */
  sectorSize: number
  sectorsPerCluster: number
  reservedSectors: number
  copies: number
  rootEntries: number
  sectors: number
  fatSectors: number
}

const SECTOR_SIZES = [512, 1024, 2048, 4096]
/** GEMDOS of the Atari makes sectors larger where a disk would have more than it can count. */
const GEMDOS_SECTOR_SIZES = [...SECTOR_SIZES, 8192, 16_384, 32_768]
/** `BS_BootSig`: the fields behind it are there. */
const EXTENDED_SIGNATURE = 0x29
/** What the jump of the Atari's processor begins with. */
const BRA = 0x60
/** What stands behind a short jump of the PC's. */
const NOP = 0x90

/**
 * Microsoft's FAT specification 1.03: the BIOS parameter block. Null where it cannot be one. Disks of the Atari begin with
 * a jump of another processor, or with none: those are told by the table as well, which has to be in `head` then.
 * @param head of the volume, or its first sector alone
 */
export function readFatBootSector(head: ByteReader): FatBootSector | null {
  const jump = head.u8(0)
  const hasJump = jump === 0xeb || jump === 0xe9
  if (!head.has(0, 512)) return null
  const block: ParameterBlock = {
    sectorSize: head.u16Le(11),
    sectorsPerCluster: head.u8(13),
    reservedSectors: head.u16Le(14),
    copies: head.u8(16),
    rootEntries: head.u16Le(17),
    sectors: head.u16Le(19) || head.u32Le(32),
    fatSectors: head.u16Le(22) || head.u32Le(36),
  }
  const { sectorSize, sectorsPerCluster, reservedSectors, copies, rootEntries, sectors, fatSectors } = block
  const media = head.u8(21)
  if (!(hasJump ? SECTOR_SIZES : GEMDOS_SECTOR_SIZES).includes(sectorSize)) return null
  if (reservedSectors === 0 || copies === 0 || copies > 4) return null
  if (sectorsPerCluster === 0 || (sectorsPerCluster & (sectorsPerCluster - 1)) !== 0) return null
  if (media !== 0xf0 && media < 0xf8) return null
  if (sectors === 0 || fatSectors === 0 || dataSectorOf(block) >= sectors) return null
  if (!hasJump && !hasTables(head, block)) return null
  // Systems tell FAT32 by this, however few clusters it has: other tables have their length in 16 bits.
  const isFat32 = head.u16Le(22) === 0
  const isExtended = head.u8(38) === EXTENDED_SIGNATURE
  const bits = entryBits(head, {
    fatOffset: reservedSectors * sectorSize,
    fatLength: fatSectors * sectorSize,
    clusterCount: clusterCountOf(block),
    isFat32,
    saysSixteen: jump === BRA || (isExtended && head.matches(54, 'FAT16   ')),
  })
  // The Atari has no FAT32: such a volume has lost its jump, and has another boot sector.
  if (!hasJump && bits === 32) return null
  // A table of 32 bits whose length stands at the old place is FAT32 where there is no other root.
  const isChain = isFat32 || (bits === 32 && rootEntries === 0)
  const extended = isChain ? 64 : 36
  return {
    ...layOut(block, bits, isChain ? { flags: head.u16Le(40), rootCluster: head.u32Le(44) } : null),
    label: head.u8(extended + 2) === EXTENDED_SIGNATURE ? head.text(extended + 7, 11) : '',
    hasJump,
    isJumpLost: !hasJump && jump !== BRA && head.u8(2) === NOP && head.u16Le(510) === 0xaa55,
  }
}

/**
 * Where everything lies by the parameters of a volume.
 * @param chain of a root that is one of clusters: `BPB_ExtFlags` and its first cluster
 */
export function layOut(
  block: ParameterBlock,
  bits: EntryBits,
  chain: { flags: number; rootCluster: number } | null,
): FatLayout {
  const { sectorSize, sectorsPerCluster, reservedSectors, copies, rootEntries, sectors, fatSectors } = block
  const flags = chain?.flags ?? 0
  // FAT specification 3.3: FAT32 may keep one table alone, and says which.
  const isAlone = (flags & 0x80) !== 0
  const active = isAlone && (flags & 0x0f) < copies ? flags & 0x0f : 0
  return {
    bits,
    sectorSize,
    clusterLength: sectorsPerCluster * sectorSize,
    fatOffset: (reservedSectors + active * fatSectors) * sectorSize,
    fatLength: fatSectors * sectorSize,
    copyOffset: copies < 2 || isAlone ? 0 : (reservedSectors + fatSectors) * sectorSize,
    rootOffset: chain === null ? (reservedSectors + copies * fatSectors) * sectorSize : 0,
    rootLength: chain === null ? rootEntries * 32 : 0,
    rootCluster: chain?.rootCluster ?? 0,
    dataOffset: dataSectorOf(block) * sectorSize,
    clusterCount: clusterCountOf(block),
    byteLength: sectors * sectorSize,
  }
}

function clusterCountOf(block: ParameterBlock): number {
  return Math.floor((block.sectors - dataSectorOf(block)) / block.sectorsPerCluster)
}

function dataSectorOf({ reservedSectors, copies, fatSectors, rootEntries, sectorSize }: ParameterBlock): number {
  return reservedSectors + copies * fatSectors + Math.ceil((rootEntries * 32) / sectorSize)
}

/** Whether both copies of the table begin as tables do, and alike (FAT specification 4.1); TOS has F7 in front. */
export function hasTables(head: ByteReader, block: ParameterBlock): boolean {
  const { sectorSize, reservedSectors, copies, fatSectors } = block
  const first = reservedSectors * sectorSize
  const second = first + (copies > 1 ? fatSectors * sectorSize : 0)
  if (!head.has(first, 3) || head.u8(first) < 0xf0 || head.u16Le(first + 1) !== 0xffff) return false
  return !head.has(second, 3) || [0, 1, 2].every((i) => head.u8(first + i) === head.u8(second + i))
}
