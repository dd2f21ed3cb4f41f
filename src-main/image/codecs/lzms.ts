import { copyMatch } from './copy-bytes'
import { AdaptiveHuffman } from './adaptive-huffman'
import { LENGTH_SLOTS, OFFSET_SLOTS, offsetSlotCount, type Slots } from './lzms-tables'
import { CODE_LIMIT } from './huffman-code'
import { undoX86 } from './lzms-x86'

/** A bit's probability counts the zeros among the last 64: at first sixteen ones are taken for granted. */
const RECENT_BITS = 64
const PROBABILITY_BITS = 6
const FIRST_ZEROS = 48
const FIRST_RECENT = 0x55555555
const REPEATS = 3

const States = { main: 16, match: 32, lz: 64, lzRepeat: 64, delta: 64, deltaRepeat: 64 } as const

/** A kind of decision: how likely it is to be 0 depends on the last few of its kind. */
class Decision {
  state = 0
  readonly zeros: Uint8Array
  readonly older: Uint32Array
  readonly newer: Uint32Array

  constructor(readonly stateCount: number) {
    this.zeros = new Uint8Array(stateCount).fill(FIRST_ZEROS)
    this.older = new Uint32Array(stateCount)
    this.newer = new Uint32Array(stateCount).fill(FIRST_RECENT)
  }
}

/**
 * Unpacks a chunk that LZMS has packed: decisions by a range coder that reads from the front, all else by Huffman codes
 * that are read from the back. Microsoft has published nothing of it; wimlib’s notes have.
 * @param byteLength what it unpacks to, exactly
 * @throws {RangeError} where it does not
 */
export function unpackLzms(packed: Uint8Array, byteLength: number): Uint8Array {
  if (packed.byteLength < 4 || packed.byteLength % 2 !== 0) throw new RangeError('an LZMS chunk is cut short')
  const out = new LzmsUnpacker(packed, byteLength).unpack()
  undoX86(out)
  return out
}

class LzmsUnpacker {
  private readonly view: DataView
  private range = 0xffffffff
  private code: number
  private front = 4
  private back: number
  private bits = 0
  private bitCount = 0
  private readonly out: Uint8Array

  private readonly main = new Decision(States.main)
  private readonly match = new Decision(States.match)
  private readonly lz = new Decision(States.lz)
  private readonly delta = new Decision(States.delta)
  private readonly lzRepeats = [new Decision(States.lzRepeat), new Decision(States.lzRepeat)]
  private readonly deltaRepeats = [new Decision(States.deltaRepeat), new Decision(States.deltaRepeat)]

  private readonly literals = new AdaptiveHuffman(256, 1024, 10)
  private readonly lengths = new AdaptiveHuffman(LENGTH_SLOTS.bases.length, 512, 9)
  private readonly powers = new AdaptiveHuffman(8, 512, 7)
  private readonly lzOffsets: AdaptiveHuffman
  private readonly deltaOffsets: AdaptiveHuffman

  constructor(packed: Uint8Array, byteLength: number) {
    this.view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
    this.code = ((this.view.getUint16(0, true) << 16) | this.view.getUint16(2, true)) >>> 0
    this.back = packed.byteLength
    this.out = new Uint8Array(byteLength)
    const slots = offsetSlotCount(byteLength)
    this.lzOffsets = new AdaptiveHuffman(slots, 1024, 11)
    this.deltaOffsets = new AdaptiveHuffman(slots, 1024, 11)
  }

  unpack(): Uint8Array {
    const { out } = this
    // A pair of a delta match is its power times two to the 32nd, and its offset.
    const offsets = [1, 2, 3, 4]
    const pairs = [1, 2, 3, 4]
    // What was used last moves to the front an item later: until then repeats are counted one further on.
    let before: 'literal' | 'lz' | 'delta' = 'literal'
    for (let at = 0; at < out.byteLength;) {
      if (this.decide(this.main) === 0) {
        out[at++] = this.symbol(this.literals)
        before = 'literal'
      } else if (this.decide(this.match) === 0) {
        let offset: number
        if (this.decide(this.lz) === 0) {
          offset = this.number(this.lzOffsets, OFFSET_SLOTS)
          pushFront(offsets, offset)
        } else offset = this.repeat(this.lzRepeats, offsets, before === 'lz' ? 1 : 0)
        before = 'lz'
        const length = this.number(this.lengths, LENGTH_SLOTS)
        if (offset > at || length > out.byteLength - at) throw unreachable()
        copyMatch(out, at, offset, length)
        at += length
      } else {
        let pair: number
        if (this.decide(this.delta) === 0) {
          const power = this.symbol(this.powers)
          pair = power * 2 ** 32 + this.number(this.deltaOffsets, OFFSET_SLOTS)
          pushFront(pairs, pair)
        } else pair = this.repeat(this.deltaRepeats, pairs, before === 'delta' ? 1 : 0)
        before = 'delta'
        const length = this.number(this.lengths, LENGTH_SLOTS)
        at = this.copyDelta(at, length, Math.floor(pair / 2 ** 32), pair % 2 ** 32)
      }
    }
    return out
  }

  /** Each byte differs from the one a span before it as much as it did where the match was found. */
  private copyDelta(from: number, length: number, power: number, rawOffset: number): number {
    const { out } = this
    const span = 1 << power
    const offset = rawOffset * span
    if (offset + span > from || length > out.byteLength - from) throw unreachable()
    let at = from
    for (const end = from + length; at < end; at++)
      out[at] = (out[at - offset] ?? 0) + (out[at - span] ?? 0) - (out[at - offset - span] ?? 0)
    return at
  }

  private repeat(decisions: readonly Decision[], recent: number[], further: number): number {
    const [first, second] = decisions
    let index = 0
    if (first !== undefined && this.decide(first) === 1)
      index = second !== undefined && this.decide(second) === 1 ? REPEATS - 1 : 1
    const value = recent[index + further] ?? 1
    recent[index + further] = recent[index] ?? 1
    for (let i = index; i > 0; i--) recent[i] = recent[i - 1] ?? 1
    recent[0] = value
    return value
  }

  private number(huffman: AdaptiveHuffman, { bases, extraBits }: Slots): number {
    const slot = this.symbol(huffman)
    const extra = extraBits[slot] ?? 0
    return (bases[slot] ?? 0) + (extra > 16 ? this.take(extra - 16) * 65_536 + this.take(16) : this.take(extra))
  }

  /** @param count at most 16 */
  private take(count: number): number {
    if (count === 0) return 0
    if (this.bitCount < count) this.fill()
    const value = this.bits >>> (32 - count)
    this.bits <<= count
    this.bitCount -= count
    return value
  }

  private fill(): void {
    this.back -= 2
    const word = this.back >= 0 ? this.view.getUint16(this.back, true) : 0
    this.bits |= word << (16 - this.bitCount)
    this.bitCount += 16
  }

  private symbol(huffman: AdaptiveHuffman): number {
    if (this.bitCount < CODE_LIMIT) this.fill()
    const { code } = huffman
    let entry = code.table[this.bits >>> (32 - code.tableBits)] ?? 0
    if (entry === 0) entry = code.longer(this.bits >>> (32 - CODE_LIMIT))
    this.bits <<= entry & 15
    this.bitCount -= entry & 15
    const symbol = entry >> 4
    huffman.count(symbol)
    return symbol
  }

  private decide(decision: Decision): 0 | 1 {
    const { state, zeros, older, newer } = decision
    if (this.range <= 0xffff) {
      this.range = (this.range << 16) >>> 0
      this.code = (this.code << 16) >>> 0
      if (this.front + 2 <= this.view.byteLength) this.code |= this.view.getUint16(this.front, true)
      this.code >>>= 0
      this.front += 2
      if (this.front > this.view.byteLength + 8) throw new RangeError('an LZMS chunk is cut short')
    }
    const count = zeros[state] ?? 0
    const probability = count === 0 ? 1 : count === RECENT_BITS ? RECENT_BITS - 1 : count
    const bound = (this.range >>> PROBABILITY_BITS) * probability
    const bit = this.code < bound ? 0 : 1
    if (bit === 0) this.range = bound
    else {
      this.range -= bound
      this.code -= bound
    }
    zeros[state] = count + ((older[state] ?? 0) >>> 31) - bit
    older[state] = ((older[state] ?? 0) << 1) | ((newer[state] ?? 0) >>> 31)
    newer[state] = ((newer[state] ?? 0) << 1) | bit
    decision.state = ((state << 1) | bit) & (decision.stateCount - 1)
    return bit
  }
}

function pushFront(recent: number[], value: number): void {
  recent[3] = recent[2] ?? 1
  recent[2] = recent[1] ?? 1
  recent[1] = recent[0] ?? 1
  recent[0] = value
}

function unreachable(): RangeError {
  return new RangeError('an LZMS chunk refers to what lies before it')
}
