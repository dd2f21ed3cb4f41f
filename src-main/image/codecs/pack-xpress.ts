import { CodeBuilder } from './huffman-lengths'
import { LEAST_MATCH, SYMBOLS, LENGTHS_END, CODE_LIMIT } from './xpress'

/** No chunk is longer, so that every offset fits into sixteen bits. */
export const XPRESS_CHUNK_LIMIT = 1 << 16
const END_OF_DATA = 256
const HASH_BITS = 14
/** Places that are looked at for a match. */
const CHAIN_LIMIT = 12
/** As long a match is taken without looking for a longer one. */
const GOOD_MATCH = 64

/** Packs chunks by XPRESS: LZ77 and Huffman ([MS-XCA] 2.1). One may be used for many chunks, one after the other. */
export class XpressPacker {
  private readonly heads = new Int32Array(1 << HASH_BITS)
  private readonly before = new Int32Array(XPRESS_CHUNK_LIMIT)
  /** Of each item, a literal in its low byte, or a match: length above, offset below bit 16. */
  private readonly items = new Float64Array(XPRESS_CHUNK_LIMIT)
  private readonly counts = new Uint32Array(SYMBOLS)
  private readonly lengths = new Uint8Array(SYMBOLS)
  private readonly code = new CodeBuilder(SYMBOLS, CODE_LIMIT)
  private readonly out = new Uint8Array(XPRESS_CHUNK_LIMIT + 1024)

  /**
   * @param bytes at most {@link XPRESS_CHUNK_LIMIT}
   * @returns null where that would not be shorter than the bytes themselves; else valid until the next call
   */
  pack(bytes: Uint8Array): Uint8Array | null {
    if (bytes.byteLength > XPRESS_CHUNK_LIMIT) throw new RangeError('A chunk of XPRESS has 64 KiB at most.')
    if (bytes.byteLength <= LENGTHS_END) return null
    const itemCount = this.findItems(bytes)
    const { counts, lengths, code } = this
    counts[END_OF_DATA] = (counts[END_OF_DATA] ?? 0) + 1
    code.build(counts, lengths)
    const bitCount = LENGTHS_END * 8 + this.bitLength(itemCount)
    if (bitCount / 8 >= bytes.byteLength) return null
    const packed = this.write(itemCount)
    return packed.byteLength < bytes.byteLength ? packed : null
  }

  /** @returns how many there are; their symbols are counted */
  private findItems(bytes: Uint8Array): number {
    const { heads, before, items, counts } = this
    heads.fill(-1)
    counts.fill(0)
    const end = bytes.byteLength
    let count = 0
    for (let at = 0; at < end;) {
      let best = 0
      let offset = 0
      if (at + LEAST_MATCH <= end) {
        const hash = hashAt(bytes, at)
        const limit = end - at
        let candidate = heads[hash] ?? -1
        for (let tries = CHAIN_LIMIT; candidate >= 0 && tries > 0; tries--, candidate = before[candidate] ?? -1) {
          if (bytes[candidate + best] !== bytes[at + best] || bytes[candidate] !== bytes[at]) continue
          let length = 0
          while (length < limit && bytes[candidate + length] === bytes[at + length]) length++
          if (length <= best) continue
          best = length
          offset = at - candidate
          if (best >= GOOD_MATCH || best === limit) break
        }
        before[at] = heads[hash] ?? -1
        heads[hash] = at
      }
      // Three bytes from far away take more room than as they are.
      if (best < LEAST_MATCH || (best === LEAST_MATCH && offset > 4096)) {
        const byte = bytes[at] ?? 0
        items[count++] = byte
        counts[byte] = (counts[byte] ?? 0) + 1
        at++
        continue
      }
      items[count++] = best * 65_536 + offset
      const symbol = symbolOf(best, offset)
      counts[symbol] = (counts[symbol] ?? 0) + 1
      const stop = Math.min(at + best, end - LEAST_MATCH + 1)
      // Of a long run not every place is worth finding again.
      const step = best > GOOD_MATCH * 4 ? 8 : 1
      for (let place = at + 1; place < stop; place += step) {
        const hash = hashAt(bytes, place)
        before[place] = heads[hash] ?? -1
        heads[hash] = place
      }
      at += best
    }
    return count
  }

  private bitLength(itemCount: number): number {
    const { items, lengths } = this
    let bits = lengths[END_OF_DATA] ?? 0
    for (let index = 0; index < itemCount; index++) {
      const item = items[index] ?? 0
      if (item < 65_536) bits += lengths[item] ?? 0
      else {
        const length = Math.floor(item / 65_536)
        const offset = item % 65_536
        const long = length - LEAST_MATCH
        bits += (lengths[symbolOf(length, offset)] ?? 0) + 31 - Math.clz32(offset)
        if (long >= 15) bits += long >= 15 + 255 ? 24 : 8
      }
    }
    return bits
  }

  /** Codes in words of sixteen bits; bytes of lengths stand behind the two words that are being filled. */
  private write(itemCount: number): Uint8Array {
    const { items, lengths, out } = this
    const { codes } = this.code
    for (let i = 0; i < LENGTHS_END; i++) out[i] = (lengths[i * 2] ?? 0) | ((lengths[i * 2 + 1] ?? 0) << 4)
    let word = LENGTHS_END
    let nextWord = word + 2
    let at = word + 4
    let bits = 0
    let bitCount = 0
    const put = (value: number, length: number): void => {
      bits = (bits << length) | value
      bitCount += length
      if (bitCount <= 16) return
      bitCount -= 16
      const full = bits >>> bitCount
      out[word] = full
      out[word + 1] = full >>> 8
      bits &= (1 << bitCount) - 1
      word = nextWord
      nextWord = at
      at += 2
    }
    for (let index = 0; index <= itemCount; index++) {
      const item = index === itemCount ? END_OF_DATA : (items[index] ?? 0)
      if (item < 65_536) {
        put(codes[item] ?? 0, lengths[item] ?? 0)
        continue
      }
      const length = Math.floor(item / 65_536)
      const offset = item % 65_536
      const symbol = symbolOf(length, offset)
      put(codes[symbol] ?? 0, lengths[symbol] ?? 0)
      const long = length - LEAST_MATCH
      if (long >= 15) {
        out[at++] = Math.min(long - 15, 255)
        if (long >= 15 + 255) {
          out[at++] = long
          out[at++] = long >>> 8
        }
      }
      const offsetBits = 31 - Math.clz32(offset)
      if (offsetBits > 0) put(offset ^ (1 << offsetBits), offsetBits)
    }
    const last = bits << (16 - bitCount)
    out[word] = last
    out[word + 1] = last >>> 8
    out[nextWord] = out[nextWord + 1] = 0
    return out.subarray(0, at)
  }
}

function symbolOf(length: number, offset: number): number {
  return END_OF_DATA | ((31 - Math.clz32(offset)) << 4) | Math.min(length - LEAST_MATCH, 15)
}

function hashAt(bytes: Uint8Array, at: number): number {
  const three = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
  return Math.imul(three, 0x9e3779b1) >>> (32 - HASH_BITS)
}
