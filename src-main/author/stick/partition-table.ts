import { crc32 } from 'node:zlib'
import { ByteWriter } from '../byte-writer'

const SECTOR = 512
const ENTRIES = 128
const ENTRY_LENGTH = 128
const ENTRY_SECTORS = (ENTRIES * ENTRY_LENGTH) / SECTOR
/** UEFI 5.3.3: `EBD0A0A2-B9E5-4433-87C0-68B6B72699C7`, which every system gives a letter or a place. */
const BASIC_DATA = [0xa2, 0xa0, 0xd0, 0xeb, 0xe5, 0xb9, 0x33, 0x44, 0x87, 0xc0, 0x68, 0xb6, 0xb7, 0x26, 0x99, 0xc7]

export interface NewPartition {
  type: 'fat32' | 'exfat'
  label: string
  byteOffset: number
  byteLength: number
}

/** A table of partitions as bytes at their places of the drive. */
export interface NewTable {
  pieces: { byteOffset: number; bytes: Uint8Array }[]
}

/** A master boot record; its first partition is the one to start from. @param signature of the disk, in 32 bits */
export function masterBootRecord(partitions: readonly NewPartition[], signature: number): NewTable {
  const writer = new ByteWriter(SECTOR).u32Le(440, signature).set(510, [0x55, 0xaa])
  for (const [index, { type, byteOffset, byteLength }] of partitions.entries())
    putEntry(writer, index, {
      isActive: index === 0,
      type: type === 'fat32' ? 0x0c : 0x07,
      first: byteOffset / SECTOR,
      count: Math.floor(byteLength / SECTOR),
    })
  return { pieces: [{ byteOffset: 0, bytes: writer.bytes }] }
}

interface MbrEntry {
  isActive: boolean
  type: number
  first: number
  count: number
}

/** Places by cylinder, head and sector end at 8 GB, and are said to lie behind that. */
function putEntry(writer: ByteWriter, index: number, { isActive, type, first, count }: MbrEntry): void {
  const at = 446 + index * 16
  writer
    .u8(at, isActive ? 0x80 : 0)
    .set(at + 1, [0xfe, 0xff, 0xff])
    .u8(at + 4, type)
    .set(at + 5, [0xfe, 0xff, 0xff])
    .u32Le(at + 8, first)
    .u32Le(at + 12, Math.min(count, 0xffffffff))
}

/** Where partitions may end at most, in bytes, so that a GPT’s copy has room behind them. */
export function gptEnd(driveLength: number): number {
  return (Math.floor(driveLength / SECTOR) - ENTRY_SECTORS - 1) * SECTOR
}

/**
 * UEFI 5.2.3 and 5.3: a record that protects, the table, and its copy at the drive’s end.
 * @param guids one for the disk, and one for each partition, of 16 bytes
 */
export function guidPartitionTable(
  partitions: readonly NewPartition[],
  driveLength: number,
  guids: readonly Uint8Array[],
): NewTable {
  const last = Math.floor(driveLength / SECTOR) - 1
  const protective = new ByteWriter(SECTOR).set(510, [0x55, 0xaa])
  putEntry(protective, 0, { isActive: false, type: 0xee, first: 1, count: last })
  const entries = new ByteWriter(ENTRY_SECTORS * SECTOR)
  for (const [index, { label, byteOffset, byteLength }] of partitions.entries()) {
    const at = index * ENTRY_LENGTH
    entries
      .set(at, BASIC_DATA)
      .set(at + 16, guids[index + 1] ?? [])
      .u64Le(at + 32, byteOffset / SECTOR)
      .u64Le(at + 40, (byteOffset + byteLength) / SECTOR - 1)
    for (let i = 0; i < Math.min(label.length, 36); i++) entries.u16Le(at + 56 + i * 2, label.charCodeAt(i))
  }
  const header = (own: number, other: number, entriesAt: number): Uint8Array => {
    const writer = new ByteWriter(SECTOR)
      .text(0, 'EFI PART', 8)
      .u32Le(8, 0x10000)
      .u32Le(12, 92)
      .u64Le(24, own)
      .u64Le(32, other)
      .u64Le(40, 2 + ENTRY_SECTORS)
      .u64Le(48, last - ENTRY_SECTORS - 1)
      .set(56, guids[0] ?? [])
      .u64Le(72, entriesAt)
      .u32Le(80, ENTRIES)
      .u32Le(84, ENTRY_LENGTH)
      .u32Le(88, crc32(entries.bytes))
    return writer.u32Le(16, crc32(writer.bytes.subarray(0, 92))).bytes
  }
  return {
    pieces: [
      { byteOffset: 0, bytes: protective.bytes },
      { byteOffset: SECTOR, bytes: header(1, last, 2) },
      { byteOffset: 2 * SECTOR, bytes: entries.bytes },
      { byteOffset: (last - ENTRY_SECTORS) * SECTOR, bytes: entries.bytes },
      { byteOffset: last * SECTOR, bytes: header(last, 1, last - ENTRY_SECTORS) },
    ],
  }
}
