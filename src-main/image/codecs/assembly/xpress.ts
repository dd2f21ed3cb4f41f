import { copyMatch } from './copy'
import { buildCode, CODE_LIMIT, LENGTH_BITS, LENGTH_MASK, longerCode, tableOf } from './huffman'

const CUT: i32 = -1
const BROKEN_CODE: i32 = -2
const UNREACHABLE: i32 = -3

/** Literals, then sixteen lengths for each of sixteen sizes of offsets. */
const SYMBOLS: u32 = 512
const LENGTHS_END: u32 = 256
const LITERALS: u32 = 256
const LEAST_MATCH: u32 = 3
const TABLE_BITS: u32 = 11

const code: usize = memory.data(5256)
const lengths: usize = memory.data(512)

/**
 * LZ77 and Huffman ([MS-XCA] 2.1, 2.2).
 * @returns the bytes written: all, or one of those above
 */
export function xpress(packed: usize, byteLength: u32, out: usize, outLength: u32): i32 {
  if (byteLength < LENGTHS_END) return CUT
  for (let i: u32 = 0; i < LENGTHS_END; i++) {
    const pair: u32 = load<u8>(packed + i)
    store<u8>(lengths + i * 2, pair & 15)
    store<u8>(lengths + i * 2 + 1, pair >> 4)
  }
  if (!buildCode(code, TABLE_BITS, lengths, SYMBOLS)) return BROKEN_CODE
  const table = tableOf(code)
  const end = packed + byteLength
  const outEnd = out + outLength
  let from = packed + LENGTHS_END
  let to = out
  let bits: u32 = 0
  let bitCount: u32 = 0
  while (to < outEnd) {
    // Sixteen bits at least are at hand before a symbol and behind it; bytes of lengths follow those words.
    if (bitCount < 16) {
      // Two words may be looked at that are not there, if none of their bits is used.
      if (from >= end + 4) return CUT
      bits |= (<u32>load<u16>(from)) << (16 - bitCount)
      from += 2
      bitCount += 16
    }
    let entry: u32 = load<u16>(table + ((bits >> (32 - TABLE_BITS)) << 1))
    if (entry === 0) entry = longerCode(code, TABLE_BITS, bits >> (32 - CODE_LIMIT))
    bits <<= entry & LENGTH_MASK
    bitCount -= entry & LENGTH_MASK
    const symbol = entry >> LENGTH_BITS
    if (symbol < LITERALS) {
      store<u8>(to++, symbol)
      continue
    }
    if (bitCount < 16) {
      if (from >= end + 4) return CUT
      bits |= (<u32>load<u16>(from)) << (16 - bitCount)
      from += 2
      bitCount += 16
    }
    const offsetBits = (symbol >> 4) & 15
    const offset: u32 = (1 << offsetBits) | (((bits >> 1) & 0x7fffffff) >> (31 - offsetBits))
    bits <<= offsetBits
    bitCount -= offsetBits
    let length = symbol & 15
    if (length === 15) {
      length += <u32>load<u8>(from++)
      if (length === 15 + 255) {
        length = load<u16>(from)
        from += 2
      }
    }
    length += LEAST_MATCH
    if (offset > <u32>(to - out) || length > <u32>(outEnd - to)) return UNREACHABLE
    copyMatch(to, offset, length)
    to += length
  }
  return from - (bitCount >> 3) > end ? CUT : <i32>outLength
}
