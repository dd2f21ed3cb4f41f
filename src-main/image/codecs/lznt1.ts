import { unpackBlockBy } from './compiled'

const FAULTS = ['an LZNT1 chunk is cut short', 'an LZNT1 match lies in front of its chunk']

/**
 * Unpacks what NTFS compresses files with: LZNT1 ([MS-XCA] 2.5).
 * @param byteLength how long the answer is; what the packed bytes have nothing of is zeros
 * @throws {RangeError} where they do not unpack
 */
export function unpackLznt1(packed: Uint8Array, byteLength: number): Uint8Array {
  return unpackBlockBy(
    packed,
    byteLength,
    ({ lznt1 }, from, out) => lznt1(from, packed.byteLength, out, byteLength),
    FAULTS,
  )
}
