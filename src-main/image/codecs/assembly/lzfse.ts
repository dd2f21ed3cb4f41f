import { copyLiterals, copyMatch } from './copy'
import { beginBits, left, makeTable, step, value } from './finite-state'
import { isLzvn } from './lzvn'

// First four bytes of a block, little-endian: `bvx` and what it is.
const END: u32 = 0x24787662
const RAW: u32 = 0x2d787662
const V1: u32 = 0x31787662
const V2: u32 = 0x32787662
const LZVN: u32 = 0x6e787662

const LENGTH_STATES: u32 = 64
const DISTANCE_STATES: u32 = 256
const LITERAL_STATES: u32 = 1024
const LENGTH_SYMBOLS: u32 = 20
const DISTANCE_SYMBOLS: u32 = 64
const LITERAL_SYMBOLS: u32 = 256
const ALL_SYMBOLS: u32 = 360
const V2_HEADER_LENGTH: u32 = 32
const V1_HEADER_LENGTH: u32 = 772

/** Bits behind each symbol: the symbol’s own value is the least of its range. */
const lengthBits = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 3, 5, 8])
const matchBits = memory.data<u8>([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 3, 5, 8, 11])
const distanceBits: usize = memory.data(64)
for (let symbol: u32 = 0; symbol < DISTANCE_SYMBOLS; symbol++) store<u8>(distanceBits + symbol, symbol >> 2)

/** The code of a frequency by its last bits: how many bits it has, and what it means where that is all of it. */
const codeBits = memory.data<u8>([2, 3, 2, 5, 2, 3, 2, 8, 2, 3, 2, 5, 2, 3, 2, 14])
const codeValues = memory.data<u8>([
  0, 2, 1, 4, 0, 3, 1, 0, 0, 2, 1, 5, 0, 3, 1, 0, 0, 2, 1, 6, 0, 3, 1, 0, 0, 2, 1, 7, 0, 3, 1, 0,
])

const lengthTable: usize = memory.data(8 * 64, 8)
const matchTable: usize = memory.data(8 * 64, 8)
const distanceTable: usize = memory.data(8 * 256, 8)
const literalTable: usize = memory.data(8 * 1024, 8)
/** How often each symbol stands in its table: of lengths, of matches, of distances, of literals. */
const frequencies: usize = memory.data(2 * 360, 8)

// What a block’s header says.
let literalCount: u32 = 0
let matchCount: u32 = 0
let literalLength: u32 = 0
let matchLength: u32 = 0
/** Bits of the last byte that are not used, as a negative number. */
let literalUnused: i32 = 0
let matchUnused: i32 = 0
let literalStates: u64 = 0
let lengthState: u32 = 0
let matchState: u32 = 0
let distanceState: u32 = 0
let payload: usize = 0

function readV1(at: usize, end: usize): bool {
  if (<u32>(end - at) < V1_HEADER_LENGTH) return false
  literalCount = load<u32>(at + 12)
  matchCount = load<u32>(at + 16)
  literalLength = load<u32>(at + 20)
  matchLength = load<u32>(at + 24)
  literalUnused = load<i32>(at + 28)
  literalStates = load<u64>(at + 32)
  matchUnused = load<i32>(at + 40)
  lengthState = load<u16>(at + 44)
  matchState = load<u16>(at + 46)
  distanceState = load<u16>(at + 48)
  memory.copy(frequencies, at + 50, ALL_SYMBOLS * 2)
  payload = at + V1_HEADER_LENGTH
  return true
}

function field(word: u64, shift: u64, bits: u64): u32 {
  return <u32>((word >> shift) & (((<u64>1) << bits) - 1))
}

function readV2(at: usize, end: usize): bool {
  if (<u32>(end - at) < V2_HEADER_LENGTH) return false
  const first = load<u64>(at + 8)
  const second = load<u64>(at + 16)
  const third = load<u64>(at + 24)
  const headerLength = <u32>third
  if (headerLength < V2_HEADER_LENGTH || headerLength > <u32>(end - at)) return false
  literalCount = field(first, 0, 20)
  literalLength = field(first, 20, 20)
  matchCount = field(first, 40, 20)
  literalUnused = <i32>field(first, 60, 3) - 7
  literalStates = 0
  for (let stream: u64 = 0; stream < 4; stream++)
    literalStates |= (<u64>field(second, stream * 10, 10)) << (stream << 4)
  matchLength = field(second, 40, 20)
  matchUnused = <i32>field(second, 60, 3) - 7
  lengthState = field(third, 32, 10)
  matchState = field(third, 42, 10)
  distanceState = field(third, 52, 10)
  payload = at + headerLength
  return readFrequencies(at + V2_HEADER_LENGTH)
}

/** Frequencies from there on up to the payload. */
function readFrequencies(from: usize): bool {
  let bits: u32 = 0
  let bitCount: u32 = 0
  for (let symbol: u32 = 0; symbol < ALL_SYMBOLS; symbol++) {
    while (from < payload && bitCount + 8 <= 32) {
      bits |= (<u32>load<u8>(from++)) << bitCount
      bitCount += 8
    }
    const length: u32 = load<u8>(codeBits + (bits & 15))
    if (length > bitCount) return false
    let frequency: u32 = load<u8>(codeValues + (bits & 31))
    if (length === 8) frequency = 8 + ((bits >> 4) & 0xf)
    else if (length === 14) frequency = 24 + ((bits >> 4) & 0x3ff)
    store<u16>(frequencies + (symbol << 1), frequency)
    bits >>= length
    bitCount -= length
  }
  // Less than a byte is left over.
  return from === payload && bitCount < 8
}

function makeTables(): bool {
  const matches = frequencies + 2 * LENGTH_SYMBOLS
  const distances = matches + 2 * LENGTH_SYMBOLS
  return (
    makeTable(lengthTable, frequencies, LENGTH_SYMBOLS, LENGTH_STATES, lengthBits) &&
    makeTable(matchTable, matches, LENGTH_SYMBOLS, LENGTH_STATES, matchBits) &&
    makeTable(distanceTable, distances, DISTANCE_SYMBOLS, DISTANCE_STATES, distanceBits) &&
    makeTable(literalTable, distances + 2 * DISTANCE_SYMBOLS, LITERAL_SYMBOLS, LITERAL_STATES, 0)
  )
}

/** Four streams of states over one stream of bits, literal by literal in turn. */
function readLiterals(to: usize): bool {
  let a = (<u32>literalStates) & 0xffff
  let b = (<u32>(literalStates >> 16)) & 0xffff
  let c = (<u32>(literalStates >> 32)) & 0xffff
  let d = <u32>(literalStates >> 48)
  if (literalCount > 0 && max<u32>(max<u32>(a, b), max<u32>(c, d)) >= LITERAL_STATES) return false
  beginBits(payload, literalLength, literalUnused)
  for (const end = to + literalCount; to < end; to += 4) {
    a = step(literalTable, a)
    store<u8>(to, value)
    b = step(literalTable, b)
    store<u8>(to + 1, value)
    c = step(literalTable, c)
    store<u8>(to + 2, value)
    d = step(literalTable, d)
    store<u8>(to + 3, value)
  }
  return left >= 0
}

/** @param first how far back a match may reach; @param literals memory for them */
function unpackBlock(end: usize, out: usize, byteLength: u32, first: usize, literals: usize): bool {
  if (!makeTables()) return false
  const room = <u32>(end - payload)
  if (literalLength > room || matchLength > room - literalLength) return false
  // Every match has some bytes, and literals are filled up to whole turns of the streams.
  if (literalCount >= byteLength + 4 || (literalCount & 3) !== 0 || matchCount > byteLength) return false
  if (!readLiterals(literals)) return false
  if (lengthState >= LENGTH_STATES || matchState >= LENGTH_STATES || distanceState >= DISTANCE_STATES) return false
  beginBits(payload + literalLength, matchLength, matchUnused)
  const outEnd = out + byteLength
  const literalEnd = literals + literalCount
  let to = out
  let last: u32 = 0
  for (let count = matchCount; count > 0; count--) {
    lengthState = step(lengthTable, lengthState)
    const length = value
    matchState = step(matchTable, matchState)
    const match = value
    distanceState = step(distanceTable, distanceState)
    if (value !== 0) last = value
    if (left < 0 || length > <u32>(literalEnd - literals) || to + length + match > outEnd) return false
    if (length > 0) {
      copyLiterals(to, literals, length)
      literals += length
      to += length
    }
    if (match > 0) {
      if (last === 0 || last > <u32>(to - first)) return false
      copyMatch(to, last, match)
      to += match
    }
  }
  return to === outEnd
}

/**
 * Apple’s LZFSE: blocks of literals, lengths and distances, coded by tabled ANS (finite states), beside blocks of LZVN and
 * stored ones.
 * @param literals memory for as many bytes as are unpacked, and twenty more
 * @returns the bytes written: all, or −1
 */
export function lzfse(packed: usize, packedLength: u32, out: usize, outLength: u32, literals: usize): i32 {
  const end = packed + packedLength
  const outEnd = out + outLength
  let from = packed
  let to = out
  while (from + 4 <= end) {
    const magic = load<u32>(from)
    if (magic === END) break
    if (from + 8 > end) return -1
    const byteLength = load<u32>(from + 4)
    if (byteLength > <u32>(outEnd - to)) return -1
    if (magic === RAW) {
      from += 8
      if (byteLength > <u32>(end - from)) return -1
      memory.copy(to, from, byteLength)
      from += byteLength
    } else if (magic === LZVN) {
      if (from + 12 > end) return -1
      const length = min<u32>(load<u32>(from + 8), <u32>(end - from) - 12)
      if (!isLzvn(from + 12, length, to, byteLength, out)) return -1
      from += 12 + length
    } else {
      const isHeader = magic === V2 ? readV2(from, end) : magic === V1 && readV1(from, end)
      if (!isHeader || !unpackBlock(end, to, byteLength, out, literals)) return -1
      from = payload + literalLength + matchLength
    }
    to += byteLength
  }
  return to === outEnd ? <i32>outLength : -1
}
