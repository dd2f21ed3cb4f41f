import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { isAllZero, readU64Le } from '../../image/core/byte-reader'
import type { GuidTable } from '../../image/core/guid-table'
import { AuthorError } from '../author-error'
import { ByteWriter } from '../byte-writer'
import { BLOCK } from '../layout'
import type { PlacedBoot } from './el-torito'

export type Hybrid = 'mbr' | 'gpt' | 'both'

/** Code of the first sector: who wrote it decides what stands behind it. */
export interface MbrCode {
  /** The first 432 bytes. */
  bytes: Uint8Array
  loader: 'isolinux' | 'grub'
}

/** What systems know a disk by, and its partition for UEFI: as another image has it. */
export interface DiskIdentity {
  /** Of the first sector: 4 bytes. */
  signature: Uint8Array
  /** Of the table of GUID partitions: 16 bytes. Null without one. */
  guid: Uint8Array | null
  /** The entry of the partition for UEFI (UEFI 5.3.3), whose place is written anew. Null without one. */
  uefiEntry: Uint8Array | null
}

const SECTOR = 512
const SIGNATURE_AT = 440
const SECTORS_A_BLOCK = BLOCK / SECTOR
export const CODE_LENGTH = 432
const ENTRY_COUNT = 128
const ENTRY_LENGTH = 128
const GUID_LENGTH = 16
const GuidEntryAt = { first: 32, last: 40, name: 56 } as const
const TABLE_SECTORS = (ENTRY_COUNT * ENTRY_LENGTH) / SECTOR
/** Blocks that the backup at the end takes: table and header. */
export const BACKUP_BLOCKS = Math.ceil((TABLE_SECTORS + 1) / SECTORS_A_BLOCK)
const Type = { isohybrid: 0x17, efi: 0xef, protective: 0xee } as const
const EFI_SYSTEM = 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b'
/** Bytes that only the code of one loader has; `grub` where there is no sign of isolinux. */
const ISOLINUX_SIGN = Buffer.from('isolinux.bin missing or corrupt')

/** What is looked at of a file with boot code, in bytes. */
export const MBR_BYTES = SECTOR

/** @param bytes of a file with boot code for a disk's first sector, or of an image that begins with one */
export function mbrCodeOf(bytes: Uint8Array): MbrCode {
  const first = Buffer.from(bytes.subarray(0, SECTOR))
  return { bytes: first.subarray(0, CODE_LENGTH), loader: first.includes(ISOLINUX_SIGN) ? 'isolinux' : 'grub' }
}

/** A partition of the table of another disk. */
export interface GuidPartition {
  /** The entry as it is recorded. */
  bytes: Uint8Array
  /** In sectors of 512 bytes. */
  first: number
  last: number
  name: string
}

/** The partitions of a table (UEFI 5.3.3), without entries that are not used. */
export function guidPartitions({ entries, entryCount, entryLength }: GuidTable): GuidPartition[] {
  const partitions: GuidPartition[] = []
  for (let at = 0; at < entryCount * entryLength && entries.has(at, ENTRY_LENGTH); at += entryLength) {
    const bytes = entries.slice(at, ENTRY_LENGTH)
    if (isAllZero(bytes.subarray(0, GUID_LENGTH))) continue
    partitions.push({
      bytes: Uint8Array.from(bytes),
      first: readU64Le(bytes, GuidEntryAt.first),
      last: readU64Le(bytes, GuidEntryAt.last),
      name: Buffer.from(bytes.subarray(GuidEntryAt.name)).toString('utf16le').replace(/\0.*$/s, ''),
    })
  }
  return partitions
}

/** The signature of a disk's first sector. */
export function diskSignature(head: Buffer): Uint8Array {
  return Uint8Array.from(head.subarray(SIGNATURE_AT, SIGNATURE_AT + 4))
}

export interface HybridFacts {
  hybrid: Hybrid
  code: MbrCode | null
  boots: readonly PlacedBoot[]
  /** Of the image, in blocks. */
  blockCount: number
  /** Anything that is the same for the same image and no other. */
  identity: string
  /** Null: made of `identity`. */
  disk: DiskIdentity | null
}

interface Piece {
  byteOffset: number
  bytes: Uint8Array
}

/**
 * What makes a disk of a disc: a first sector with code and partitions, and a table of GUID partitions with its backup at
 * the end, in which the boot image for UEFI is one.
 * @throws {AuthorError} `BOOT_FILE` where there is nothing that a disk could boot
 */
export function writeHybrid(facts: HybridFacts): Piece[] {
  const { hybrid, boots, blockCount, code } = facts
  const uefi = boots.find(({ platform }) => platform === 'uefi')
  // memtest86+ has the code of its first sector lead to the image of a floppy.
  const bios =
    boots.find(({ platform, emulation }) => platform === 'bios' && emulation === 'none') ??
    boots.find(({ platform }) => platform === 'bios')
  if (hybrid !== 'gpt' && bios === undefined)
    throw new AuthorError(
      'BOOT_FILE',
      'A disk that boots by BIOS needs a boot image for that (isolinux.bin, eltorito.img), and there is none.',
    )
  if (hybrid !== 'gpt' && code === null)
    throw new AuthorError(
      'BOOT_FILE',
      'A disk boots by BIOS with code in its first sector: give it with --mbr, or put it into the tree (isolinux/isohdpfx.bin, boot/grub/i386-pc/boot_hybrid.img).',
    )
  if (hybrid === 'gpt' && uefi === undefined)
    throw new AuthorError('BOOT_FILE', 'A GUID partition table needs a boot image for UEFI, and there is none.')
  const sectorCount = blockCount * SECTORS_A_BLOCK
  const pieces = [{ byteOffset: 0, bytes: firstSector(facts, bios, uefi, sectorCount) }]
  if (hybrid !== 'mbr') pieces.push(...guidTables(facts, uefi, sectorCount))
  return pieces
}

function firstSector(
  { hybrid, code, identity, disk }: HybridFacts,
  bios: PlacedBoot | undefined,
  uefi: PlacedBoot | undefined,
  sectorCount: number,
): Uint8Array {
  const sector = new ByteWriter(SECTOR).u8(510, 0x55).u8(511, 0xaa)
  if (code !== null) sector.set(0, code.bytes)
  // Sectors of 512 bytes: isolinux begins there; GRUB begins behind the first of its own.
  if (code !== null && bios !== undefined)
    sector.u64Le(CODE_LENGTH, bios.block * SECTORS_A_BLOCK + (code.loader === 'grub' ? SECTORS_A_BLOCK : 0))
  const derived = createHash('sha256').update(`disk ${identity}`).digest()
  sector.set(SIGNATURE_AT, disk?.signature ?? derived.subarray(0, 4))
  if (hybrid === 'mbr') {
    partition(sector, 0, { isActive: true, type: Type.isohybrid, first: 0, count: sectorCount })
    if (uefi !== undefined)
      partition(sector, 1, {
        isActive: false,
        type: Type.efi,
        first: uefi.block * SECTORS_A_BLOCK,
        count: sectorsOf(uefi),
      })
  } else {
    partition(sector, 0, { isActive: false, type: Type.protective, first: 1, count: sectorCount - 1 })
    // Some firmware boots no disk without an active partition; an empty one of one sector is of no use to anybody else.
    if (hybrid === 'both') partition(sector, 1, { isActive: true, type: 0, first: 0, count: 1 })
  }
  return sector.bytes
}

interface MbrPartition {
  isActive: boolean
  type: number
  first: number
  count: number
}

function partition(sector: ByteWriter, index: number, { isActive, type, first, count }: MbrPartition): void {
  const at = 446 + index * 16
  sector
    .u8(at, isActive ? 0x80 : 0)
    .set(at + 1, cylinderHeadSector(first))
    .u8(at + 4, type)
    .set(at + 5, cylinderHeadSector(first + count - 1))
    .u32Le(at + 8, first)
    .u32Le(at + 12, Math.min(count, 0xffffffff))
}

/** Of 64 heads and 32 sectors a track, as isohybrid has it; beyond 1024 cylinders the last one. */
function cylinderHeadSector(sector: number): number[] {
  const cylinder = Math.floor(sector / (64 * 32))
  if (cylinder > 1023) return [0xfe, 0xff, 0xff]
  const head = Math.floor(sector / 32) % 64
  return [head, ((cylinder >> 8) << 6) | ((sector % 32) + 1), cylinder & 0xff]
}

function sectorsOf({ content }: PlacedBoot): number {
  return Math.ceil(content.byteLength / BLOCK) * SECTORS_A_BLOCK
}

/** UEFI 5.3.2 and 5.3.3. */
function guidTables({ identity, disk }: HybridFacts, uefi: PlacedBoot | undefined, sectorCount: number): Piece[] {
  const table = new ByteWriter(ENTRY_COUNT * ENTRY_LENGTH)
  if (uefi !== undefined) {
    const first = uefi.block * SECTORS_A_BLOCK
    if (disk?.uefiEntry) table.set(0, disk.uefiEntry)
    else
      table
        .set(0, guidBytes(EFI_SYSTEM))
        .set(16, derivedGuid(`partition ${identity}`))
        .set(56, Buffer.from('EFI boot image', 'utf16le'))
    table.u64Le(GuidEntryAt.first, first).u64Le(GuidEntryAt.last, first + sectorsOf(uefi) - 1)
  }
  const last = sectorCount - 1
  const header = (own: number, other: number, tableSector: number): Uint8Array => {
    const writer = new ByteWriter(SECTOR)
      .text(0, 'EFI PART', 8)
      .u32Le(8, 0x10000)
      .u32Le(12, 92)
      .u64Le(24, own)
      .u64Le(32, other)
      .u64Le(40, 2 + TABLE_SECTORS)
      .u64Le(48, last - 1 - TABLE_SECTORS)
      .set(56, disk?.guid ?? derivedGuid(`disk ${identity}`))
      .u64Le(72, tableSector)
      .u32Le(80, ENTRY_COUNT)
      .u32Le(84, ENTRY_LENGTH)
      .u32Le(88, crc32(table.bytes))
    return writer.u32Le(16, crc32(writer.bytes.subarray(0, 92))).bytes
  }
  const at = (sector: number, bytes: Uint8Array): Piece => ({ byteOffset: sector * SECTOR, bytes })
  return [
    at(1, header(1, last, 2)),
    at(2, table.bytes),
    at(last - TABLE_SECTORS, table.bytes),
    at(last, header(last, 1, last - TABLE_SECTORS)),
  ]
}

/** The first three groups are little-endian. */
function guidBytes(guid: string): Uint8Array {
  const bytes = Buffer.from(guid.replaceAll('-', ''), 'hex')
  bytes.subarray(0, 4).reverse()
  bytes.subarray(4, 6).reverse()
  bytes.subarray(6, 8).reverse()
  return bytes
}

/** RFC 9562, version 8: made of what it is for. */
function derivedGuid(of: string): Uint8Array {
  const bytes = createHash('sha256').update(of).digest().subarray(0, 16)
  bytes[7] = ((bytes[7] ?? 0) & 0x0f) | 0x80
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  return bytes
}
