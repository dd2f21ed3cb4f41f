import type { BitReader } from '../../codecs/bit-reader'

const LENGTH_LIMIT = 32

/** A canonical Huffman code as MAME has them (`huffman.cpp`): the longest codes are the lowest numbers. */
export class ChdHuffman {
  private readonly table: Uint32Array
  private readonly tableBits: number

  /** @throws {RangeError} where the lengths make no code */
  constructor(lengths: readonly number[]) {
    this.tableBits = Math.max(1, ...lengths)
    const counts = new Array<number>(LENGTH_LIMIT + 1).fill(0)
    for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1
    const next = new Array<number>(LENGTH_LIMIT + 1).fill(0)
    let start = 0
    for (let length = LENGTH_LIMIT; length > 0; length--) {
      const end = start + (counts[length] ?? 0)
      if (length !== 1 && end % 2 !== 0) throw new RangeError('lengths that make no code')
      next[length] = start
      start = end >> 1
    }
    if (start > 1) throw new RangeError('a code is oversubscribed')
    this.table = new Uint32Array(1 << this.tableBits)
    for (const [symbol, length] of lengths.entries()) {
      if (length === 0) continue
      const code = next[length] ?? 0
      next[length] = code + 1
      const span = 1 << (this.tableBits - length)
      this.table.fill((symbol << 8) | length, code * span, (code + 1) * span)
    }
  }

  /** @throws {RangeError} where the next bits are no code */
  read(reader: BitReader): number {
    const found = this.table[reader.peek(this.tableBits)] ?? 0
    if (found === 0) throw new RangeError('bits that are no code')
    reader.skip(found & 255)
    return found >>> 8
  }
}

/** Lengths of the codes, written as numbers with repeats (`import_tree_rle`). @param longest of a code, in bits */
export function readRunLengths(reader: BitReader, symbolCount: number, longest: number): number[] {
  const bits = longest >= 16 ? 5 : longest >= 8 ? 4 : 3
  const lengths: number[] = []
  while (lengths.length < symbolCount) {
    const length = reader.read(bits)
    // One is the sign of a repeat, and itself where it stands twice.
    const repeated = length === 1 ? reader.read(bits) : length
    const count = length === 1 && repeated !== 1 ? reader.read(bits) + 3 : 1
    for (let i = 0; i < count && lengths.length < symbolCount; i++) lengths.push(repeated)
    if (reader.isPast) throw new RangeError('the lengths end too early')
  }
  return lengths
}

const SMALL_SYMBOLS = 24
const RUN_BITS = 8

/** Lengths of the codes of bytes, packed by a code of their own (`import_tree_huffman`). */
function readPackedLengths(reader: BitReader): number[] {
  const small = new Array<number>(SMALL_SYMBOLS).fill(0)
  small[0] = reader.read(3)
  const start = reader.read(3) + 1
  let last = 0
  for (let index = 1; index < SMALL_SYMBOLS; index++) {
    if (index < start || last === 7) continue
    last = reader.read(3)
    small[index] = last === 7 ? 0 : last
  }
  const code = new ChdHuffman(small)
  const lengths: number[] = []
  let length = 0
  while (lengths.length < 256) {
    const value = code.read(reader)
    if (value !== 0) {
      length = value - 1
      lengths.push(length)
      continue
    }
    let count = reader.read(3) + 2
    if (count === 9) count += reader.read(RUN_BITS)
    for (let i = 0; i < count && lengths.length < 256; i++) lengths.push(length)
    if (reader.isPast) throw new RangeError('the lengths end too early')
  }
  return lengths
}

/** The codec `huff`: bytes by one code. @throws {RangeError} where they are damaged */
export function decodeHuff(reader: BitReader, byteLength: number): Uint8Array {
  const lengths = readPackedLengths(reader)
  if (Math.max(...lengths) > 16) throw new RangeError('a code is too long')
  const code = new ChdHuffman(lengths)
  const out = new Uint8Array(byteLength)
  for (let at = 0; at < byteLength; at++) out[at] = code.read(reader)
  if (reader.isPast) throw new RangeError('the bytes end too early')
  return out
}
