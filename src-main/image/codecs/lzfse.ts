import { copyLiterals, copyMatch } from './copy-bytes'
import { ByteReader } from '../core/byte-reader'
import { decodeLzvn } from './lzvn'
import { BackwardBits, symbolTable, valueTable, type StateTable } from './finite-state'

/** First four bytes of a block, little-endian: `bvx` and what it is. */
const Block = { end: 0x24787662, raw: 0x2d787662, v1: 0x31787662, v2: 0x32787662, lzvn: 0x6e787662 } as const

const STATES = { length: 64, match: 64, distance: 256, literal: 1024 } as const
const SYMBOLS = { length: 20, match: 20, distance: 64, literal: 256 } as const
const ALL_SYMBOLS = SYMBOLS.length + SYMBOLS.match + SYMBOLS.distance + SYMBOLS.literal
const V2_HEADER_LENGTH = 32
const V1_HEADER_LENGTH = 772
const LITERAL_STREAMS = 4

/** Bits behind each symbol: the symbol's own value is the least of its range. */
const LENGTH_BITS = [...Array<number>(16).fill(0), 2, 3, 5, 8]
const MATCH_BITS = [...Array<number>(16).fill(0), 3, 5, 8, 11]
const DISTANCE_BITS = Array.from({ length: SYMBOLS.distance }, (_, symbol) => symbol >> 2)

/**
 * Apple's LZFSE: blocks of literals, lengths and distances, coded by tabled ANS (finite states), beside blocks of LZVN and
 * stored ones.
 * @returns exactly `unpackedLength` bytes; null where the stream is none, or has not so many
 */
export function decodeLzfse(packed: Uint8Array, unpackedLength: number): Uint8Array | null {
  const reader = new ByteReader(packed)
  const out = new Uint8Array(unpackedLength)
  let from = 0
  let to = 0
  while (from + 4 <= packed.byteLength) {
    const magic = reader.u32Le(from)
    if (magic === Block.end) break
    if (from + 8 > packed.byteLength) return null
    const byteLength = reader.u32Le(from + 4)
    if (to + byteLength > unpackedLength) return null
    if (magic === Block.raw) {
      from += 8
      if (from + byteLength > packed.byteLength) return null
      out.set(packed.subarray(from, from + byteLength), to)
      from += byteLength
    } else if (magic === Block.lzvn) {
      if (from + 12 > packed.byteLength) return null
      const end = from + 12 + reader.u32Le(from + 8)
      if (!decodeLzvn(packed.subarray(from + 12, end), out, to, to + byteLength)) return null
      from = end
    } else {
      const header = magic === Block.v2 ? readV2(packed, from) : magic === Block.v1 ? readV1(packed, from) : null
      if (header === null || !decodeBlock(header, packed, out, to, to + byteLength)) return null
      from = header.payloadAt + header.literalByteLength + header.matchByteLength
    }
    to += byteLength
  }
  return to === unpackedLength ? out : null
}

/** Whether bytes begin as a stream does: `bvx`, and the kind of the first block. */
export function isLzfse(packed: Uint8Array): boolean {
  return packed.byteLength >= 4 && Object.values<number>(Block).includes(new ByteReader(packed).u32Le(0))
}

interface BlockHeader {
  literalCount: number
  matchCount: number
  literalByteLength: number
  matchByteLength: number
  /** Bits of the last byte that are not used, as a negative number. */
  literalBits: number
  matchBits: number
  literalStates: number[]
  lengthState: number
  matchState: number
  distanceState: number
  /** How often each symbol stands in its table: of lengths, of matches, of distances, of literals. */
  frequencies: Uint16Array
  /** Where the literals begin, which the matches follow. */
  payloadAt: number
}

function readV1(packed: Uint8Array, at: number): BlockHeader | null {
  if (at + V1_HEADER_LENGTH > packed.byteLength) return null
  const reader = new ByteReader(packed)
  return {
    literalCount: reader.u32Le(at + 12),
    matchCount: reader.u32Le(at + 16),
    literalByteLength: reader.u32Le(at + 20),
    matchByteLength: reader.u32Le(at + 24),
    literalBits: reader.u32Le(at + 28) | 0,
    literalStates: [0, 1, 2, 3].map((stream) => reader.u16Le(at + 32 + stream * 2)),
    matchBits: reader.u32Le(at + 40) | 0,
    lengthState: reader.u16Le(at + 44),
    matchState: reader.u16Le(at + 46),
    distanceState: reader.u16Le(at + 48),
    frequencies: Uint16Array.from({ length: ALL_SYMBOLS }, (_, symbol) => reader.u16Le(at + 50 + symbol * 2)),
    payloadAt: at + V1_HEADER_LENGTH,
  }
}

function readV2(packed: Uint8Array, at: number): BlockHeader | null {
  if (at + V2_HEADER_LENGTH > packed.byteLength) return null
  const view = new DataView(packed.buffer, packed.byteOffset)
  const words = [0, 1, 2].map((word) => view.getBigUint64(at + 8 + word * 8, true))
  const field = (word: number, shift: number, bits: number): number =>
    Number(((words[word] ?? 0n) >> BigInt(shift)) & ((1n << BigInt(bits)) - 1n))
  const headerLength = field(2, 0, 32)
  if (headerLength < V2_HEADER_LENGTH || at + headerLength > packed.byteLength) return null
  const frequencies = readFrequencies(packed.subarray(at + V2_HEADER_LENGTH, at + headerLength))
  if (frequencies === null) return null
  return {
    literalCount: field(0, 0, 20),
    literalByteLength: field(0, 20, 20),
    matchCount: field(0, 40, 20),
    literalBits: field(0, 60, 3) - 7,
    literalStates: [0, 10, 20, 30].map((shift) => field(1, shift, 10)),
    matchByteLength: field(1, 40, 20),
    matchBits: field(1, 60, 3) - 7,
    lengthState: field(2, 32, 10),
    matchState: field(2, 42, 10),
    distanceState: field(2, 52, 10),
    frequencies,
    payloadAt: at + headerLength,
  }
}

/** The code of a frequency by its last five bits: how many bits it has, and what it means where that is all of it. */
const CODE_BITS = [2, 3, 2, 5, 2, 3, 2, 8, 2, 3, 2, 5, 2, 3, 2, 14]
const CODE_VALUES = [0, 2, 1, 4, 0, 3, 1, 0, 0, 2, 1, 5, 0, 3, 1, 0, 0, 2, 1, 6, 0, 3, 1, 0, 0, 2, 1, 7, 0, 3, 1, 0]

function readFrequencies(packed: Uint8Array): Uint16Array | null {
  const frequencies = new Uint16Array(ALL_SYMBOLS)
  let from = 0
  let bits = 0
  let bitCount = 0
  for (let symbol = 0; symbol < ALL_SYMBOLS; symbol++) {
    while (from < packed.byteLength && bitCount + 8 <= 32) {
      bits = (bits | ((packed[from++] ?? 0) << bitCount)) >>> 0
      bitCount += 8
    }
    const codeBits = CODE_BITS[bits & 15] ?? 0
    if (codeBits > bitCount) return null
    if (codeBits === 8) frequencies[symbol] = 8 + ((bits >>> 4) & 0xf)
    else if (codeBits === 14) frequencies[symbol] = 24 + ((bits >>> 4) & 0x3ff)
    else frequencies[symbol] = CODE_VALUES[bits & 31] ?? 0
    bits >>>= codeBits
    bitCount -= codeBits
  }
  // Less than a byte is left over.
  return from === packed.byteLength && bitCount < 8 ? frequencies : null
}

interface Tables {
  length: StateTable
  match: StateTable
  distance: StateTable
  literal: StateTable
}

function tablesOf(frequencies: Uint16Array): Tables | null {
  let at = 0
  const next = (count: number): Uint16Array => frequencies.subarray(at, (at += count))
  const length = valueTable(next(SYMBOLS.length), STATES.length, LENGTH_BITS)
  const match = valueTable(next(SYMBOLS.match), STATES.match, MATCH_BITS)
  const distance = valueTable(next(SYMBOLS.distance), STATES.distance, DISTANCE_BITS)
  const literal = symbolTable(next(SYMBOLS.literal), STATES.literal)
  return length && match && distance && literal && { length, match, distance, literal }
}

function decodeBlock(
  header: BlockHeader,
  packed: Uint8Array,
  out: Uint8Array,
  outFrom: number,
  outTo: number,
): boolean {
  const tables = tablesOf(header.frequencies)
  const { payloadAt, literalByteLength, matchByteLength, literalCount } = header
  const literalEnd = payloadAt + literalByteLength
  if (tables === null || literalEnd + matchByteLength > packed.byteLength) return false
  // Every match has some bytes, and literals are filled up to whole turns of the streams.
  const byteLength = outTo - outFrom
  if (literalCount >= byteLength + LITERAL_STREAMS || literalCount % LITERAL_STREAMS !== 0) return false
  if (header.matchCount > byteLength) return false
  const literals = readLiterals(header, packed.subarray(payloadAt, literalEnd), tables.literal)
  if (literals === null) return false
  const bits = new BackwardBits(packed.subarray(literalEnd, literalEnd + matchByteLength), header.matchBits)
  const { length, match, distance } = tables
  length.state = header.lengthState
  match.state = header.matchState
  distance.state = header.distanceState
  if (!length.isReady() || !match.isReady() || !distance.isReady()) return false
  let to = outFrom
  let literalAt = 0
  let last = 0
  for (let count = 0; count < header.matchCount; count++) {
    const literalLength = length.next(bits)
    const matchLength = match.next(bits)
    last = distance.next(bits) || last
    if (bits.isOverdrawn) return false
    if (literalAt + literalLength > literals.byteLength || to + literalLength + matchLength > outTo) return false
    copyLiterals(out, to, literals, literalAt, literalLength)
    literalAt += literalLength
    to += literalLength
    if (matchLength > 0 && (last === 0 || last > to)) return false
    copyMatch(out, to, last, matchLength)
    to += matchLength
  }
  return to === outTo
}

/** Four streams of states over one stream of bits, literal by literal in turn. */
function readLiterals(header: BlockHeader, payload: Uint8Array, table: StateTable): Uint8Array | null {
  const literals = new Uint8Array(header.literalCount)
  const bits = new BackwardBits(payload, header.literalBits)
  const states = [...header.literalStates]
  for (let at = 0; at < literals.byteLength; at++) {
    const stream = at % LITERAL_STREAMS
    table.state = states[stream] ?? 0
    if (!table.isReady()) return null
    literals[at] = table.next(bits)
    states[stream] = table.state
  }
  return bits.isOverdrawn ? null : literals
}
