import { crc32 } from 'node:zlib'

/** Tables of partitions in as few words as each allows; they share nothing with the readers. Places are sectors of 512 bytes. */

export const SECTOR = 512

export interface TablePart {
  start: number
  bytes: Uint8Array
  /** Of an MBR: a number; of a GPT: a GUID; of an Apple map: a name. */
  type: number | string
}

export const GUID = {
  efi: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  data: 'ebd0a0a2-b9e5-4433-87c0-68b6b72699c7',
  linux: '0fc63daf-8483-4772-8e79-3d69d8477de4',
} as const

function diskOf(parts: readonly TablePart[], tail: number): Buffer {
  const end = Math.max(...parts.map(({ start, bytes }) => start + Math.ceil(bytes.byteLength / SECTOR)))
  const disk = Buffer.alloc((end + tail) * SECTOR)
  for (const { start, bytes } of parts) disk.set(bytes, start * SECTOR)
  return disk
}

/** Writes one of the four entries of a boot record, and its mark. */
export function putMbrEntry(disk: Buffer, record: number, index: number, type: number, start: number, count: number) {
  const at = record * SECTOR + 446 + index * 16
  disk[at + 4] = type
  disk.writeUInt32LE(start, at + 8)
  disk.writeUInt32LE(count, at + 12)
  disk.set([0x55, 0xaa], record * SECTOR + 510)
}

/** A disk with up to four primary partitions. */
export function buildMbrDisk(parts: readonly TablePart[], tail = 0): Buffer {
  const disk = diskOf(parts, tail)
  for (const [index, { start, bytes, type }] of parts.entries())
    putMbrEntry(disk, 0, index, Number(type), start, Math.ceil(bytes.byteLength / SECTOR))
  return disk
}

/**
 * A disk whose one primary partition, from `first` on, is extended, and has the given ones in it. The record of each lies
 * in the sector before it.
 */
export function buildExtendedDisk(parts: readonly TablePart[], first: number): Buffer {
  const disk = diskOf(parts, 8)
  putMbrEntry(disk, 0, 0, 5, first, disk.byteLength / SECTOR - first)
  for (const [index, { start, bytes, type }] of parts.entries()) {
    const record = index === 0 ? first : start - 1
    putMbrEntry(disk, record, 0, Number(type), start - record, Math.ceil(bytes.byteLength / SECTOR))
    const next = parts[index + 1]
    if (next !== undefined) putMbrEntry(disk, record, 1, 5, next.start - 1 - first, 100)
  }
  return disk
}

const guidBytes = (text: string): Buffer => {
  const [a = '', b = '', c = '', d = '', e = ''] = text.split('-')
  return Buffer.concat([...[a, b, c].map((part) => Buffer.from(part, 'hex').reverse()), Buffer.from(d + e, 'hex')])
}

/** Makes the sums of a header and its entries fit again. */
export function signGpt(disk: Buffer, headerSector: number): void {
  const at = headerSector * SECTOR
  const entries = Number(disk.readBigUInt64LE(at + 72)) * SECTOR
  disk.writeUInt32LE(crc32(disk.subarray(entries, entries + 128 * 128)), at + 88)
  disk.writeUInt32LE(0, at + 16)
  disk.writeUInt32LE(crc32(disk.subarray(at, at + 92)), at + 16)
}

/** A disk with a protective record, a GPT, and its copy in the last sectors. Partitions begin at 34 or later. */
export function buildGptDisk(parts: readonly TablePart[]): Buffer {
  const disk = diskOf(parts, 33)
  const last = disk.byteLength / SECTOR - 1
  putMbrEntry(disk, 0, 0, 0xee, 1, last)
  for (const [own, other, place] of [
    [1, last, 2],
    [last, 1, last - 32],
  ] as const) {
    for (const [index, { start, bytes, type }] of parts.entries()) {
      const at = place * SECTOR + index * 128
      disk.set(guidBytes(String(type)), at)
      disk.fill(index + 1, at + 16, at + 32)
      disk.writeBigUInt64LE(BigInt(start), at + 32)
      disk.writeBigUInt64LE(BigInt(start + Math.ceil(bytes.byteLength / SECTOR) - 1), at + 40)
    }
    const at = own * SECTOR
    disk.write('EFI PART', at, 'latin1')
    disk.writeUInt32LE(0x10000, at + 8)
    disk.writeUInt32LE(92, at + 12)
    for (const [field, value] of [own, other, 34, last - 33].entries())
      disk.writeBigUInt64LE(BigInt(value), at + 24 + field * 8)
    disk.fill(7, at + 56, at + 72)
    disk.writeBigUInt64LE(BigInt(place), at + 72)
    disk.writeUInt32LE(128, at + 80)
    disk.writeUInt32LE(128, at + 84)
    signGpt(disk, own)
  }
  return disk
}

/** A disk with an Apple partition map, whose first entry is the map's own. */
export function buildAppleDisk(parts: readonly TablePart[]): Buffer {
  const disk = diskOf(parts, 8)
  disk.write('ER', 0, 'latin1')
  disk.writeUInt16BE(SECTOR, 2)
  const all = [{ start: 1, bytes: new Uint8Array(63 * SECTOR), type: 'Apple_partition_map' }, ...parts]
  for (const [index, { start, bytes, type }] of all.entries()) {
    const at = (index + 1) * SECTOR
    disk.write('PM', at, 'latin1')
    disk.writeUInt32BE(all.length, at + 4)
    disk.writeUInt32BE(start, at + 8)
    disk.writeUInt32BE(Math.ceil(bytes.byteLength / SECTOR), at + 12)
    disk.write(String(type), at + 48, 'latin1')
  }
  return disk
}
