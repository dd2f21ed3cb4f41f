import { copyMatch } from './copy'
import {
  code,
  from,
  IS_MATCH,
  IS_REP,
  IS_REP0,
  IS_REP0_LONG,
  IS_REP1,
  IS_REP2,
  LITERALS,
  MATCH_LENGTH,
  normalize,
  range,
  readBit,
  readDistance,
  readLength,
  REP_LENGTH,
  setCoder,
} from './lzma-coder'

/** How a run may end. */
const FULL: i32 = 0
const SHORT: i32 = 1
const END: i32 = 2
const CUT: i32 = -1
const TOO_FAR: i32 = -2
const LOST: i32 = -3

const TOP: u32 = 1 << 24
const EVEN: u16 = 1024
const END_MARKER: u32 = 0xffffffff
const MATCH_LEAST: u32 = 2
/** No symbol takes more bytes of input. */
const SYMBOL_LIMIT: u32 = 32

let probabilities: usize = 0
let literalContext: u32 = 0
let literalMask: u32 = 0
let positionMask: u32 = 0
let window: usize = 0
/** Where the next byte goes. */
let to: usize = 0
/** How far back in the window a match may reach. */
let origin: usize = 0
/** Bytes given out since the dictionary was empty. */
let total: u64 = 0
/** Of a match that did not fit. */
let left: u32 = 0
let inputEnd: usize = 0
let isBegun = false
let state: u32 = 0
let rep0: u32 = 0
let rep1: u32 = 0
let rep2: u32 = 0
let rep3: u32 = 0

/** Bytes that the probabilities take. */
export function lzmaModelSize(contextAndPosition: u32): u32 {
  return LITERALS + (0x600 << contextAndPosition)
}

/** Where the probabilities lie, and what is unpacked; nothing is, yet. */
export function lzmaPlace(model: usize, output: usize): void {
  probabilities = model
  window = output
  to = output
  origin = output
  total = 0
  left = 0
}

/** Models anew, by these properties (LZMA2: “state reset, new properties”). */
export function lzmaSetProperties(context: u32, position: u32, positionBits: u32): void {
  literalContext = context
  literalMask = (1 << position) - 1
  positionMask = (1 << positionBits) - 1
  lzmaResetState()
}

/** Models as at the beginning (LZMA2: “state reset”). */
export function lzmaResetState(): void {
  const contextAndPosition = literalContext + <u32>popcnt<u32>(literalMask)
  const end = probabilities + lzmaModelSize(contextAndPosition)
  for (let at = probabilities; at < end; at += 4) store<u32>(at, ((<u32>EVEN) << 16) | EVEN)
  state = 0
  rep0 = rep1 = rep2 = rep3 = 0
}

/** Nothing in front of what comes now is looked back to (LZMA2: “dictionary reset”). */
export function lzmaResetDictionary(): void {
  total = 0
  origin = to
}

/** Another piece of input with a beginning of its own, as each chunk of LZMA2 is. */
export function lzmaRestart(at: usize, byteLength: u32): void {
  setCoder(0xffffffff, 0, at)
  inputEnd = at + byteLength
  isBegun = false
}

/** More input, behind what was left of the last piece. */
export function lzmaGive(at: usize, byteLength: u32): void {
  setCoder(range, code, at)
  inputEnd = at + byteLength
}

/** Where the input goes on. */
export function lzmaFrom(): usize {
  return from
}

/** Where the input lies that was not used, once all has been unpacked. */
export function lzmaRest(): usize {
  normalize()
  return from
}

/** Whether all of a chunk was used up: nothing is left of a match, of the input or of its number. */
export function lzmaIsDone(): bool {
  normalize()
  return left === 0 && from === inputEnd && code === 0
}

/** Bytes that are stored as they are. */
export function lzmaPut(at: usize, byteLength: u32): void {
  memory.copy(to, at, byteLength)
  to += byteLength
  total += byteLength
}

/** Moves the window on: its last `byteLength` bytes become its first. */
export function lzmaSlide(byteLength: u32): void {
  const by = to - byteLength - window
  memory.copy(window, to - byteLength, byteLength)
  origin = max<usize>(window, origin >= by ? origin - by : 0)
  to = window + byteLength
}

/** Bytes in the window. */
export function lzmaLength(): u32 {
  return <u32>(to - window)
}

/** Why nothing lies so far back: it is not in the window any more, or never was anything. @param given bytes so far */
function faultAt(distance: u32, given: u64): i32 {
  return <u64>distance < given ? LOST : TOO_FAR
}

/** Copies as much of a match as fits. */
function copyLeft(outEnd: usize): void {
  const count = min<u32>(left, <u32>(outEnd - to))
  copyMatch(to, rep0 + 1, count)
  to += count
  total += count
  left -= count
}

/**
 * Unpacks until the window is filled up to `stop`, the input runs short, or the end marker comes. All that changes with
 * every bit is held at hand while it does.
 * @param isLast no more input comes
 * @returns one of the numbers above
 */
export function lzmaRun(stop: u32, isLast: bool): i32 {
  const outEnd = window + stop
  if (!isBegun) {
    if (<u32>(inputEnd - from) < 5) return isLast ? CUT : SHORT
    setCoder(0xffffffff, bswap<u32>(load<u32>(from + 1)), from + 5)
    isBegun = true
  }
  if (left > 0 && to < outEnd) {
    // The window may have moved on meanwhile.
    if (rep0 >= <u32>(to - origin)) return faultAt(rep0, total)
    copyLeft(outEnd)
  }
  const model = probabilities
  const first = origin
  const startedAt = to
  const context = literalContext
  const mask = literalMask
  const positions = positionMask
  const skew = <u32>total - <u32>to
  // As long as the input reaches so far, a symbol needs no look at its end.
  const safe = inputEnd - SYMBOL_LIMIT
  const isLong = inputEnd >= SYMBOL_LIMIT
  let ownRange = range
  let ownCode = code
  let at = from
  let out = to
  let own = state
  let result = FULL
  while (out < outEnd) {
    if (!isLong || at > safe) {
      if (!isLast || at > inputEnd) {
        result = isLast ? CUT : SHORT
        break
      }
    }
    const position = <u32>out + skew
    let place = model + IS_MATCH + (((own << 4) + (position & positions)) << 1)
    if (ownRange < TOP) {
      ownRange <<= 8
      ownCode = (ownCode << 8) | load<u8>(at++)
    }
    let probability: u32 = load<u16>(place)
    let bound = (ownRange >> 11) * probability
    if (ownCode < bound) {
      ownRange = bound
      store<u16>(place, probability + ((2048 - probability) >> 5))
      const before: u32 = out === first ? 0 : load<u8>(out - 1)
      const literals = model + LITERALS + 0x600 * (((position & mask) << context) + (before >> (8 - context)))
      let symbol: u32 = 1
      if (own >= 7) {
        if (rep0 >= <u32>(out - first)) {
          result = faultAt(rep0, total + (out - startedAt))
          break
        }
        let match: u32 = load<u8>(out - rep0 - 1)
        let offset: u32 = 0x100
        do {
          if (ownRange < TOP) {
            ownRange <<= 8
            ownCode = (ownCode << 8) | load<u8>(at++)
          }
          match <<= 1
          const matchBit = match & offset
          place = literals + ((offset + matchBit + symbol) << 1)
          probability = load<u16>(place)
          bound = (ownRange >> 11) * probability
          const bit: u32 = ownCode >= bound ? 0xffffffff : 0
          ownRange = bound + ((ownRange - (bound << 1)) & bit)
          ownCode -= bound & bit
          store<u16>(place, probability - ((<i32>(probability - (2017 & ~bit))) >> 5))
          symbol = (symbol << 1) - bit
          offset &= matchBit ^ ~bit
        } while (symbol < 0x100)
        own -= own < 10 ? 3 : 6
      } else {
        do {
          if (ownRange < TOP) {
            ownRange <<= 8
            ownCode = (ownCode << 8) | load<u8>(at++)
          }
          place = literals + (symbol << 1)
          probability = load<u16>(place)
          bound = (ownRange >> 11) * probability
          const bit: u32 = ownCode >= bound ? 0xffffffff : 0
          ownRange = bound + ((ownRange - (bound << 1)) & bit)
          ownCode -= bound & bit
          store<u16>(place, probability - ((<i32>(probability - (2017 & ~bit))) >> 5))
          symbol = (symbol << 1) - bit
        } while (symbol < 0x100)
        own = own < 4 ? 0 : own - 3
      }
      store<u8>(out++, symbol)
      continue
    }
    ownRange -= bound
    ownCode -= bound
    store<u16>(place, probability - (probability >> 5))
    setCoder(ownRange, ownCode, at)
    let length: u32
    if (readBit(model + IS_REP + (own << 1)) === 0) {
      length = readLength(model + MATCH_LENGTH, position & positions)
      own = own < 7 ? 7 : 10
      const distance = readDistance(model, length)
      ownRange = range
      ownCode = code
      at = from
      rep3 = rep2
      rep2 = rep1
      rep1 = rep0
      rep0 = distance
      if (distance === END_MARKER) {
        result = END
        break
      }
      length += MATCH_LEAST
    } else {
      length = 1
      let isSingle = false
      if (readBit(model + IS_REP0 + (own << 1)) === 0)
        isSingle = readBit(model + IS_REP0_LONG + (((own << 4) + (position & positions)) << 1)) === 0
      else {
        let distance = rep1
        if (readBit(model + IS_REP1 + (own << 1)) !== 0) {
          distance = rep2
          if (readBit(model + IS_REP2 + (own << 1)) !== 0) {
            distance = rep3
            rep3 = rep2
          }
          rep2 = rep1
        }
        rep1 = rep0
        rep0 = distance
      }
      if (isSingle) own = own < 7 ? 9 : 11
      else {
        length = readLength(model + REP_LENGTH, position & positions) + MATCH_LEAST
        own = own < 7 ? 8 : 11
      }
      ownRange = range
      ownCode = code
      at = from
    }
    const distance = rep0
    if (distance >= <u32>(out - first)) {
      result = faultAt(distance, total + (out - startedAt))
      break
    }
    let count = <u32>(outEnd - out)
    if (length > count) left = length - count
    else count = length
    copyMatch(out, distance + 1, count)
    out += count
  }
  setCoder(ownRange, ownCode, at)
  state = own
  total += out - startedAt
  to = out
  // The last symbol, too, may have taken bytes that are not there.
  return result === FULL && isLast && at > inputEnd ? CUT : result
}
