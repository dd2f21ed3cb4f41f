import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

const SECTOR = 512
export const HEADER_LENGTH = 512
export const SPARSE_MAGIC = 'KDMV'
export const HOST_MAGIC = 'COWD'
/** Grains of a table of a disk of ESX's first form. */
const HOST_TABLE_ENTRIES = 4096
/** `GD_AT_END`: the header at the end of the file says where the directory is. */
const AT_END = 0xffffffff
const GRAIN_LIMIT = 64 << 20
const FLAG = { redundant: 2, zeroGrains: 4, compressed: 1 << 16, markers: 1 << 17 } as const

/** How a sparse extent finds its grains. */
export interface SparseExtent {
  /** In bytes, of the disk. */
  byteLength: number
  grainLength: number
  entriesPerTable: number
  /** In bytes of the file. */
  directoryOffset: number
  /** Of the copy of the directory, which leads to copies of the tables, in bytes of the file; 0 where it is not in use. */
  copyOffset: number
  /** Where grains begin, in bytes of the file; 0 where that is not said. */
  dataOffset: number
  /** In front of each grain is told which it is. */
  hasMarkers: boolean
  /** An entry of 1 is a grain of zeros. */
  hasZeroGrains: boolean
  isCompressed: boolean
  /** In bytes of the file; none: 0. */
  descriptorOffset: number
  descriptorLength: number
}

/**
 * The header of a sparse extent (“Hosted Sparse Extents”, “ESX Server Sparse Extents”); little-endian. Null where it is
 * none, or its directory cannot be where it says.
 */
export async function readSparseExtent(file: ByteSource): Promise<SparseExtent | null> {
  const first = new ByteReader(await file.read(0, HEADER_LENGTH))
  const atEnd = first.u32Le(56) === AT_END && first.u32Le(60) === AT_END
  // The end of a stream: a marker, the header again, and a marker of the end.
  const reader = atEnd ? new ByteReader(await file.read(file.byteLength - 2 * SECTOR, HEADER_LENGTH)) : first
  const extent = first.matches(0, HOST_MAGIC) ? hostExtent(first) : sparseExtent(reader)
  return extent !== null && isPossible(extent, file.byteLength) ? extent : null
}

function sparseExtent(reader: ByteReader): SparseExtent | null {
  if (!reader.has(0, HEADER_LENGTH) || !reader.matches(0, SPARSE_MAGIC)) return null
  const flags = reader.u32Le(8)
  return {
    byteLength: reader.u64Le(12) * SECTOR,
    grainLength: reader.u64Le(20) * SECTOR,
    entriesPerTable: reader.u32Le(44),
    directoryOffset: reader.u64Le(56) * SECTOR,
    copyOffset: (flags & FLAG.redundant) === 0 ? 0 : reader.u64Le(48) * SECTOR,
    dataOffset: reader.u64Le(64) * SECTOR,
    hasMarkers: (flags & FLAG.markers) !== 0,
    hasZeroGrains: (flags & FLAG.zeroGrains) !== 0,
    isCompressed: (flags & FLAG.compressed) !== 0,
    descriptorOffset: reader.u64Le(28) * SECTOR,
    descriptorLength: reader.u64Le(36) * SECTOR,
  }
}

function hostExtent(reader: ByteReader): SparseExtent {
  return {
    byteLength: reader.u32Le(12) * SECTOR,
    grainLength: reader.u32Le(16) * SECTOR,
    entriesPerTable: HOST_TABLE_ENTRIES,
    directoryOffset: reader.u32Le(20) * SECTOR,
    copyOffset: 0,
    dataOffset: 0,
    hasMarkers: false,
    hasZeroGrains: false,
    isCompressed: false,
    descriptorOffset: 0,
    descriptorLength: 0,
  }
}

function isPossible(
  { byteLength, grainLength, entriesPerTable, directoryOffset }: SparseExtent,
  fileLength: number,
): boolean {
  if (!Number.isFinite(byteLength) || !(grainLength >= SECTOR) || grainLength > GRAIN_LIMIT) return false
  // The length of a table is a whole number of sectors for every writer.
  if (entriesPerTable === 0 || entriesPerTable > 1 << 16) return false
  const tables = Math.ceil(byteLength / (grainLength * entriesPerTable))
  return directoryOffset > 0 && directoryOffset + tables * 4 <= fileLength
}
