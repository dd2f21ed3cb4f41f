import { ByteReader } from '../../core/byte-reader'

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
  /** In sectors of 512 bytes. */
  sectorCount: number
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
    sectorCount: reader.u64Be(492),
  }
}

export interface BlockTables {
  /** By address, none over another. */
  chunks: Chunk[]
  /** False where part of a table is missing or contradicts itself: what no chunk covers is then unknown, not zeros. */
  isWhole: boolean
}

/**
 * The block tables in the property list: one for each partition, in Base64.
 * @param xml the property list, of which only this part matters
 */
export function readBlockTables(xml: string, dataOffset: number): BlockTables {
  const section = /<key>blkx<\/key>\s*<array>([\s\S]*?)<\/array>/.exec(xml)?.[1] ?? ''
  const chunks: Chunk[] = []
  let isWhole = true
  for (const [, base64 = ''] of section.matchAll(/<key>Data<\/key>\s*<data>([\s\S]*?)<\/data>/g)) {
    // What follows a character that is none of Base64's is shifted against its bytes.
    const [sound = ''] = /^[A-Za-z0-9+/\s]*/.exec(base64) ?? []
    const table = new ByteReader(Buffer.from(sound, 'base64'))
    if (!table.matches(0, 'mish') || !table.has(0, MISH_HEADER_LENGTH)) {
      isWhole = false
      continue
    }
    const firstSector = table.u64Be(8)
    const tableOffset = table.u64Be(24)
    const count = Math.min(table.u32Be(200), CHUNK_LIMIT)
    let covered = 0
    for (let index = 0; index < count; index++) {
      const at = MISH_HEADER_LENGTH + index * CHUNK_LENGTH
      if (!table.has(at, CHUNK_LENGTH)) break
      const type = table.u32Be(at)
      if (type === ChunkType.end) break
      if (type === ChunkType.comment) continue
      covered += table.u64Be(at + 16)
      chunks.push({
        type,
        start: (firstSector + table.u64Be(at + 8)) * SECTOR,
        byteLength: table.u64Be(at + 16) * SECTOR,
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
  return { chunks: apart, isWhole }
}
