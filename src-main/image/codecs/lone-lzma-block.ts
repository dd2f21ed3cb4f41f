import { readU32Le, readU64Le } from '../core/byte-reader'
import { lzmaProperties, unpackLzmaBlock } from './lzma'

/** Properties, length of the dictionary, unpacked length (LZMA specification, “lzma file format”). */
const HEADER_LENGTH = 13
const UNKNOWN = 0xffffffff

/**
 * Unpacks a block that is an .lzma file of its own. Its dictionary is no longer than the block: there is nothing in front
 * of it to look back to.
 * @param limit in bytes
 * @throws {RangeError} where it does not unpack, or would unpack to more
 */
export function unpackLoneLzma(packed: Uint8Array, limit: number): Uint8Array {
  const properties = lzmaProperties(packed[0] ?? 255)
  if (properties === null || packed.byteLength < HEADER_LENGTH) throw new RangeError('the LZMA header cannot be')
  const isUnknown = readU32Le(packed, 5) === UNKNOWN && readU32Le(packed, 9) === UNKNOWN
  const byteLength = isUnknown ? limit : readU64Le(packed, 5)
  if (byteLength > limit) throw new RangeError('the LZMA data unpack to too much')
  return unpackLzmaBlock(packed.subarray(HEADER_LENGTH), byteLength, properties, isUnknown)
}
