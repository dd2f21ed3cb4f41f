import { beginAdaptive, codeOf, FREQUENCIES, rebuild, UNTIL_REBUILT } from './adaptive-huffman'
import { copyMatch } from './copy'
import { CODE_LIMIT, LENGTH_BITS, LENGTH_MASK, longerCode, tableOf } from './huffman'
import { LENGTH_SLOTS, lengthSlots, offsetSlotCount, offsetSlots } from './lzms-slots'
import { TAIL, undoX86 } from './lzms-x86'

const CUT: i32 = -1
const UNREACHABLE: i32 = -2

/** At first sixteen ones of the last 64 bits are taken for granted. */
const FIRST_ZEROS: u32 = 48
const FIRST_RECENT: u64 = 0x0000_0000_5555_5555

// Kinds of decisions: how likely one is to be 0 depends on the last few of its kind. Of each state: the last 64 bits, and
// how many of them are zeros, in sixteen bytes.
const MAIN: usize = 0
const MATCH: usize = MAIN + 16 * 16
const LZ: usize = MATCH + 16 * 32
const DELTA: usize = LZ + 16 * 64
const LZ_REPEATS: usize = DELTA + 16 * 64
const DELTA_REPEATS: usize = LZ_REPEATS + 2 * 16 * 64
const DECISIONS_SIZE: usize = DELTA_REPEATS + 2 * 16 * 64
const decisions: usize = memory.data(6912, 8)
/** What came last of each kind but the three commonest, by the number of the kind; repeats have two. */
const states: usize = memory.data(4 * 5)
const DELTA_KIND: usize = 0
const LZ_KIND: usize = 1
const DELTA_REPEAT_KIND: usize = 3

const LITERAL_BITS: u32 = 10
const LENGTH_TABLE_BITS: u32 = 9
const POWER_BITS: u32 = 7
const OFFSET_BITS: u32 = 11

// As adaptive-huffman.ts lays them out: a head, five bytes a symbol, and the code.
const literals: usize = memory.data(16 + 5 * 256 + 136 + 2048 + 2 * 256, 8)
const lengths: usize = memory.data(16 + 5 * 64 + 136 + 1024 + 2 * 64, 8)
const powers: usize = memory.data(16 + 5 * 8 + 136 + 256 + 2 * 8, 8)
const lzOffsets: usize = memory.data(16 + 5 * 800 + 136 + 4096 + 2 * 800, 8)
const deltaOffsets: usize = memory.data(16 + 5 * 800 + 136 + 4096 + 2 * 800, 8)

/** The last offsets and pairs: a pair of a delta match is its power times two to the 32nd, and its offset. */
const recentOffsets: usize = memory.data(8 * 4, 8)
const recentPairs: usize = memory.data(8 * 4, 8)

// The range coder, which reads from the front, and bits that are read from the back.
let range: u32 = 0
let code: u32 = 0
let front: usize = 0
let end: usize = 0
let start: usize = 0
let bits: u64 = 0
let bitCount: u32 = 0
/** In bytes from the start: below zero there are zeros, whose use is an error. */
let back: i32 = 0

/** Two words more, the later one first. */
function fill(): void {
  back -= 4
  let words: u32
  if (back >= 0) words = load<u32>(start + back)
  else words = back >= -2 ? (<u32>load<u16>(start)) << 16 : 0
  bits |= (<u64>words) << (32 - bitCount)
  bitCount += 32
}

function setCoder(newRange: u32, newCode: u32, newFront: usize): void {
  range = newRange
  code = newCode
  front = newFront
}

/** @param kind whose decision it is, by its number, and where its states lie */
function decide(kind: usize, place: usize, mask: u32): u32 {
  if (range <= 0xffff) {
    range <<= 16
    code = (code << 16) | (front < end ? <u32>load<u16>(front) : 0)
    front += 2
  }
  const state = load<u32>(states + (kind << 2))
  const entry = decisions + place + (state << 4)
  const recent = load<u64>(entry)
  const zeros = load<u32>(entry, 8)
  const bound = (range >> 6) * min<u32>(max<u32>(zeros, 1), 63)
  const bit: u32 = code >= bound ? 1 : 0
  if (bit === 0) range = bound
  else {
    range -= bound
    code -= bound
  }
  store<u32>(entry, zeros + <u32>(recent >> 63) - bit, 8)
  store<u64>(entry, (recent << 1) | (<u64>bit))
  store<u32>(states + (kind << 2), ((state << 1) | bit) & mask)
  return bit
}

function symbolOf(adaptive: usize, huffman: usize, tableBits: u32): u32 {
  if (bitCount < 32) fill()
  let entry: u32 = load<u16>(tableOf(huffman) + ((<usize>(bits >> (64 - tableBits))) << 1))
  if (entry === 0) entry = longerCode(huffman, tableBits, <u32>(bits >> (64 - CODE_LIMIT)))
  bits <<= entry & LENGTH_MASK
  bitCount -= entry & LENGTH_MASK
  const symbol = entry >> LENGTH_BITS
  const frequency = adaptive + FREQUENCIES + (symbol << 2)
  store<u32>(frequency, load<u32>(frequency) + 1)
  const left = load<u32>(adaptive + UNTIL_REBUILT) - 1
  store<u32>(adaptive + UNTIL_REBUILT, left)
  if (left === 0) rebuild(adaptive)
  return symbol
}

function numberOf(slots: usize, slot: u32): u32 {
  if (bitCount < 32) fill()
  const extra = load<u32>(slots + slot * 8 + 4)
  const value = load<u32>(slots + slot * 8) + <u32>((bits >> 1) >> (63 - extra))
  bits <<= extra
  bitCount -= extra
  return value
}

function pushFront(recent: usize, value: u64): void {
  store<u64>(recent, load<u64>(recent, 16), 24)
  store<u64>(recent, load<u64>(recent, 8), 16)
  store<u64>(recent, load<u64>(recent), 8)
  store<u64>(recent, value)
}

/** @param further 1 where the last item was of this kind: what was used last moves to the front an item later */
function repeated(kind: usize, place: usize, recent: usize, further: u32): u64 {
  let index: u32 = 0
  if (decide(kind, place, 63) !== 0) index = 1 + decide(kind + 1, place + 16 * 64, 63)
  const at = recent + ((index + further) << 3)
  const value = load<u64>(at)
  store<u64>(at, load<u64>(recent + (index << 3)))
  if (index === 2) store<u64>(recent, load<u64>(recent, 8), 16)
  if (index >= 1) store<u64>(recent, load<u64>(recent), 8)
  store<u64>(recent, value)
  return value
}

/** Each byte differs from the one a span before it as much as it did where the match was found. */
function copyDelta(to: usize, length: u32, offset: usize, span: usize): void {
  for (const last = to + length; to < last; to++)
    store<u8>(to, load<u8>(to - offset) + load<u8>(to - span) - load<u8>(to - offset - span))
}

function begin(packed: usize, byteLength: u32, outLength: u32): void {
  start = packed
  end = packed + byteLength
  range = 0xffffffff
  code = rotl<u32>(load<u32>(packed), 16)
  front = packed + 4
  back = byteLength
  bits = 0
  bitCount = 0
  for (let at: usize = 0; at < DECISIONS_SIZE; at += 16) {
    store<u64>(decisions + at, FIRST_RECENT)
    store<u32>(decisions + at, FIRST_ZEROS, 8)
  }
  memory.fill(states, 0, 4 * 5)
  const slots = offsetSlotCount(outLength)
  beginAdaptive(literals, 256, 1024, LITERAL_BITS)
  beginAdaptive(lengths, LENGTH_SLOTS, 512, LENGTH_TABLE_BITS)
  beginAdaptive(powers, 8, 512, POWER_BITS)
  beginAdaptive(lzOffsets, slots, 1024, OFFSET_BITS)
  beginAdaptive(deltaOffsets, slots, 1024, OFFSET_BITS)
  for (let i: usize = 0; i < 4; i++) {
    store<u64>(recentOffsets + (i << 3), i + 1)
    store<u64>(recentPairs + (i << 3), i + 1)
  }
}

/** Of a chunk that did not unpack, how many bytes from its beginning on are as they would be; no sum says that they are. */
let reached: u32 = 0

export function lzmsReached(): u32 {
  return reached
}

/** Notes how far a chunk came. What the filter takes for the end of the chunk it leaves alone: that is not to be had. */
function stop(out: usize, to: usize, targets: usize, fault: i32): i32 {
  const byteLength = <u32>(to - out)
  undoX86(out, byteLength, targets)
  reached = byteLength > TAIL ? byteLength - TAIL : 0
  return fault
}

/**
 * A chunk that LZMS has packed: decisions by a range coder that reads from the front, all else by Huffman codes that are
 * read from the back. Microsoft has published nothing of it; wimlib’s notes have.
 * @param byteLength even, and four at least
 * @param targets memory for the x86 filter
 * @returns the bytes written: all, or one of the numbers above
 */
export function lzms(packed: usize, byteLength: u32, out: usize, outLength: u32, targets: usize): i32 {
  begin(packed, byteLength, outLength)
  const slots = offsetSlotCount(outLength)
  const literalCode = codeOf(literals, 256)
  const lengthCode = codeOf(lengths, LENGTH_SLOTS)
  const powerCode = codeOf(powers, 8)
  const lzCode = codeOf(lzOffsets, slots)
  const deltaCode = codeOf(deltaOffsets, slots)
  const outEnd = out + outLength
  // What the commonest decisions change with every bit is held at hand.
  const last = end
  let ownRange = range
  let ownCode = code
  let at = front
  let mainState: u32 = 0
  let matchState: u32 = 0
  let lzState: u32 = 0
  let entry: usize
  let recent: u64
  let zeros: u32
  let bound: u32
  let bit: u32
  /** Of what kind the last item was: 1 for a match, 2 for a delta match. */
  let before: u32 = 0
  for (let to = out; to < outEnd;) {
    if (ownRange <= 0xffff) {
      ownRange <<= 16
      ownCode = (ownCode << 16) | (at < last ? <u32>load<u16>(at) : 0)
      at += 2
      // Literals alone would go on without end over what is not there.
      if (at > last + 8 || back < -8) return stop(out, to, targets, CUT)
    }
    entry = decisions + MAIN + (mainState << 4)
    recent = load<u64>(entry)
    zeros = load<u32>(entry, 8)
    bound = (ownRange >> 6) * min<u32>(max<u32>(zeros, 1), 63)
    bit = ownCode >= bound ? 1 : 0
    ownRange = bit === 0 ? bound : ownRange - bound
    ownCode -= bit === 0 ? 0 : bound
    store<u32>(entry, zeros + <u32>(recent >> 63) - bit, 8)
    store<u64>(entry, (recent << 1) | (<u64>bit))
    mainState = ((mainState << 1) | bit) & 15
    if (bit === 0) {
      store<u8>(to++, symbolOf(literals, literalCode, LITERAL_BITS))
      before = 0
      continue
    }
    // Two words of the front and four of the back may be looked at that are not there.
    if (at > last + 8 || back < -8) return stop(out, to, targets, CUT)
    if (ownRange <= 0xffff) {
      ownRange <<= 16
      ownCode = (ownCode << 16) | (at < last ? <u32>load<u16>(at) : 0)
      at += 2
    }
    entry = decisions + MATCH + (matchState << 4)
    recent = load<u64>(entry)
    zeros = load<u32>(entry, 8)
    bound = (ownRange >> 6) * min<u32>(max<u32>(zeros, 1), 63)
    bit = ownCode >= bound ? 1 : 0
    ownRange = bit === 0 ? bound : ownRange - bound
    ownCode -= bit === 0 ? 0 : bound
    store<u32>(entry, zeros + <u32>(recent >> 63) - bit, 8)
    store<u64>(entry, (recent << 1) | (<u64>bit))
    matchState = ((matchState << 1) | bit) & 31
    if (bit === 0) {
      let offset: u32
      if (ownRange <= 0xffff) {
        ownRange <<= 16
        ownCode = (ownCode << 16) | (at < last ? <u32>load<u16>(at) : 0)
        at += 2
      }
      entry = decisions + LZ + (lzState << 4)
      recent = load<u64>(entry)
      zeros = load<u32>(entry, 8)
      bound = (ownRange >> 6) * min<u32>(max<u32>(zeros, 1), 63)
      bit = ownCode >= bound ? 1 : 0
      ownRange = bit === 0 ? bound : ownRange - bound
      ownCode -= bit === 0 ? 0 : bound
      store<u32>(entry, zeros + <u32>(recent >> 63) - bit, 8)
      store<u64>(entry, (recent << 1) | (<u64>bit))
      lzState = ((lzState << 1) | bit) & 63
      if (bit === 0) {
        offset = numberOf(offsetSlots, symbolOf(lzOffsets, lzCode, OFFSET_BITS))
        pushFront(recentOffsets, offset)
      } else {
        setCoder(ownRange, ownCode, at)
        offset = <u32>repeated(LZ_KIND, LZ_REPEATS, recentOffsets, before === 1 ? 1 : 0)
        ownRange = range
        ownCode = code
        at = front
      }
      before = 1
      const length = numberOf(lengthSlots, symbolOf(lengths, lengthCode, LENGTH_TABLE_BITS))
      if (offset > <u32>(to - out) || length > <u32>(outEnd - to)) return stop(out, to, targets, UNREACHABLE)
      copyMatch(to, offset, length)
      to += length
    } else {
      let pair: u64
      setCoder(ownRange, ownCode, at)
      if (decide(DELTA_KIND, DELTA, 63) === 0) {
        const power = symbolOf(powers, powerCode, POWER_BITS)
        pair = ((<u64>power) << 32) | (<u64>numberOf(offsetSlots, symbolOf(deltaOffsets, deltaCode, OFFSET_BITS)))
        pushFront(recentPairs, pair)
      } else pair = repeated(DELTA_REPEAT_KIND, DELTA_REPEATS, recentPairs, before === 2 ? 1 : 0)
      ownRange = range
      ownCode = code
      at = front
      before = 2
      const length = numberOf(lengthSlots, symbolOf(lengths, lengthCode, LENGTH_TABLE_BITS))
      const span: u64 = (<u64>1) << (pair >> 32)
      const offset: u64 = (pair & 0xffffffff) << (pair >> 32)
      if (offset + span > <u64>(to - out) || length > <u32>(outEnd - to)) return stop(out, to, targets, UNREACHABLE)
      copyDelta(to, length, <usize>offset, <usize>span)
      to += length
    }
  }
  if (at > last + 8 || back * 8 + <i32>bitCount < 0) return stop(out, outEnd, targets, CUT)
  undoX86(out, outLength, targets)
  return <i32>outLength
}
