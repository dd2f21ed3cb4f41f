import { copyMatch } from './copy'
import { buildCode, CODE_LIMIT, LENGTH_BITS, LENGTH_MASK, longerCode, tableOf } from './huffman'
import { undoTranslation } from './lzx-x86'

const CUT: i32 = -1
const LONG_BLOCK: i32 = -2
const ODD_BLOCK: i32 = -3
const BROKEN_CODE: i32 = -4
const RUN_OF_RUNS: i32 = -5
const UNREACHABLE: i32 = -6

const LITERALS: u32 = 256
const LENGTH_SYMBOLS: u32 = 249
const ALIGNED_SYMBOLS: u32 = 8
const PRECODE_SYMBOLS: u32 = 20
const LEAST_MATCH: u32 = 2
const DEFAULT_BLOCK: u32 = 32768
const RECENT: u32 = 3
const SLOT_LIMIT: u32 = 50

const VERBATIM: u32 = 1
const ALIGNED: u32 = 2
const UNCOMPRESSED: u32 = 3

const MAIN_BITS: u32 = 11
const LENGTH_TABLE_BITS: u32 = 10
const ALIGNED_BITS: u32 = 7
const PRECODE_BITS: u32 = 6

// As huffman.ts lays them out.
const mainCode: usize = memory.data(136 + 4096 + 2 * 656, 8)
const lengthCode: usize = memory.data(136 + 2048 + 2 * 250, 8)
const alignedCode: usize = memory.data(136 + 256 + 2 * 8, 8)
const precode: usize = memory.data(136 + 128 + 2 * 20, 8)
const mainLengths: usize = memory.data(656)
const lengthLengths: usize = memory.data(249)
const ownLengths: usize = memory.data(20)

/** Slots of offsets by the order of the window, from 15 on. */
const slots = memory.data<u8>([30, 32, 34, 36, 38, 42, 50])
/** By slot: what its offsets begin at, and behind it how many extra bits they have. */
const slotTable: usize = memory.data(8 * 50, 8)

// Offsets are recorded by two more than they are: the first three slots are the recent ones.
for (let slot: u32 = 0, base: i32 = -2; slot < SLOT_LIMIT; slot++) {
  const extra: u32 = slot < 4 ? 0 : min<u32>(17, (slot >> 1) - 1)
  store<i32>(slotTable + slot * 8, base)
  store<u32>(slotTable + slot * 8 + 4, extra)
  base += 1 << extra
}

// The input: the next bits, from the most significant on, and where it goes on.
let bits: u64 = 0
let bitCount: u32 = 0
let from: usize = 0
/** Where the words begin that bits are read of, and where the input ends. */
let start: usize = 0
let end: usize = 0
/** More was asked for than a block could look ahead. */
let isOver = false

/** Words of sixteen bits, two at a time; behind the end there are zeros, whose use is found out at the end of a block. */
function fill(): void {
  bitCount += 32
  if (from >= end + 16) {
    isOver = true
    return
  }
  bits |= (<u64>rotl<u32>(load<u32>(from), 16)) << (64 - bitCount)
  from += 4
}

/** @param count at most 16 */
function take(count: u32): u32 {
  if (bitCount < 32) fill()
  const value = <u32>((bits >> 1) >> (63 - count))
  bits <<= count
  bitCount -= count
  return value
}

function preSymbol(): u32 {
  if (bitCount < 32) fill()
  let entry: u32 = load<u16>(tableOf(precode) + <usize>((bits >> (64 - PRECODE_BITS)) << 1))
  if (entry === 0) entry = longerCode(precode, PRECODE_BITS, <u32>(bits >> (64 - CODE_LIMIT)))
  bits <<= entry & LENGTH_MASK
  bitCount -= entry & LENGTH_MASK
  return entry >> LENGTH_BITS
}

function isCut(): bool {
  return isOver || from > end + (bitCount >> 3)
}

/** Lengths of codes, as differences to those of the block before, run by run. 0, or why not. */
function readLengths(lengths: usize, first: u32, count: u32): i32 {
  for (let i: u32 = 0; i < PRECODE_SYMBOLS; i++) store<u8>(ownLengths + i, take(4))
  if (!buildCode(precode, PRECODE_BITS, ownLengths, PRECODE_SYMBOLS)) return BROKEN_CODE
  for (let at = first; at < count;) {
    if (isOver) return CUT
    const symbol = preSymbol()
    if (symbol < 17) {
      store<u8>(lengths + at, lessModulo17(load<u8>(lengths + at), symbol))
      at++
      continue
    }
    let run = symbol === 17 ? 4 + take(4) : symbol === 18 ? 20 + take(5) : 4 + take(1)
    let value: u32 = 0
    if (symbol === 19) {
      const next = preSymbol()
      if (next > 17) return RUN_OF_RUNS
      value = lessModulo17(load<u8>(lengths + at), next)
    }
    // The last run may reach beyond the end.
    for (; run > 0 && at < count; run--) store<u8>(lengths + at++, value)
  }
  return 0
}

function lessModulo17(length: u32, difference: u32): u32 {
  return length >= difference ? length - difference : length - difference + 17
}

function readCodes(isAligned: bool, mainSymbols: u32): i32 {
  if (isAligned) {
    for (let i: u32 = 0; i < ALIGNED_SYMBOLS; i++) store<u8>(ownLengths + i, take(3))
    if (!buildCode(alignedCode, ALIGNED_BITS, ownLengths, ALIGNED_SYMBOLS)) return BROKEN_CODE
  }
  let fault = readLengths(mainLengths, 0, LITERALS)
  if (fault === 0) fault = readLengths(mainLengths, LITERALS, mainSymbols)
  if (fault === 0) fault = readLengths(lengthLengths, 0, LENGTH_SYMBOLS)
  if (fault !== 0) return fault
  const isCode =
    buildCode(mainCode, MAIN_BITS, mainLengths, mainSymbols) &&
    buildCode(lengthCode, LENGTH_TABLE_BITS, lengthLengths, LENGTH_SYMBOLS)
  return isCode ? 0 : BROKEN_CODE
}

let recent0: u32 = 1
let recent1: u32 = 1
let recent2: u32 = 1

/** A block of bytes as they are, behind the recent offsets. */
function copyBlock(to: usize, length: u32): i32 {
  // The rest of a word is nothing; a whole one, where the block began at its start.
  const read = ((<u32>(from - start)) << 3) - bitCount
  from = start + (((read >> 4) + 1) << 1)
  if (from > end || <u32>(end - from) < 4 * RECENT || <u32>(end - from) - 4 * RECENT < length) return CUT
  recent0 = load<u32>(from)
  recent1 = load<u32>(from + 4)
  recent2 = load<u32>(from + 8)
  from += 4 * RECENT
  memory.copy(to, from, length)
  // An odd one is filled up, but for the last that some writers make.
  from = min<usize>(from + length + (length & 1), end)
  start = from
  bits = 0
  bitCount = 0
  return 0
}

/** A block of literals and matches; what changes with each of them is held at hand meanwhile. */
function unpackBlock(out: usize, first: usize, outEnd: usize, isAligned: bool): i32 {
  const mainTable = tableOf(mainCode)
  let ownBits = bits
  let count = bitCount
  let at = from
  const last = end + 16
  let a = recent0
  let b = recent1
  let c = recent2
  let to = first
  while (to < outEnd) {
    if (count < 32) {
      if (at >= last) return CUT
      ownBits |= (<u64>rotl<u32>(load<u32>(at), 16)) << (32 - count)
      at += 4
      count += 32
    }
    let entry: u32 = load<u16>(mainTable + <usize>((ownBits >> (64 - MAIN_BITS)) << 1))
    if (entry === 0) entry = longerCode(mainCode, MAIN_BITS, <u32>(ownBits >> (64 - CODE_LIMIT)))
    ownBits <<= entry & LENGTH_MASK
    count -= entry & LENGTH_MASK
    const symbol = entry >> LENGTH_BITS
    if (symbol < LITERALS) {
      store<u8>(to++, symbol)
      continue
    }
    let length = symbol & 7
    if (length === 7) {
      entry = load<u16>(tableOf(lengthCode) + <usize>((ownBits >> (64 - LENGTH_TABLE_BITS)) << 1))
      if (entry === 0) entry = longerCode(lengthCode, LENGTH_TABLE_BITS, <u32>(ownBits >> (64 - CODE_LIMIT)))
      ownBits <<= entry & LENGTH_MASK
      count -= entry & LENGTH_MASK
      length += entry >> LENGTH_BITS
    }
    length += LEAST_MATCH
    const slot = (symbol - LITERALS) >> 3
    let offset: u32
    if (slot === 0) offset = a
    else if (slot === 1) {
      offset = b
      b = a
    } else if (slot === 2) {
      offset = c
      c = a
    } else {
      if (count < 32) {
        if (at >= last) return CUT
        ownBits |= (<u64>rotl<u32>(load<u32>(at), 16)) << (32 - count)
        at += 4
        count += 32
      }
      const extra = load<u32>(slotTable + slot * 8 + 4)
      offset = load<u32>(slotTable + slot * 8)
      if (isAligned && extra >= 3) {
        offset += (<u32>((ownBits >> 1) >> (66 - extra))) << 3
        ownBits <<= extra - 3
        count -= extra - 3
        // No code of eight symbols is longer than seven bits.
        entry = load<u16>(tableOf(alignedCode) + <usize>((ownBits >> (64 - ALIGNED_BITS)) << 1))
        ownBits <<= entry & LENGTH_MASK
        count -= entry & LENGTH_MASK
        offset += entry >> LENGTH_BITS
      } else {
        offset += <u32>((ownBits >> 1) >> (63 - extra))
        ownBits <<= extra
        count -= extra
      }
      c = b
      b = a
    }
    a = offset
    if (offset - 1 >= <u32>(to - out) || length > <u32>(outEnd - to)) return UNREACHABLE
    copyMatch(to, offset, length)
    to += length
  }
  bits = ownBits
  bitCount = count
  from = at
  recent0 = a
  recent1 = b
  recent2 = c
  return 0
}

/**
 * A chunk in the variant of WIM ([MS-PATCH], and the notes of wimlib on its differences).
 * @param order of the window: log₂ of the length of every chunk but the last, 15 to 21
 * @returns the bytes written: all, or one of the numbers above
 */
export function lzx(packed: usize, byteLength: u32, out: usize, outLength: u32, order: u32): i32 {
  const mainSymbols = LITERALS + 8 * <u32>load<u8>(slots + order - 15)
  const outEnd = out + outLength
  from = packed
  start = packed
  end = packed + byteLength
  bits = 0
  bitCount = 0
  isOver = false
  recent0 = recent1 = recent2 = 1
  memory.fill(mainLengths, 0, 656)
  memory.fill(lengthLengths, 0, LENGTH_SYMBOLS)
  for (let to = out; to < outEnd;) {
    const type = take(3)
    let length = DEFAULT_BLOCK
    if (take(1) === 0) {
      length = take(16)
      if (order >= 16) length = (length << 8) | take(8)
    }
    if (length < 1 || length > <u32>(outEnd - to)) return isCut() ? CUT : LONG_BLOCK
    let fault = ODD_BLOCK
    if (type === UNCOMPRESSED) fault = copyBlock(to, length)
    else if (type === VERBATIM || type === ALIGNED) {
      fault = readCodes(type === ALIGNED, mainSymbols)
      if (fault === 0) fault = unpackBlock(out, to, to + length, type === ALIGNED)
    }
    if (fault !== 0) return fault
    if (isCut()) return CUT
    to += length
  }
  undoTranslation(out, outLength)
  return <i32>outLength
}
