/** The properties that a container states, or that are agreed upon. */
export interface LzmaProperties {
  /** Literal context bits, literal position bits, position bits. */
  lc: number
  lp: number
  pb: number
}

const PROBABILITY_BITS = 11
const HALF = 1 << (PROBABILITY_BITS - 1)
const MOVE_BITS = 5
const TOP = 1 << 24
const POSITION_STATES = 1 << 4
const STATES = 12
const LENGTH_TREE = 2 + POSITION_STATES * 8 * 2 + 256
/** Beginnings of the probabilities in one array. */
const IS_MATCH = 0
const IS_REPEATED = IS_MATCH + STATES * POSITION_STATES
const IS_REPEATED_0 = IS_REPEATED + STATES
const IS_REPEATED_1 = IS_REPEATED_0 + STATES
const IS_REPEATED_2 = IS_REPEATED_1 + STATES
const IS_REPEATED_0_LONG = IS_REPEATED_2 + STATES
const DISTANCE_SLOT = IS_REPEATED_0_LONG + STATES * POSITION_STATES
const DISTANCE_SPECIAL = DISTANCE_SLOT + 4 * 64
const DISTANCE_ALIGN = DISTANCE_SPECIAL + 128
const MATCH_LENGTH = DISTANCE_ALIGN + 16
const REPEAT_LENGTH = MATCH_LENGTH + LENGTH_TREE
const LITERAL = REPEAT_LENGTH + LENGTH_TREE

/**
 * Raw LZMA data without header and end marker (LZMA specification of the SDK), unpacked to exactly `byteLength` bytes.
 * Null where they are damaged, or end before that.
 */
export function decodeLzma1(packed: Uint8Array, byteLength: number, properties: LzmaProperties): Uint8Array | null {
  const decoder = new Decoder(packed, byteLength, properties)
  return decoder.run() ? decoder.out : null
}

class Decoder {
  readonly out: Uint8Array
  private readonly probabilities: Uint16Array
  private readonly positionMask: number
  private at = 5
  private range = 0xffffffff
  private code: number
  private filled = 0

  constructor(
    private readonly packed: Uint8Array,
    byteLength: number,
    private readonly properties: LzmaProperties,
  ) {
    this.out = new Uint8Array(byteLength)
    this.probabilities = new Uint16Array(LITERAL + (0x300 << (properties.lc + properties.lp))).fill(HALF)
    this.positionMask = (1 << properties.pb) - 1
    const [, a = 0, b = 0, c = 0, d = 0] = packed
    this.code = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0
  }

  run(): boolean {
    const { out } = this
    const length = out.byteLength
    if (this.packed.byteLength < 5 || this.packed[0] !== 0) return false
    let state = 0
    let rep0 = 0
    let rep1 = 0
    let rep2 = 0
    let rep3 = 0
    while (this.filled < length) {
      // Reading past the end gives zeros; what comes of it is damage.
      if (this.at > this.packed.byteLength + 5) return false
      const position = this.filled & this.positionMask
      if (this.bit(IS_MATCH + state * POSITION_STATES + position) === 0) {
        this.literal(state, rep0)
        state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6
        continue
      }
      let matchLength: number
      if (this.bit(IS_REPEATED + state) === 0) {
        rep3 = rep2
        rep2 = rep1
        rep1 = rep0
        matchLength = this.length(MATCH_LENGTH, position)
        rep0 = this.distance(matchLength)
        state = state < 7 ? 7 : 10
      } else {
        if (this.bit(IS_REPEATED_0 + state) === 0) {
          if (this.bit(IS_REPEATED_0_LONG + state * POSITION_STATES + position) === 0) {
            if (rep0 >= this.filled) return false
            out[this.filled] = out[this.filled - rep0 - 1] ?? 0
            this.filled++
            state = state < 7 ? 9 : 11
            continue
          }
        } else {
          let distance = rep1
          if (this.bit(IS_REPEATED_1 + state) === 1) {
            distance = rep2
            if (this.bit(IS_REPEATED_2 + state) === 1) {
              distance = rep3
              rep3 = rep2
            }
            rep2 = rep1
          }
          rep1 = rep0
          rep0 = distance
        }
        matchLength = this.length(REPEAT_LENGTH, position)
        state = state < 7 ? 8 : 11
      }
      // The end marker's distance is beyond all others.
      if (rep0 >= this.filled) return false
      let from = this.filled - rep0 - 1
      const end = Math.min(length, this.filled + matchLength)
      for (let to = this.filled; to < end; to++) out[to] = out[from++] ?? 0
      this.filled = end
    }
    return this.at <= this.packed.byteLength
  }

  private bit(index: number): number {
    const { probabilities } = this
    const probability = probabilities[index] ?? 0
    const bound = (this.range >>> PROBABILITY_BITS) * probability
    let bit = 0
    if (this.code < bound) {
      this.range = bound
      probabilities[index] = probability + (((1 << PROBABILITY_BITS) - probability) >>> MOVE_BITS)
    } else {
      this.range -= bound
      this.code -= bound
      probabilities[index] = probability - (probability >>> MOVE_BITS)
      bit = 1
    }
    if (this.range < TOP) this.shift()
    return bit
  }

  private shift(): void {
    this.range = (this.range << 8) >>> 0
    this.code = ((this.code << 8) | (this.packed[this.at] ?? 0)) >>> 0
    this.at++
  }

  private directBits(count: number): number {
    let value = 0
    for (let i = 0; i < count; i++) {
      this.range = this.range >>> 1
      const isSet = this.code >= this.range
      if (isSet) this.code -= this.range
      value = value * 2 + (isSet ? 1 : 0)
      if (this.range < TOP) this.shift()
    }
    return value
  }

  private tree(start: number, bits: number): number {
    let symbol = 1
    for (let i = 0; i < bits; i++) symbol = symbol * 2 + this.bit(start + symbol)
    return symbol - (1 << bits)
  }

  private reverseTree(start: number, bits: number): number {
    let node = 1
    let symbol = 0
    for (let i = 0; i < bits; i++) {
      const bit = this.bit(start + node)
      node = node * 2 + bit
      symbol |= bit << i
    }
    return symbol
  }

  private literal(state: number, rep0: number): void {
    const { out, filled } = this
    const { lc, lp } = this.properties
    const before = filled > 0 ? (out[filled - 1] ?? 0) : 0
    const context = ((filled & ((1 << lp) - 1)) << lc) + (before >> (8 - lc))
    const start = LITERAL + context * 0x300
    let symbol = 1
    if (state >= 7) {
      let match = out[filled - rep0 - 1] ?? 0
      do {
        const matchBit = (match >> 7) & 1
        match <<= 1
        const bit = this.bit(start + ((1 + matchBit) << 8) + symbol)
        symbol = symbol * 2 + bit
        if (matchBit !== bit) break
      } while (symbol < 0x100)
    }
    while (symbol < 0x100) symbol = symbol * 2 + this.bit(start + symbol)
    out[filled] = symbol & 255
    this.filled++
  }

  private length(start: number, position: number): number {
    if (this.bit(start) === 0) return 2 + this.tree(start + 2 + position * 8, 3)
    if (this.bit(start + 1) === 0) return 10 + this.tree(start + 2 + (POSITION_STATES + position) * 8, 3)
    return 18 + this.tree(start + 2 + POSITION_STATES * 16, 8)
  }

  private distance(matchLength: number): number {
    const slot = this.tree(DISTANCE_SLOT + Math.min(matchLength - 2, 3) * 64, 6)
    if (slot < 4) return slot
    const bits = (slot >> 1) - 1
    const base = (2 | (slot & 1)) * 2 ** bits
    if (slot < 14) return base + this.reverseTree(DISTANCE_SPECIAL + base - slot, bits)
    return base + this.directBits(bits - 4) * 16 + this.reverseTree(DISTANCE_ALIGN, 4)
  }
}
