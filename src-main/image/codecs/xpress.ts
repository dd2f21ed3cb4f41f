import { copyMatch } from './copy-bytes'
import { CODE_LIMIT, HuffmanCode } from './huffman-code'

export { CODE_LIMIT }

/** Literals, then sixteen lengths for each of sixteen sizes of offsets. */
export const SYMBOLS = 512
const TABLE_BITS = 11
export const LENGTHS_END = SYMBOLS / 2
export const LEAST_MATCH = 3

const code = new HuffmanCode(SYMBOLS, TABLE_BITS)
const lengths = new Uint8Array(SYMBOLS)

/**
 * Unpacks a chunk that XPRESS has packed: LZ77 and Huffman ([MS-XCA] 2.1, 2.2).
 * @param byteLength what it unpacks to, exactly
 * @throws {RangeError} where it does not
 */
export function unpackXpress(packed: Uint8Array, byteLength: number): Uint8Array {
  if (packed.byteLength < LENGTHS_END) throw new RangeError('an XPRESS chunk is cut short')
  for (let i = 0; i < LENGTHS_END; i++) {
    lengths[i * 2] = (packed[i] ?? 0) & 15
    lengths[i * 2 + 1] = (packed[i] ?? 0) >> 4
  }
  code.build(lengths, SYMBOLS)
  const { table } = code
  const out = new Uint8Array(byteLength)
  let from = LENGTHS_END
  let bits = 0
  let bitCount = 0
  let at = 0
  while (at < byteLength) {
    // Sixteen bits at least are at hand before a symbol and behind it; bytes of lengths follow those words.
    if (bitCount < 16) {
      bits |= ((packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)) << (16 - bitCount)
      from += 2
      bitCount += 16
    }
    let entry = table[bits >>> (32 - TABLE_BITS)] ?? 0
    if (entry === 0) entry = code.longer(bits >>> (32 - CODE_LIMIT))
    bits <<= entry & 15
    bitCount -= entry & 15
    const symbol = entry >> 4
    if (symbol < 256) {
      out[at++] = symbol
      continue
    }
    if (bitCount < 16) {
      bits |= ((packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)) << (16 - bitCount)
      from += 2
      bitCount += 16
    }
    const offsetBits = (symbol >> 4) & 15
    let offset = 1
    if (offsetBits > 0) {
      offset = (1 << offsetBits) | (bits >>> (32 - offsetBits))
      bits <<= offsetBits
      bitCount -= offsetBits
    }
    let length = symbol & 15
    if (length === 15) {
      length += packed[from++] ?? 0
      if (length === 15 + 255) {
        length = (packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)
        from += 2
      }
    }
    length += LEAST_MATCH
    if (offset > at || length > byteLength - at || from > packed.byteLength + 4)
      throw new RangeError('an XPRESS chunk refers to what lies before it')
    copyMatch(out, at, offset, length)
    at += length
  }
  return out
}
