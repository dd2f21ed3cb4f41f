// What is read of LZMA data (LZMA specification) besides literals: lengths and distances. Where the range coder stands lies
// here between calls; each function, and the loop that calls them, holds it at hand while it runs.

const TOP: u32 = 1 << 24
const POSITION_STATES: u32 = 16
const STATES: u32 = 12

/** Of a length, in bytes: choices, then trees of 8, 8 and 256; each probability has two. */
const LENGTH_LOW: u32 = 4
const LENGTH_MIDDLE: u32 = LENGTH_LOW + POSITION_STATES * 16
const LENGTH_HIGH: u32 = LENGTH_MIDDLE + POSITION_STATES * 16
const LENGTH_SIZE: u32 = LENGTH_HIGH + 512

/** Where the probabilities of each kind lie, in bytes from the first. */
export const IS_MATCH: u32 = 0
export const IS_REP: u32 = IS_MATCH + STATES * POSITION_STATES * 2
export const IS_REP0: u32 = IS_REP + STATES * 2
export const IS_REP1: u32 = IS_REP0 + STATES * 2
export const IS_REP2: u32 = IS_REP1 + STATES * 2
export const IS_REP0_LONG: u32 = IS_REP2 + STATES * 2
const SLOTS: u32 = IS_REP0_LONG + STATES * POSITION_STATES * 2
const SPECIAL: u32 = SLOTS + 4 * 128
const ALIGN: u32 = SPECIAL + 256
export const MATCH_LENGTH: u32 = ALIGN + 32
export const REP_LENGTH: u32 = MATCH_LENGTH + LENGTH_SIZE
export const LITERALS: u32 = REP_LENGTH + LENGTH_SIZE

/** The state of the range coder, and where its next byte lies. */
export let range: u32 = 0
export let code: u32 = 0
export let from: usize = 0

export function setCoder(newRange: u32, newCode: u32, newFrom: usize): void {
  range = newRange
  code = newCode
  from = newFrom
}

/** A length, less two. @param base of the probabilities for this kind of lengths */
export function readLength(base: usize, positionState: u32): u32 {
  let ownRange = range
  let ownCode = code
  let at = from
  let tree = base + LENGTH_LOW + (positionState << 4)
  let end: u32 = 8
  let least: u32 = 0
  for (let choice: u32 = 0; choice < 2; choice++) {
    if (ownRange < TOP) {
      ownRange <<= 8
      ownCode = (ownCode << 8) | load<u8>(at++)
    }
    const place = base + (choice << 1)
    const probability: u32 = load<u16>(place)
    const bound = (ownRange >> 11) * probability
    if (ownCode < bound) {
      ownRange = bound
      store<u16>(place, probability + ((2048 - probability) >> 5))
      break
    }
    ownRange -= bound
    ownCode -= bound
    store<u16>(place, probability - (probability >> 5))
    least += 8
    if (choice === 0) tree += LENGTH_MIDDLE - LENGTH_LOW
    else {
      tree = base + LENGTH_HIGH
      end = 256
    }
  }
  let symbol: u32 = 1
  do {
    if (ownRange < TOP) {
      ownRange <<= 8
      ownCode = (ownCode << 8) | load<u8>(at++)
    }
    const place = tree + (symbol << 1)
    const probability: u32 = load<u16>(place)
    const bound = (ownRange >> 11) * probability
    if (ownCode < bound) {
      ownRange = bound
      store<u16>(place, probability + ((2048 - probability) >> 5))
      symbol <<= 1
    } else {
      ownRange -= bound
      ownCode -= bound
      store<u16>(place, probability - (probability >> 5))
      symbol = (symbol << 1) | 1
    }
  } while (symbol < end)
  range = ownRange
  code = ownCode
  from = at
  return symbol - end + least
}

/** A distance, less one; all ones are the end marker. @param length less two */
export function readDistance(probabilities: usize, length: u32): u32 {
  let ownRange = range
  let ownCode = code
  let at = from
  let tree = probabilities + SLOTS + (min<u32>(length, 3) << 7)
  let symbol: u32 = 1
  do {
    if (ownRange < TOP) {
      ownRange <<= 8
      ownCode = (ownCode << 8) | load<u8>(at++)
    }
    const place = tree + (symbol << 1)
    const probability: u32 = load<u16>(place)
    const bound = (ownRange >> 11) * probability
    if (ownCode < bound) {
      ownRange = bound
      store<u16>(place, probability + ((2048 - probability) >> 5))
      symbol <<= 1
    } else {
      ownRange -= bound
      ownCode -= bound
      store<u16>(place, probability - (probability >> 5))
      symbol = (symbol << 1) | 1
    }
  } while (symbol < 64)
  const slot = symbol - 64
  let distance = slot
  if (slot >= 4) {
    let bits = (slot >> 1) - 1
    distance = (2 | (slot & 1)) << bits
    tree = probabilities + SPECIAL + ((distance - slot) << 1)
    if (slot >= 14) {
      // Bits that are as likely as not, then four that have a tree.
      let direct: u32 = 0
      for (bits -= 4; bits > 0; bits--) {
        if (ownRange < TOP) {
          ownRange <<= 8
          ownCode = (ownCode << 8) | load<u8>(at++)
        }
        ownRange >>= 1
        const isSet: u32 = ownCode >= ownRange ? 1 : 0
        ownCode -= ownRange & (0 - isSet)
        direct = (direct << 1) | isSet
      }
      distance += direct << 4
      tree = probabilities + ALIGN
      bits = 4
    }
    symbol = 1
    for (let bit: u32 = 1; bits > 0; bits--, bit <<= 1) {
      if (ownRange < TOP) {
        ownRange <<= 8
        ownCode = (ownCode << 8) | load<u8>(at++)
      }
      const place = tree + (symbol << 1)
      const probability: u32 = load<u16>(place)
      const bound = (ownRange >> 11) * probability
      if (ownCode < bound) {
        ownRange = bound
        store<u16>(place, probability + ((2048 - probability) >> 5))
        symbol <<= 1
      } else {
        ownRange -= bound
        ownCode -= bound
        store<u16>(place, probability - (probability >> 5))
        symbol = (symbol << 1) | 1
        distance += bit
      }
    }
  }
  range = ownRange
  code = ownCode
  from = at
  return distance
}

/** A bit by itself. */
export function readBit(place: usize): u32 {
  if (range < TOP) {
    range <<= 8
    code = (code << 8) | load<u8>(from++)
  }
  const probability: u32 = load<u16>(place)
  const bound = (range >> 11) * probability
  if (code < bound) {
    range = bound
    store<u16>(place, probability + ((2048 - probability) >> 5))
    return 0
  }
  range -= bound
  code -= bound
  store<u16>(place, probability - (probability >> 5))
  return 1
}

/** Takes the byte that the next bit would take first. */
export function normalize(): void {
  if (range >= TOP) return
  range <<= 8
  code = (code << 8) | load<u8>(from++)
}
