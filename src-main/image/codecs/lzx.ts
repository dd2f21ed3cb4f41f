import { copyMatch } from './copy-bytes'
import { CODE_LIMIT, HuffmanCode } from './huffman-code'

const LITERALS = 256
const LENGTH_SYMBOLS = 249
const ALIGNED_SYMBOLS = 8
const PRECODE_SYMBOLS = 20
const LEAST_MATCH = 2
const DEFAULT_BLOCK = 32_768
const TABLE_BITS = 11
const RECENT = 3

const Block = { verbatim: 1, aligned: 2, uncompressed: 3 } as const

/** Slots of offsets by the order of the window, from 15 on. */
const SLOTS = [30, 32, 34, 36, 38, 42, 50]
const MAIN_LIMIT = LITERALS + 8 * 50
const EXTRA_BITS = Uint8Array.from({ length: 50 }, (_, slot) => (slot < 4 ? 0 : Math.min(17, (slot >> 1) - 1)))
/** Offsets are recorded by two more than they are: the first three slots are the recent ones. */
const SLOT_BASE = new Int32Array(50)
for (let slot = 0, base = -2; slot < 50; base += 1 << (EXTRA_BITS[slot] ?? 0), slot++) SLOT_BASE[slot] = base

/** What x86 calls are translated against, in every chunk of a WIM. */
const TRANSLATION_SIZE = 12_000_000
const CALL = 0xe8

/** Whether chunks of that length can be packed by LZX: 32 KiB to 2 MiB, a power of two. */
export function isLzxChunk(chunkLength: number): boolean {
  return chunkLength >= 1 << 15 && chunkLength <= 1 << 21 && (chunkLength & (chunkLength - 1)) === 0
}

/** Unpacks chunks that LZX has packed, in the variant of WIM ([MS-PATCH], and the notes of wimlib on its differences). */
export class LzxUnpacker {
  private readonly order: number
  private readonly mainSymbols: number
  private readonly main = new HuffmanCode(MAIN_LIMIT, TABLE_BITS)
  private readonly lengthCode = new HuffmanCode(LENGTH_SYMBOLS, 10)
  private readonly aligned = new HuffmanCode(ALIGNED_SYMBOLS, 7)
  private readonly precode = new HuffmanCode(PRECODE_SYMBOLS, 6)
  private readonly mainLengths = new Uint8Array(MAIN_LIMIT)
  private readonly lengthLengths = new Uint8Array(LENGTH_SYMBOLS)
  private packed: Uint8Array = new Uint8Array(0)
  private from = 0
  /** The next bits, from the most significant on. */
  private bits = 0
  private bitCount = 0

  /** @param chunkLength of every chunk but the last, see {@link isLzxChunk} */
  constructor(chunkLength: number) {
    this.order = Math.log2(chunkLength)
    this.mainSymbols = LITERALS + 8 * (SLOTS[this.order - 15] ?? 30)
  }

  /**
   * @param byteLength what the chunk unpacks to, exactly
   * @throws {RangeError} where it does not
   */
  unpack(packed: Uint8Array, byteLength: number): Uint8Array {
    this.packed = packed
    this.from = 0
    this.bits = 0
    this.bitCount = 0
    this.mainLengths.fill(0)
    this.lengthLengths.fill(0)
    const out = new Uint8Array(byteLength)
    const recent = new Int32Array(RECENT).fill(1)
    for (let at = 0; at < byteLength;) {
      const type = this.take(3)
      const length = this.blockLength()
      if (length < 1 || length > byteLength - at) throw new RangeError('an LZX block is longer than its chunk')
      if (type === Block.uncompressed) this.copyBlock(out, at, length, recent)
      else if (type === Block.verbatim || type === Block.aligned) {
        this.readCodes(type === Block.aligned)
        this.unpackBlock(out, at, at + length, recent, type === Block.aligned)
      } else throw new RangeError('an LZX block is of a kind that there is not')
      at += length
      if (this.from > packed.byteLength + 4) throw new RangeError('an LZX chunk is cut short')
    }
    undoTranslation(out)
    return out
  }

  private blockLength(): number {
    if (this.take(1) === 1) return DEFAULT_BLOCK
    const length = this.take(16)
    return this.order >= 16 ? (length << 8) | this.take(8) : length
  }

  private fill(): void {
    const { packed, from } = this
    this.bits |= ((packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)) << (16 - this.bitCount)
    this.from = from + 2
    this.bitCount += 16
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

  private symbol(code: HuffmanCode): number {
    if (this.bitCount < 16) this.fill()
    let entry = code.table[this.bits >>> (32 - code.tableBits)] ?? 0
    if (entry === 0) entry = code.longer(this.bits >>> (32 - CODE_LIMIT))
    this.bits <<= entry & 15
    this.bitCount -= entry & 15
    return entry >> 4
  }

  private readCodes(isAligned: boolean): void {
    if (isAligned) {
      const lengths = Uint8Array.from({ length: ALIGNED_SYMBOLS }, () => this.take(3))
      this.aligned.build(lengths, ALIGNED_SYMBOLS)
    }
    this.readLengths(this.mainLengths, 0, LITERALS)
    this.readLengths(this.mainLengths, LITERALS, this.mainSymbols)
    this.main.build(this.mainLengths, this.mainSymbols)
    this.readLengths(this.lengthLengths, 0, LENGTH_SYMBOLS)
    this.lengthCode.build(this.lengthLengths, LENGTH_SYMBOLS)
  }

  /** Lengths of codes, as differences to those of the block before, run by run. */
  private readLengths(lengths: Uint8Array, from: number, to: number): void {
    const own = Uint8Array.from({ length: PRECODE_SYMBOLS }, () => this.take(4))
    this.precode.build(own, PRECODE_SYMBOLS)
    for (let at = from; at < to;) {
      const symbol = this.symbol(this.precode)
      if (symbol < 17) {
        lengths[at] = lessModulo17(lengths[at] ?? 0, symbol)
        at++
        continue
      }
      let run = symbol === 17 ? 4 + this.take(4) : symbol === 18 ? 20 + this.take(5) : 4 + this.take(1)
      const next = symbol === 19 ? this.symbol(this.precode) : 0
      if (next > 17) throw new RangeError('an LZX code has a run of runs')
      const value = symbol === 19 ? lessModulo17(lengths[at] ?? 0, next) : 0
      // The last run may reach beyond the end.
      for (; run > 0 && at < to; run--) lengths[at++] = value
    }
  }

  private copyBlock(out: Uint8Array, at: number, length: number, recent: Int32Array): void {
    // The rest of a word is nothing; a whole one, where the block began at its start.
    if (this.bitCount === 0) this.fill()
    if (this.bitCount >= 16) this.from -= 2 * Math.floor((this.bitCount - 1) / 16)
    this.bits = 0
    this.bitCount = 0
    const { packed } = this
    const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength)
    if (this.from + 4 * RECENT + length > packed.byteLength) throw new RangeError('an LZX chunk is cut short')
    for (let i = 0; i < RECENT; i++) recent[i] = view.getInt32(this.from + 4 * i, true)
    this.from += 4 * RECENT
    out.set(packed.subarray(this.from, this.from + length), at)
    this.from += length + (length & 1)
  }

  private unpackBlock(out: Uint8Array, from: number, to: number, recent: Int32Array, isAligned: boolean): void {
    for (let at = from; at < to;) {
      const symbol = this.symbol(this.main)
      if (symbol < LITERALS) {
        out[at++] = symbol
        continue
      }
      let length = symbol & 7
      const slot = (symbol - LITERALS) >> 3
      if (length === 7) length += this.symbol(this.lengthCode)
      length += LEAST_MATCH
      let offset: number
      if (slot < RECENT) {
        offset = recent[slot] ?? 0
        recent[slot] = recent[0] ?? 0
      } else {
        offset = (SLOT_BASE[slot] ?? 0) + this.extraBits(EXTRA_BITS[slot] ?? 0, isAligned)
        recent[2] = recent[1] ?? 0
        recent[1] = recent[0] ?? 0
      }
      recent[0] = offset
      if (offset < 1 || offset > at || length > to - at)
        throw new RangeError('an LZX chunk refers to what lies before it')
      copyMatch(out, at, offset, length)
      at += length
    }
  }

  private extraBits(count: number, isAligned: boolean): number {
    if (isAligned && count >= 3) return (this.long(count - 3) << 3) | this.symbol(this.aligned)
    return this.long(count)
  }

  /** @param count at most 17 */
  private long(count: number): number {
    return count > 16 ? (this.take(count - 16) << 16) | this.take(16) : this.take(count)
  }
}

function lessModulo17(length: number, difference: number): number {
  return length >= difference ? length - difference : length - difference + 17
}

/** Targets of x86 calls are recorded as places in a file of twelve million bytes, since those repeat more often. */
function undoTranslation(out: Uint8Array): void {
  const end = out.byteLength - 10
  if (end <= 0) return
  const view = new DataView(out.buffer, out.byteOffset, out.byteLength)
  for (let at = out.indexOf(CALL); at >= 0 && at < end; at = out.indexOf(CALL, at + 5)) {
    const target = view.getInt32(at + 1, true)
    if (target >= 0 && target < TRANSLATION_SIZE) view.setInt32(at + 1, target - at, true)
    else if (target < 0 && target >= -at) view.setInt32(at + 1, target + TRANSLATION_SIZE, true)
  }
}
