import { isAllZero, readU16Be, readU16Le } from '../../core/byte-reader'

/** Bytes of the fields that every record has (ECMA-119 9.5). */
const FIXED_LENGTH = 250

/**
 * ECMA-119 9.5: owner and group in both byte orders, and at the position 181 the version, which is 1. What is left blank
 * says nothing, and was meant to be one.
 */
export function isAttributeRecord(bytes: Uint8Array): boolean {
  if (bytes.byteLength < FIXED_LENGTH) return false
  if (isAllZero(bytes.subarray(0, FIXED_LENGTH))) return true
  return bytes[180] === 1 && readU16Le(bytes, 0) === readU16Be(bytes, 2) && readU16Le(bytes, 4) === readU16Be(bytes, 6)
}
