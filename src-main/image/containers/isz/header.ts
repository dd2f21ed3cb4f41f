import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

export const ISZ_MAGIC = 'IsZ!'
const HEADER_LENGTH = 48
/** With the checksums that UltraISO writes. */
const LONG_HEADER_LENGTH = 64
const SEGMENT_LENGTH = 24
/** “ISZ File Format Specification 1.00”: a set has 99 parts at most. */
const SEGMENT_LIMIT = 99
const BLOCK_LIMIT = 64 << 20
/** The tables are written over with the signature's complement. */
const MASK = Uint8Array.from(ISZ_MAGIC, (letter) => ~letter.charCodeAt(0) & 255)

export interface IszHeader {
  /** Of the set of parts. */
  serial: number
  /** In bytes, of the disc. */
  byteLength: number
  isEncrypted: boolean
  blockCount: number
  blockLength: number
  pointerLength: number
  /** 0: there is none, and the disc lies there as it is. */
  tableOffset: number
  /** 0: the disc is in one file. */
  segmentsOffset: number
  dataOffset: number
  /** CRC-32 of the disc, and of what is packed; null where they are not said. */
  sum: string | null
  packedSum: string | null
}

/** “2. ISZ header”; little-endian. Null where it is none, or cannot be. */
export function readIszHeader(bytes: Uint8Array): IszHeader | null {
  const reader = new ByteReader(bytes)
  if (!reader.has(0, HEADER_LENGTH) || !reader.matches(0, ISZ_MAGIC)) return null
  const isLong = reader.u8(4) >= LONG_HEADER_LENGTH && reader.has(0, LONG_HEADER_LENGTH)
  const sumAt = (at: number): string | null =>
    isLong && reader.u32Le(at) !== 0 ? (~reader.u32Le(at) >>> 0).toString(16).padStart(8, '0') : null
  const header: IszHeader = {
    serial: reader.u32Le(6),
    byteLength: reader.u16Le(10) * reader.u32Le(12),
    isEncrypted: reader.u8(16) !== 0,
    blockCount: reader.u32Le(25),
    blockLength: reader.u32Le(29),
    pointerLength: reader.u8(33),
    tableOffset: reader.u32Le(35),
    segmentsOffset: reader.u32Le(39),
    dataOffset: reader.u32Le(43),
    sum: sumAt(48),
    packedSum: sumAt(60),
  }
  const { byteLength, blockLength, blockCount, pointerLength } = header
  const isPossible =
    byteLength > 0 &&
    (header.tableOffset === 0 ||
      (blockLength > 0 &&
        blockLength <= BLOCK_LIMIT &&
        pointerLength >= 1 &&
        pointerLength <= 6 &&
        blockCount >= Math.ceil(byteLength / blockLength)))
  return isPossible ? header : null
}

/** Where the packed data lie in a part, in bytes of it. */
export interface Segment {
  start: number
  end: number
}

/** Empty where there is no table, or nothing in it. */
export async function readSegments(source: ByteSource, { segmentsOffset }: IszHeader): Promise<Segment[]> {
  if (segmentsOffset === 0 || segmentsOffset >= source.byteLength) return []
  const reader = new ByteReader(unmasked(await source.read(segmentsOffset, SEGMENT_LENGTH * (SEGMENT_LIMIT + 1))))
  const segments: Segment[] = []
  for (let at = 0; reader.has(at, SEGMENT_LENGTH) && segments.length < SEGMENT_LIMIT; at += SEGMENT_LENGTH) {
    const end = reader.u64Le(at)
    if (end === 0) break
    segments.push({ start: reader.u32Le(at + 16), end })
  }
  return segments
}

export const ChunkType = { zeros: 0, stored: 1, zlib: 2, bzip2: 3 } as const

/** Every chunk of the disc, all but the last one of the same length. */
export interface ChunkTable {
  types: Uint8Array
  /** In bytes of the packed data; one more than there are chunks. */
  offsets: Float64Array
}

/** Null where the table is not all there. */
export async function readChunkTable(source: ByteSource, header: IszHeader): Promise<ChunkTable | null> {
  const { tableOffset, pointerLength, byteLength, blockLength } = header
  const count = Math.ceil(byteLength / blockLength)
  if (tableOffset + count * pointerLength > source.byteLength) return null
  const bytes = unmasked(await source.read(tableOffset, count * pointerLength))
  const types = new Uint8Array(count)
  const offsets = new Float64Array(count + 1)
  for (let chunk = 0; chunk < count; chunk++) {
    let value = 0
    for (let i = pointerLength - 1; i >= 0; i--) value = value * 256 + (bytes[chunk * pointerLength + i] ?? 0)
    const typeUnit = 2 ** (pointerLength * 8 - 2)
    const type = Math.floor(value / typeUnit)
    types[chunk] = type
    // Of zeros, the length is that of what they stand for.
    offsets[chunk + 1] = (offsets[chunk] ?? 0) + (type === ChunkType.zeros ? 0 : value % typeUnit)
  }
  return { types, offsets }
}

function unmasked(bytes: Uint8Array): Uint8Array {
  return bytes.map((byte, at) => byte ^ (MASK[at & 3] ?? 0))
}
