import { copyMatch } from './copy-bytes'

const PROBABILITY_BITS = 11
const EVEN = 1 << (PROBABILITY_BITS - 1)
const MOVE_BITS = 5
const TOP = 2 ** 24
const STATES = 12
const POSITION_STATES = 16
const MATCH_LEAST = 2
/** Of a length: choices, then trees of 8, 8 and 256. */
const LENGTH_LOW = 2
const LENGTH_MIDDLE = LENGTH_LOW + (POSITION_STATES << 3)
const LENGTH_HIGH = LENGTH_MIDDLE + (POSITION_STATES << 3)
const LENGTH_SIZE = LENGTH_HIGH + 256

const IS_MATCH = 0
const IS_REP = IS_MATCH + STATES * POSITION_STATES
const IS_REP0 = IS_REP + STATES
const IS_REP1 = IS_REP0 + STATES
const IS_REP2 = IS_REP1 + STATES
const IS_REP0_LONG = IS_REP2 + STATES
const SLOTS = IS_REP0_LONG + STATES * POSITION_STATES
const SPECIAL = SLOTS + 4 * 64
const ALIGN = SPECIAL + 128
const MATCH_LENGTH = ALIGN + 16
const REP_LENGTH = MATCH_LENGTH + LENGTH_SIZE
const LITERALS = REP_LENGTH + LENGTH_SIZE
/** No symbol takes more bytes of input. */
const SYMBOL_LIMIT = 32

/** A match that reaches back to what was unpacked, and is not in the window any more. */
export class LostMatchError extends RangeError {}

/** The byte that says how literals and positions are modelled. */
export interface LzmaProperties {
  literalContext: number
  literalPosition: number
  position: number
}

/** Null where the byte is none. */
export function lzmaProperties(byte: number): LzmaProperties | null {
  if (byte >= 9 * 5 * 5) return null
  const rest = Math.floor(byte / 9)
  return { literalContext: byte % 9, literalPosition: rest % 5, position: Math.floor(rest / 5) }
}

/**
 * LZMA as the LZMA specification has it, without any header, in steps: input is given in pieces, output lies in a window.
 * What reads bits and bytes is written out where it runs for every byte.
 */
export class LzmaDecoder {
  private probabilities: Uint16Array = new Uint16Array(0)
  private literalContext = 0
  private literalMask = 0
  private positionMask = 0
  private input: Uint8Array = new Uint8Array(0)
  private from = 0
  private range = 0xffffffff
  private code = 0
  private isBegun = false
  private state = 0
  private readonly reps = [0, 0, 0, 0]
  /** Bytes given out since the dictionary was empty: how far back a match may reach, and what positions are counted by. */
  private total = 0
  /** Of a match that did not fit in the window. */
  private left = 0
  /** Where the next byte goes, in the window. */
  at = 0

  constructor(
    properties: LzmaProperties,
    public window: Uint8Array<ArrayBuffer>,
  ) {
    this.setProperties(properties)
  }

  /** Models anew, by these properties (LZMA2: “state reset, new properties”). */
  setProperties({ literalContext, literalPosition, position }: LzmaProperties): void {
    this.literalContext = literalContext
    this.literalMask = (1 << literalPosition) - 1
    this.positionMask = (1 << position) - 1
    this.probabilities = new Uint16Array(LITERALS + (0x300 << (literalContext + literalPosition)))
    this.resetState()
  }

  /** Models as at the beginning (LZMA2: “state reset”). */
  resetState(): void {
    this.probabilities.fill(EVEN)
    this.state = 0
    this.reps.fill(0)
  }

  /** Nothing in front of what comes now is looked back to (LZMA2: “dictionary reset”). */
  resetDictionary(): void {
    this.total = 0
  }

  /** Another piece of input with a beginning of its own, as each chunk of LZMA2 is. */
  restart(bytes: Uint8Array): void {
    this.input = bytes
    this.from = 0
    this.range = 0xffffffff
    this.isBegun = false
  }

  /** All input was used up, and nothing is left of a match. */
  isDone(): boolean {
    return this.left === 0 && this.rest().byteLength === 0
  }

  /** Bytes that are stored as they are; there must be room for them in the window. */
  put(bytes: Uint8Array): void {
    this.window.set(bytes, this.at)
    this.at += bytes.byteLength
    this.total += bytes.byteLength
  }

  /**
   * Makes the window larger; what is in it stays. Pieces of it that were handed out end with it: two windows at a time are
   * more memory than there is for one.
   * @param byteLength of the new one
   */
  grow(byteLength: number): void {
    this.window = new Uint8Array(this.window.buffer.transfer(byteLength))
  }

  /** More input; what is left of the last piece stays in front of it. */
  give(bytes: Uint8Array): void {
    const rest = this.input.subarray(this.from)
    const joined = new Uint8Array(rest.byteLength + bytes.byteLength)
    joined.set(rest)
    joined.set(bytes, rest.byteLength)
    this.input = joined
    this.from = 0
  }

  /** What was not used of the input, once all has been unpacked. */
  rest(): Uint8Array {
    this.normalize()
    return this.input.subarray(this.from)
  }

  /** Moves the window on: its last `byteLength` bytes become its first. */
  slide(byteLength: number): void {
    this.window.copyWithin(0, this.at - byteLength, this.at)
    this.at = byteLength
  }

  /**
   * Unpacks until the window is filled up to `end`, the input runs short, or the end marker comes.
   * @param isLast no more input comes
   * @throws {RangeError} where the data cannot be
   */
  run(end: number, isLast: boolean): 'full' | 'short' | 'end' {
    if (!this.isBegun) {
      if (this.input.byteLength < 5) {
        if (isLast) throw new RangeError('the LZMA data are cut short')
        return 'short'
      }
      const { input } = this
      this.code = (((input[1] ?? 0) << 24) | ((input[2] ?? 0) << 16) | ((input[3] ?? 0) << 8) | (input[4] ?? 0)) >>> 0
      this.from = 5
      this.isBegun = true
    }
    this.copy(end)
    while (this.at < end) {
      if (this.input.byteLength - this.from < SYMBOL_LIMIT) {
        if (!isLast) return 'short'
        if (this.from > this.input.byteLength) throw new RangeError('the LZMA data are cut short')
      }
      const positionState = this.total & this.positionMask
      if (this.bit(IS_MATCH + this.state * POSITION_STATES + positionState) === 0) {
        this.literal()
        continue
      }
      if (this.bit(IS_REP + this.state) === 0) {
        if (!this.newMatch(positionState)) return 'end'
      } else if (!this.oldMatch(positionState)) continue
      this.copy(end)
    }
    // The last symbol, too, may have taken bytes that are not there.
    if (isLast && this.from > this.input.byteLength) throw new RangeError('the LZMA data are cut short')
    return 'full'
  }

  private literal(): void {
    const { window, probabilities } = this
    const before = this.total === 0 ? 0 : (window[this.at - 1] ?? 0)
    const context = ((this.total & this.literalMask) << this.literalContext) + (before >> (8 - this.literalContext))
    const base = LITERALS + 0x300 * context
    let symbol = 1
    if (this.state >= 7) {
      const matched = this.at - (this.reps[0] ?? 0) - 1
      if (matched < 0)
        throw new LostMatchError('an LZMA literal is compared with what lies further back than the window')
      let match = window[matched] ?? 0
      while (symbol < 0x100) {
        const matchBit = (match >> 7) & 1
        match <<= 1
        const bit = this.bit(base + ((1 + matchBit) << 8) + symbol)
        symbol = (symbol << 1) | bit
        if (matchBit !== bit) break
      }
    }
    let { range, code } = this
    while (symbol < 0x100) {
      if (range < TOP) {
        range = (range << 8) >>> 0
        code = ((code << 8) | (this.input[this.from++] ?? 0)) >>> 0
      }
      const index = base + symbol
      const probability = probabilities[index] ?? 0
      const bound = (range >>> PROBABILITY_BITS) * probability
      if (code < bound) {
        range = bound
        probabilities[index] = probability + (((1 << PROBABILITY_BITS) - probability) >> MOVE_BITS)
        symbol <<= 1
      } else {
        range -= bound
        code -= bound
        probabilities[index] = probability - (probability >> MOVE_BITS)
        symbol = (symbol << 1) | 1
      }
    }
    this.range = range
    this.code = code
    window[this.at++] = symbol & 0xff
    this.total++
    this.state = this.state < 4 ? 0 : this.state < 10 ? this.state - 3 : this.state - 6
  }

  /** False for the end marker. */
  private newMatch(positionState: number): boolean {
    const { reps } = this
    reps[3] = reps[2] ?? 0
    reps[2] = reps[1] ?? 0
    reps[1] = reps[0] ?? 0
    const length = this.length(MATCH_LENGTH, positionState)
    this.state = this.state < 7 ? 7 : 10
    const slot = this.tree(SLOTS + Math.min(length, 3) * 64, 6)
    let distance = slot
    if (slot >= 4) {
      const direct = (slot >> 1) - 1
      distance = (2 | (slot & 1)) * 2 ** direct
      if (slot < 14) distance += this.reverseTree(SPECIAL + distance - slot, direct)
      else distance += this.direct(direct - 4) * 16 + this.reverseTree(ALIGN, 4)
    }
    if (distance === 0xffffffff) return false
    reps[0] = distance
    this.left = length + MATCH_LEAST
    this.checkDistance()
    return true
  }

  /** False for a single byte, which is written. */
  private oldMatch(positionState: number): boolean {
    const { reps } = this
    if (this.total === 0) throw new RangeError('the LZMA data begin with a match')
    if (this.bit(IS_REP0 + this.state) === 0) {
      if (this.bit(IS_REP0_LONG + this.state * POSITION_STATES + positionState) === 0) {
        this.state = this.state < 7 ? 9 : 11
        this.left = 1
        this.checkDistance()
        this.copy(this.at + 1)
        return false
      }
    } else {
      let which = 1
      if (this.bit(IS_REP1 + this.state) !== 0) which = this.bit(IS_REP2 + this.state) === 0 ? 2 : 3
      const distance = reps[which] ?? 0
      for (let index = which; index > 0; index--) reps[index] = reps[index - 1] ?? 0
      reps[0] = distance
    }
    this.left = this.length(REP_LENGTH, positionState) + MATCH_LEAST
    this.state = this.state < 7 ? 8 : 11
    this.checkDistance()
    return true
  }

  private checkDistance(): void {
    const distance = this.reps[0] ?? 0
    if (distance >= this.total) throw new RangeError('an LZMA match reaches too far back')
    if (distance >= this.at) throw new LostMatchError('an LZMA match reaches back further than the window')
  }

  private copy(end: number): void {
    if (this.left === 0) return
    const { window } = this
    const back = (this.reps[0] ?? 0) + 1
    const stop = Math.min(end, this.at + this.left)
    const count = stop - this.at
    copyMatch(window, this.at, back, count)
    this.at = stop
    this.left -= count
    this.total += count
  }

  private length(base: number, positionState: number): number {
    if (this.bit(base) === 0) return this.tree(base + LENGTH_LOW + (positionState << 3), 3)
    if (this.bit(base + 1) === 0) return 8 + this.tree(base + LENGTH_MIDDLE + (positionState << 3), 3)
    return 16 + this.tree(base + LENGTH_HIGH, 8)
  }

  private tree(base: number, bits: number): number {
    let symbol = 1
    for (let bit = 0; bit < bits; bit++) symbol = (symbol << 1) | this.bit(base + symbol)
    return symbol - (1 << bits)
  }

  private reverseTree(base: number, bits: number): number {
    let node = 1
    let symbol = 0
    for (let at = 0; at < bits; at++) {
      const bit = this.bit(base + node)
      node = (node << 1) | bit
      symbol |= bit << at
    }
    return symbol
  }

  private direct(bits: number): number {
    let value = 0
    for (let bit = 0; bit < bits; bit++) {
      this.normalize()
      this.range = this.range >>> 1
      const isSet = this.code >= this.range
      if (isSet) this.code -= this.range
      value = value * 2 + (isSet ? 1 : 0)
    }
    return value
  }

  private bit(index: number): number {
    this.normalize()
    const { probabilities } = this
    const probability = probabilities[index] ?? 0
    const bound = (this.range >>> PROBABILITY_BITS) * probability
    if (this.code < bound) {
      this.range = bound
      probabilities[index] = probability + (((1 << PROBABILITY_BITS) - probability) >> MOVE_BITS)
      return 0
    }
    this.range -= bound
    this.code -= bound
    probabilities[index] = probability - (probability >> MOVE_BITS)
    return 1
  }

  private normalize(): void {
    if (this.range >= TOP) return
    this.range = (this.range << 8) >>> 0
    this.code = ((this.code << 8) | (this.input[this.from++] ?? 0)) >>> 0
  }
}

/**
 * Unpacks LZMA data without a header, as a container has them that states properties and length itself.
 * @param byteLength what they unpack to, exactly
 * @throws {RangeError} where they do not
 */
export function unpackRawLzma(packed: Uint8Array, byteLength: number, properties: LzmaProperties): Uint8Array {
  if (packed[0] !== 0) throw new RangeError('the LZMA data do not begin with 0')
  return unpackWhole(packed, byteLength, properties)
}

/**
 * Unpacks MicroLZMA (XZ Utils, `lzma_microlzma_decoder`): the properties lie inverted in the first byte, which is always
 * 0 otherwise.
 * @param byteLength what it unpacks to, exactly
 * @throws {RangeError} where it does not
 */
export function unpackMicroLzma(packed: Uint8Array, byteLength: number): Uint8Array {
  const properties = lzmaProperties(~(packed[0] ?? 0) & 0xff)
  if (properties === null) throw new RangeError('the LZMA properties cannot be')
  return unpackWhole(packed, byteLength, properties)
}

function unpackWhole(packed: Uint8Array, byteLength: number, properties: LzmaProperties): Uint8Array {
  const out = new Uint8Array(byteLength)
  const decoder = new LzmaDecoder(properties, out)
  decoder.give(packed)
  if (decoder.run(byteLength, true) !== 'full') throw new RangeError('the LZMA data end too early')
  return out
}
