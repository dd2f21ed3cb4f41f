import type { ByteReader } from '../../core/byte-reader'

export const MAGIC = 'hsqs'
export const SUPERBLOCK_LENGTH = 96
/** Every block of metadata unpacks to so many bytes, but for the last of a table. */
export const METADATA_LENGTH = 8192
/** No block of metadata takes less, with its header; what a table can be at most follows from it. */
const LEAST_PACKED = 12
/** Ways of compressing, from 1. */
const COMPRESSORS = 6
/** Of fragments and attributes that there are none of. */
export const NONE = 0xffffffff

/** SquashFS 4.0, `struct squashfs_super_block`; little-endian. Places are in bytes from the start of the volume. */
export interface Superblock {
  inodeCount: number
  /** Milliseconds since 1970 UTC. */
  created: number
  blockLength: number
  fragmentCount: number
  compressor: number
  idCount: number
  rootInode: number
  byteLength: number
  idTable: number
  /** Of extended attributes; `NO_TABLE` without any. */
  attributeTable: number
  inodeTable: number
  directoryTable: number
  fragmentTable: number
}

/** A run of a listing's entries is 12 bytes, an entry 8 and a name of one at least. */
const LEAST_ENTRY = 9

/**
 * What a table can unpack to, in bytes: no block of metadata takes less than {@link LEAST_PACKED}, with its header.
 * @param end of the table, in bytes of the volume
 */
export function roomOf(start: number, end: number): number {
  return (Math.ceil(Math.max(0, end - start) / LEAST_PACKED) + 1) * METADATA_LENGTH
}

/** What all listings of directories together can be, in bytes. */
export function listingRoom(
  { directoryTable, fragmentTable, idTable, byteLength }: Superblock,
  volumeLength: number,
): number {
  const ends = [fragmentTable, idTable, byteLength, volumeLength].filter((place) => place > directoryTable)
  return roomOf(directoryTable, Math.min(volumeLength, ...ends))
}

/** How many entries the listings have room for. Files may have several names, so inodes do not tell. */
export function entryRoom(superblock: Superblock, volumeLength: number): number {
  return Math.ceil(listingRoom(superblock, volumeLength) / LEAST_ENTRY)
}

/** Null where there is none of this version, or what it says cannot be. */
export function readSuperblock(reader: ByteReader): Superblock | null {
  if (!reader.has(0, SUPERBLOCK_LENGTH) || !reader.matches(0, MAGIC)) return null
  if (reader.u16Le(28) !== 4 || reader.u16Le(30) !== 0) return null
  const blockLength = reader.u32Le(12)
  const log = reader.u16Le(22)
  if (log < 12 || log > 20 || blockLength !== 2 ** log) return null
  return {
    inodeCount: reader.u32Le(4),
    created: reader.u32Le(8) * 1000,
    blockLength,
    fragmentCount: reader.u32Le(16),
    compressor: reader.u16Le(20),
    idCount: reader.u16Le(26),
    rootInode: reader.u64Le(32),
    byteLength: reader.u64Le(40),
    idTable: reader.u64Le(48),
    attributeTable: reader.u64Le(56),
    inodeTable: reader.u64Le(64),
    directoryTable: reader.u64Le(72),
    fragmentTable: reader.u64Le(80),
  }
}

/** Whether all that a superblock says fits together: a way of compressing that there is, and tables in their order. */
export function isProven(reader: ByteReader): boolean {
  const superblock = readSuperblock(reader)
  if (superblock === null) return false
  const { compressor, inodeCount, idCount, inodeTable, directoryTable, idTable, byteLength } = superblock
  return (
    compressor >= 1 &&
    compressor <= COMPRESSORS &&
    inodeCount > 0 &&
    idCount > 0 &&
    inodeTable >= SUPERBLOCK_LENGTH &&
    inodeTable < directoryTable &&
    directoryTable < idTable &&
    idTable < byteLength
  )
}
