import { ByteReader } from '../../core/byte-reader'
import type { ListedTable } from './table-lists'

/** `koly`, at the start of the last 512 bytes of the file. */
export const TRAILER_MAGIC = 'koly'
export const TRAILER_LENGTH = 512
export const SECTOR = 512

/** How a run of sectors is stored (`UDIFBlockChunk.EntryType`). */
export const ChunkType = {
  zeros: 0,
  stored: 1,
  unused: 2,
  adc: 0x80000004,
  zlib: 0x80000005,
  bzip2: 0x80000006,
  lzfse: 0x80000007,
  xz: 0x80000008,
  comment: 0x7ffffffe,
  end: 0xffffffff,
} as const

export interface Trailer {
  /** In bytes of the file. */
  dataOffset: number
  xmlOffset: number
  xmlLength: number
  /** Of the resource fork, in bytes of the file. */
  forkOffset: number
  forkLength: number
  /** In sectors of 512 bytes. */
  sectorCount: number
  /** In bytes, of what is packed. */
  dataLength: number
  /** Of what is packed; null where there is none that is known. */
  dataSum: string | null
  /** Of the sums of all partitions. */
  masterSum: string | null
}

/** What one table covers: a partition, or what lies between two. */
export interface DiskPart {
  /** As the disk's maker has named it; may be empty. */
  name: string
  /** Null where there is none that is known. */
  sum: string | null
  /** What the sum is of, in bytes of the disk: byte offset and length by turns. */
  ranges: number[]
}

/** A run of sectors. */
export interface Chunk {
  type: number
  /** In bytes of the disk. */
  start: number
  byteLength: number
  /** In bytes of the file. */
  storedOffset: number
  storedLength: number
}

const MISH_HEADER_LENGTH = 204
const CHUNK_LENGTH = 40
/** A terabyte in chunks of 256 KiB. */
const CHUNK_LIMIT = 1 << 22

/** The trailer of a disk image of Apple's (UDIF); big-endian. Null where there is none. */
export function readTrailer(tail: Uint8Array): Trailer | null {
  const reader = new ByteReader(tail.subarray(-TRAILER_LENGTH))
  if (!reader.has(0, TRAILER_LENGTH) || !reader.matches(0, TRAILER_MAGIC)) return null
  return {
    dataOffset: reader.u64Be(24),
    xmlOffset: reader.u64Be(216),
    xmlLength: reader.u64Be(224),
    forkOffset: reader.u64Be(40),
    forkLength: reader.u64Be(48),
    sectorCount: reader.u64Be(492),
    dataLength: reader.u64Be(32),
    dataSum: sumAt(reader, 80),
    masterSum: sumAt(reader, 352),
  }
}

/** `UDIFChecksum.type`: the only one that has been met; its value is the first four bytes, big-endian. */
const CRC32 = 2

/** As eight digits. Null where there is none, or one of another kind. */
function sumAt(reader: ByteReader, at: number): string | null {
  const isCrc = reader.u32Be(at) === CRC32 && reader.u32Be(at + 4) === 32
  return isCrc
    ? reader
        .u32Be(at + 8)
        .toString(16)
        .padStart(8, '0')
    : null
}

export interface BlockTables {
  /** By address, none over another. */
  chunks: Chunk[]
  /** False where part of a table is missing or contradicts itself: what no chunk covers is then unknown, not zeros. */
  isWhole: boolean
  /** As the tables are ordered. */
  parts: DiskPart[]
}

/**
 * What the block tables say: one for each partition.
 * @param dataOffset in bytes of the file, from which their places count
 */
export function readBlockTables(tables: readonly ListedTable[], dataOffset: number): BlockTables {
  const chunks: Chunk[] = []
  let isWhole = true
  const parts: DiskPart[] = []
  for (const { bytes, name } of tables) {
    const table = new ByteReader(bytes)
    if (!table.matches(0, 'mish') || !table.has(0, MISH_HEADER_LENGTH)) {
      isWhole = false
      continue
    }
    const firstSector = table.u64Be(8)
    const tableOffset = table.u64Be(24)
    const count = Math.min(table.u32Be(200), CHUNK_LIMIT)
    const part: DiskPart = { name, sum: sumAt(table, 64), ranges: [] }
    parts.push(part)
    let covered = 0
    for (let index = 0; index < count; index++) {
      const at = MISH_HEADER_LENGTH + index * CHUNK_LENGTH
      if (!table.has(at, CHUNK_LENGTH)) break
      const type = table.u32Be(at)
      if (type === ChunkType.end) break
      if (type === ChunkType.comment) continue
      covered += table.u64Be(at + 16)
      const start = (firstSector + table.u64Be(at + 8)) * SECTOR
      const byteLength = table.u64Be(at + 16) * SECTOR
      // What nothing was written to is no part of the sum.
      if (type !== ChunkType.unused) part.ranges.push(start, byteLength)
      chunks.push({
        type,
        start,
        byteLength,
        storedOffset: dataOffset + tableOffset + table.u64Be(at + 24),
        storedLength: table.u64Be(at + 32),
      })
    }
    // Every writer covers all sectors of a partition: those without content have a chunk of zeros.
    if (covered < table.u64Be(16)) isWhole = false
  }
  const sorted = chunks.filter(({ byteLength }) => byteLength > 0).sort((a, b) => a.start - b.start)
  const apart: Chunk[] = []
  let end = 0
  for (const chunk of sorted) {
    if (chunk.start < end) isWhole = false
    else {
      apart.push(chunk)
      end = chunk.start + chunk.byteLength
    }
  }
  return { chunks: apart, isWhole, parts }
}
