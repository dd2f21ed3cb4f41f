import { unpackBlockBy } from './compiled'

/** No code is longer, in bits. */
export const CODE_LIMIT = 15
/** Literals, then sixteen lengths for each of sixteen sizes of offsets. */
export const SYMBOLS = 512
export const LENGTHS_END = SYMBOLS / 2
export const LEAST_MATCH = 3

const FAULTS = [
  'an XPRESS chunk is cut short',
  'the code of an XPRESS chunk is none',
  'an XPRESS chunk refers to what lies before it',
]

/**
 * Unpacks a chunk that XPRESS has packed: LZ77 and Huffman ([MS-XCA] 2.1, 2.2).
 * @param byteLength what it unpacks to, exactly
 * @throws {RangeError} where it does not
 */
export function unpackXpress(packed: Uint8Array, byteLength: number): Uint8Array {
  return unpackBlockBy(
    packed,
    byteLength,
    ({ xpress }, from, out) => xpress(from, packed.byteLength, out, byteLength),
    FAULTS,
  )
}
