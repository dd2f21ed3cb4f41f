import { BitReader } from '../../codecs/bit-reader'
import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { crcCcitt } from '../../core/crc-ccitt'
import { ChdHuffman, readRunLengths } from './huffman'
import type { ChdHeader } from './header'

/** How a hunk is kept: by one of four codecs (0 to 3), as it is, as another hunk, or in the disc this one is based on. */
export const HunkType = { stored: 4, self: 5, base: 6 } as const
/** Further symbols of the packed map. */
const Symbol = { shortRun: 7, longRun: 8, self0: 9, self1: 10, baseSelf: 11, base0: 12, base1: 13 } as const
const SYMBOLS = 16
const LONGEST_CODE = 8
const MAP_HEADER_LENGTH = 16
const MAP_BYTES_LIMIT = 256 << 20
const ENTRY_LENGTH = 12

/** Where every hunk is. */
export interface HunkTable {
  types: Uint8Array
  /** In bytes of the file; of `self` the number of a hunk, of `base` that of a unit. */
  offsets: Float64Array
  lengths: Uint32Array
  /** CRC-CCITT of what it unpacks to; null where there are none. */
  sums: Uint16Array | null
}

/** Null where the map is damaged, or not all there. */
export async function readHunkTable(source: ByteSource, header: ChdHeader): Promise<HunkTable | null> {
  const { mapOffset, hunkLength, byteLength, codecs } = header
  const count = Math.ceil(byteLength / hunkLength)
  if (codecs[0] === '') return plainTable(source, header, count)
  const start = new ByteReader(await source.read(mapOffset, MAP_HEADER_LENGTH))
  const mapLength = start.u32Be(0)
  if (mapLength > MAP_BYTES_LIMIT || mapOffset + MAP_HEADER_LENGTH + mapLength > source.byteLength) return null
  const bytes = await source.read(mapOffset + MAP_HEADER_LENGTH, mapLength)
  try {
    const table = unpackMap(bytes, start, header, count)
    return sumOf(table) === start.u16Be(10) ? table : null
  } catch (error) {
    if (error instanceof RangeError) return null
    throw error
  }
}

function emptyTable(count: number, hasSums: boolean): HunkTable {
  return {
    types: new Uint8Array(count),
    offsets: new Float64Array(count),
    lengths: new Uint32Array(count),
    sums: hasSums ? new Uint16Array(count) : null,
  }
}

/** Of a disc that is not packed: where each hunk lies, in hunks; 0: in the disc it is based on, or nowhere. */
async function plainTable(source: ByteSource, header: ChdHeader, count: number): Promise<HunkTable | null> {
  const { mapOffset, hunkLength, unitLength } = header
  if (mapOffset + count * 4 > source.byteLength) return null
  const reader = new ByteReader(await source.read(mapOffset, count * 4))
  const table = emptyTable(count, false)
  for (let hunk = 0; hunk < count; hunk++) {
    const place = reader.u32Be(hunk * 4)
    table.types[hunk] = place === 0 ? HunkType.base : HunkType.stored
    table.offsets[hunk] = place === 0 ? (hunk * hunkLength) / unitLength : place * hunkLength
    table.lengths[hunk] = hunkLength
  }
  return table
}

/** `decompress_v5_map`: all types first, then what each of them needs. @throws {RangeError} where it is damaged */
function unpackMap(bytes: Uint8Array, start: ByteReader, header: ChdHeader, count: number): HunkTable {
  const lengthBits = start.u8(12)
  const selfBits = start.u8(13)
  const baseBits = start.u8(14)
  if (lengthBits > 24 || selfBits > 32 || baseBits > 32) throw new RangeError('fields that are too long')
  const reader = new BitReader(bytes)
  const types = readTypes(reader, count)
  const table = { ...emptyTable(count, true), types }
  const unitsPerHunk = header.hunkLength / header.unitLength
  let offset = start.u16Be(4) * 2 ** 32 + start.u32Be(6)
  let lastSelf = 0
  let lastBase = 0
  for (let hunk = 0; hunk < count; hunk++) {
    const type = types[hunk] ?? 0
    if (type <= HunkType.stored) {
      const length = type === HunkType.stored ? header.hunkLength : reader.read(lengthBits)
      table.offsets[hunk] = offset
      table.lengths[hunk] = length
      if (table.sums !== null) table.sums[hunk] = reader.read(16)
      offset += length
    } else if (type === HunkType.self || type === Symbol.self0 || type === Symbol.self1) {
      lastSelf = type === HunkType.self ? reader.read(selfBits) : type === Symbol.self1 ? lastSelf + 1 : lastSelf
      types[hunk] = HunkType.self
      table.offsets[hunk] = lastSelf
    } else {
      if (type === HunkType.base) lastBase = reader.read(baseBits)
      else if (type === Symbol.baseSelf) lastBase = hunk * unitsPerHunk
      else if (type === Symbol.base1) lastBase += unitsPerHunk
      else if (type !== Symbol.base0) throw new RangeError('a hunk of no kind')
      types[hunk] = HunkType.base
      table.offsets[hunk] = lastBase
    }
  }
  if (reader.isPast) throw new RangeError('the map ends too early')
  return table
}

function readTypes(reader: BitReader, count: number): Uint8Array {
  const code = new ChdHuffman(readRunLengths(reader, SYMBOLS, LONGEST_CODE))
  const types = new Uint8Array(count)
  let last = 0
  for (let hunk = 0; hunk < count;) {
    const symbol = code.read(reader)
    let run = 1
    if (symbol === Symbol.shortRun) run = 3 + code.read(reader)
    else if (symbol === Symbol.longRun) {
      const high = code.read(reader)
      run = 19 + high * 16 + code.read(reader)
    } else last = symbol
    types.fill(last, hunk, Math.min(count, hunk + run))
    hunk += run
    if (reader.isPast) throw new RangeError('the map ends too early')
  }
  return types
}

/** Of the map as it is unpacked, twelve bytes for each hunk. */
function sumOf({ types, offsets, lengths, sums }: HunkTable): number {
  const entry = new Uint8Array(ENTRY_LENGTH)
  const view = new DataView(entry.buffer)
  let sum = 0xffff
  for (const [hunk, type] of types.entries()) {
    const offset = offsets[hunk] ?? 0
    view.setUint32(0, lengths[hunk] ?? 0)
    entry[0] = type
    view.setUint16(4, Math.floor(offset / 2 ** 32))
    view.setUint32(6, offset % 2 ** 32)
    view.setUint16(10, sums?.[hunk] ?? 0)
    sum = crcCcitt(entry, 0, ENTRY_LENGTH, sum)
  }
  return sum
}
