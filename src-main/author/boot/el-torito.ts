import { AuthorError } from '../author-error'
import type { AuthorContent, AuthorNode } from '../author-tree'
import { ByteWriter } from '../byte-writer'
import { BLOCK } from '../layout'

export type BootEmulation = 'none' | 'floppy' | 'hard-disk'

/** An entry of the boot catalog. */
export interface BootRequest {
  platform: 'bios' | 'uefi'
  /** The boot image's path in the tree. */
  path: string
  /** The same of a tree that may be changed: it is followed to where it is moved. */
  node?: AuthorNode
  emulation: BootEmulation
  /** Bytes 8 to 63 of the image are to say where it lies (isolinux, GRUB). */
  hasInfoTable: boolean
  /** GRUB 2 reads where it lies at byte 2548. */
  hasGrubTable: boolean
  /** A boot image that is no file of the tree; `path` then says what it was made from. */
  made?: AuthorContent
  /** How many sectors of 512 bytes firmware loads, or all that the image has; by default what its kind needs. */
  loadSectors?: number | 'whole'
  /** What else an entry has that is written again; without it, zeros. */
  recorded?: RecordedEntry
}

/** Fields of an entry that firmware reads, and nothing here. */
export interface RecordedEntry {
  /** In paragraphs of 16 bytes. */
  loadSegment: number
  /** Of an emulated hard disk. */
  systemType: number
  /** Bytes 12 to 31. */
  selection: Uint8Array
  /** Of the validation entry (24 bytes) or the section (28 bytes). */
  id: Uint8Array
}

export interface PlacedBoot extends BootRequest {
  block: number
  content: AuthorContent
  /** Of an emulated hard disk: the type of its partition; otherwise 0, or whatever is recorded. */
  systemType: number
}

const FLOPPY_MEDIA = new Map([
  [1_228_800, 1],
  [1_474_560, 2],
  [2_949_120, 3],
])
const HARD_DISK_MEDIA = 4
const PlatformId = { bios: 0, uefi: 0xef } as const
const SectionHeader = { more: 0x90, last: 0x91 } as const
export const SECTOR = 512
const VALIDATION_ID_LENGTH = 24

/** El Torito 2.0 to 2.4: validation entry, initial entry, then a section for each platform that follows. */
export function writeBootCatalog(boots: readonly PlacedBoot[]): Uint8Array {
  const catalog = new ByteWriter(BLOCK)
  const [first] = boots
  if (first === undefined) return catalog.bytes
  catalog
    .u8(0, 1)
    .u8(1, PlatformId[first.platform])
    .set(4, first.recorded?.id.subarray(0, VALIDATION_ID_LENGTH) ?? [])
    .u8(30, 0x55)
    .u8(31, 0xaa)
  let sum = 0
  for (let at = 0; at < 32; at += 2) sum += (catalog.bytes[at] ?? 0) | ((catalog.bytes[at + 1] ?? 0) << 8)
  catalog.u16Le(28, -sum & 0xffff)
  writeEntry(catalog, 32, first)
  let at = 64
  for (const [index, boot] of boots.slice(1).entries()) {
    const isLast = index === boots.length - 2
    catalog
      .u8(at, isLast ? SectionHeader.last : SectionHeader.more)
      .u8(at + 1, PlatformId[boot.platform])
      .u16Le(at + 2, 1)
      .set(at + 4, boot.recorded?.id ?? [])
    writeEntry(catalog, at + 32, boot)
    at += 64
  }
  return catalog.bytes
}

function writeEntry(catalog: ByteWriter, at: number, boot: PlacedBoot): void {
  catalog
    .u8(at, 0x88)
    .u8(at + 1, mediaOf(boot))
    .u16Le(at + 2, boot.recorded?.loadSegment ?? 0)
    .u8(at + 4, boot.systemType)
    .u16Le(at + 6, loadSectors(boot))
    .u32Le(at + 8, boot.block)
    .set(at + 12, boot.recorded?.selection ?? [])
}

function mediaOf({ emulation, content, path }: PlacedBoot): number {
  if (emulation === 'none') return 0
  if (emulation === 'hard-disk') return HARD_DISK_MEDIA
  const media = FLOPPY_MEDIA.get(content.byteLength)
  if (media === undefined) {
    throw new AuthorError(
      'BOOT_FILE',
      `“${path}” has ${content.byteLength} bytes, and no floppy disk has as many. Use a floppy image of 1.2, 1.44 or 2.88 MB, or no emulation.`,
    )
  }
  return media
}

const PartitionTable = { at: 446, entryLength: 16, typeAt: 4, count: 4, signatureAt: 510, signature: 0xaa55 } as const

/**
 * El Torito 2.0, the system type of an entry: that of the one partition that the image of a hard disk has.
 * @param sector the first of the boot image
 * @returns null where it has no partition, or several
 */
export function partitionType(sector: Uint8Array): number | null {
  const { at, entryLength, typeAt, count, signatureAt, signature } = PartitionTable
  const bytes = Buffer.from(sector)
  if (bytes.byteLength < SECTOR || bytes.readUInt16LE(signatureAt) !== signature) return null
  const types = Array.from({ length: count }, (_, index) => bytes.readUInt8(at + index * entryLength + typeAt))
  const [type, ...others] = types.filter((each) => each !== 0)
  return type === undefined || others.length > 0 ? null : type
}

/** In sectors of 512 bytes, as far as the catalog can say it. */
export function wholeSectors(byteLength: number): number {
  return Math.min(Math.ceil(byteLength / SECTOR), 0xffff)
}

/** In sectors of 512 bytes. Emulated disks load one; firmware of UEFI reads as much as the image has. */
function loadSectors({ emulation, content, platform, hasInfoTable, loadSectors: given }: PlacedBoot): number {
  const whole = wholeSectors(content.byteLength)
  if (given === 'whole') return whole
  if (given !== undefined) return given
  if (emulation !== 'none') return 1
  if (platform === 'uefi') return Math.max(1, whole)
  // What a loader of several stages loads first; it finds the rest by its table.
  return hasInfoTable ? 4 : Math.max(1, whole)
}

/** Both tables lie behind the first 8 bytes and before the 2560th. */
const PATCHED_LENGTH = 2560

/** The beginning of a boot image with its tables filled in. @param image all of it */
export function patchBootImage(
  image: Uint8Array,
  { path, hasInfoTable, hasGrubTable }: BootRequest,
  block: number,
  primaryBlock: number,
): Uint8Array {
  if (image.byteLength < 64 || (hasGrubTable && image.byteLength < PATCHED_LENGTH))
    throw new AuthorError('BOOT_FILE', `“${path}” is too short to be a boot loader with a table in it.`)
  const patched = new ByteWriter(image.byteLength).set(0, image)
  // Before the sum is made: it covers GRUB's table as well.
  if (hasGrubTable) patched.u64Le(2548, block * 4 + 5)
  if (hasInfoTable) {
    let sum = 0
    const { bytes } = patched
    for (let at = 64; at < bytes.byteLength; at += 4) {
      sum =
        (sum +
          ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)) +
          (bytes[at + 3] ?? 0) * 2 ** 24) %
        2 ** 32
    }
    patched
      .set(8, new Uint8Array(56))
      .u32Le(8, primaryBlock)
      .u32Le(12, block)
      .u32Le(16, image.byteLength)
      .u32Le(20, sum)
  }
  return patched.bytes
}
