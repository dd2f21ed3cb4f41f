/** Unpacks LZMA as its specification has it, whole and in memory: for directories of archives, which are small. */

const MATCH_LENGTH_LEAST = 2
const POSITION_MODEL_END = 14
const FULL_DISTANCES = 1 << (POSITION_MODEL_END >> 1)
const ALIGN_BITS = 4
const STATES = 12
const HALF = 1024

const probabilities = (length: number): Uint16Array => new Uint16Array(length).fill(HALF)

class RangeDecoder {
  private range = 0xffffffff
  private code = 0
  private at = 5

  constructor(private readonly packed: Uint8Array) {
    if (packed.byteLength < 5 || packed[0] !== 0) throw new RangeError('This is no LZMA stream.')
    for (let i = 1; i < 5; i++) this.code = ((this.code << 8) | (packed[i] ?? 0)) >>> 0
  }

  bit(model: Uint16Array, index: number): 0 | 1 {
    const probability = model[index] ?? HALF
    const bound = (this.range >>> 11) * probability
    const isZero = this.code < bound
    if (isZero) {
      this.range = bound
      model[index] = probability + ((2048 - probability) >>> 5)
    } else {
      this.range -= bound
      this.code -= bound
      model[index] = probability - (probability >>> 5)
    }
    this.normalize()
    return isZero ? 0 : 1
  }

  /** Bits that no model foresees, the highest first. */
  direct(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      this.range >>>= 1
      const isSet = this.code >= this.range
      if (isSet) this.code -= this.range
      value = value * 2 + (isSet ? 1 : 0)
      this.normalize()
    }
    return value
  }

  tree(model: Uint16Array, bits: number, start = 0): number {
    let node = 1
    for (let i = 0; i < bits; i++) node = node * 2 + this.bit(model, start + node)
    return node - (1 << bits)
  }

  reverseTree(model: Uint16Array, bits: number, start = 0): number {
    let node = 1
    let value = 0
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(model, start + node)
      node = node * 2 + bit
      value |= bit << i
    }
    return value
  }

  private normalize(): void {
    if (this.range >= 0x1000000) return
    if (this.at >= this.packed.byteLength) throw new RangeError('The LZMA stream ends early.')
    this.range = (this.range << 8) >>> 0
    this.code = ((this.code << 8) | (this.packed[this.at++] ?? 0)) >>> 0
  }
}

class LengthDecoder {
  private readonly choice = probabilities(2)
  private readonly low = probabilities(16 << 3)
  private readonly middle = probabilities(16 << 3)
  private readonly high = probabilities(256)

  read(range: RangeDecoder, position: number): number {
    if (range.bit(this.choice, 0) === 0) return range.tree(this.low, 3, position << 3)
    if (range.bit(this.choice, 1) === 0) return 8 + range.tree(this.middle, 3, position << 3)
    return 16 + range.tree(this.high, 8)
  }
}

/**
 * @param properties one byte of parameters, then the size of the dictionary, which here is all of the output
 * @throws RangeError where the stream makes no sense
 */
export function unpackLzma(properties: Uint8Array, packed: Uint8Array, byteLength: number): Uint8Array {
  const parameters = properties[0] ?? 255
  if (properties.byteLength < 5 || parameters >= 9 * 5 * 5) throw new RangeError('These are no parameters of LZMA.')
  const literalContextBits = parameters % 9
  const literalPositionMask = (1 << (Math.floor(parameters / 9) % 5)) - 1
  const positionMask = (1 << Math.floor(parameters / 45)) - 1

  const range = new RangeDecoder(packed)
  const out = new Uint8Array(byteLength)
  const literals = probabilities(0x300 << (literalContextBits + (Math.floor(parameters / 9) % 5)))
  const isMatch = probabilities(STATES << 4)
  const isRepeat = probabilities(STATES)
  const isRepeat0 = probabilities(STATES)
  const isRepeat0Long = probabilities(STATES << 4)
  const isRepeat1 = probabilities(STATES)
  const isRepeat2 = probabilities(STATES)
  const slots = probabilities(4 << 6)
  const positions = probabilities(FULL_DISTANCES)
  const align = probabilities(1 << ALIGN_BITS)
  const lengths = new LengthDecoder()
  const repeatLengths = new LengthDecoder()
  let state = 0
  let distances: [number, number, number, number] = [0, 0, 0, 0]
  let at = 0

  const literal = (): number => {
    const before = at > 0 ? (out[at - 1] ?? 0) : 0
    const context = ((at & literalPositionMask) << literalContextBits) + (before >> (8 - literalContextBits))
    const start = 0x300 * context
    let sign = 1
    if (state >= 7) {
      let match = out[at - distances[0] - 1] ?? 0
      while (sign < 0x100) {
        const matchBit = (match >> 7) & 1
        match <<= 1
        const bit = range.bit(literals, start + ((1 + matchBit) << 8) + sign)
        sign = sign * 2 + bit
        if (bit !== matchBit) break
      }
    }
    while (sign < 0x100) sign = sign * 2 + range.bit(literals, start + sign)
    return sign & 0xff
  }

  const distance = (length: number): number => {
    const slot = range.tree(slots, 6, Math.min(length, 3) << 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = (2 | (slot & 1)) * 2 ** bits
    if (slot < POSITION_MODEL_END) return base + range.reverseTree(positions, bits, base - slot)
    return base + range.direct(bits - ALIGN_BITS) * 16 + range.reverseTree(align, ALIGN_BITS)
  }

  while (at < byteLength) {
    const position = at & positionMask
    if (range.bit(isMatch, (state << 4) + position) === 0) {
      out[at] = literal()
      at++
      state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
      continue
    }
    let length: number
    if (range.bit(isRepeat, state) === 0) {
      length = lengths.read(range, position)
      state = state < 7 ? 7 : 10
      const found = distance(length)
      // Its own mark for the end, which comes too early here.
      if (found === 0xffffffff) throw new RangeError('The LZMA stream ends early.')
      distances = [found, distances[0], distances[1], distances[2]]
    } else {
      let isShort = false
      if (range.bit(isRepeat0, state) === 0) isShort = range.bit(isRepeat0Long, (state << 4) + position) === 0
      else distances = reordered(range, isRepeat1, isRepeat2, state, distances)
      length = isShort ? 1 - MATCH_LENGTH_LEAST : repeatLengths.read(range, position)
      state = state < 7 ? (isShort ? 9 : 8) : 11
    }
    if (distances[0] >= at) throw new RangeError('The LZMA stream points before its beginning.')
    const end = Math.min(byteLength, at + length + MATCH_LENGTH_LEAST)
    for (; at < end; at++) out[at] = out[at - distances[0] - 1] ?? 0
  }
  return out
}

/** One of the last distances again, and first from now on. */
function reordered(
  range: RangeDecoder,
  isRepeat1: Uint16Array,
  isRepeat2: Uint16Array,
  state: number,
  [first, second, third, fourth]: [number, number, number, number],
): [number, number, number, number] {
  if (range.bit(isRepeat1, state) === 0) return [second, first, third, fourth]
  return range.bit(isRepeat2, state) === 0 ? [third, first, second, fourth] : [fourth, first, second, third]
}
