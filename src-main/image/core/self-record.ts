import { readU32Be, readU32Le } from './byte-reader'

/**
 * The first record of a directory describes the directory itself; its identifier is the one byte 0 (ECMA-119 6.8.2.2).
 * True where there is one, wherever it says that the directory lies.
 * @param bytes a directory from its beginning
 */
export function hasSelfRecord(bytes: Uint8Array): boolean {
  return (bytes[0] ?? 0) >= 34 && bytes[32] === 1 && bytes[33] === 0
}

/**
 * Where a directory's own record says that it lies, and what it measures (ECMA-119 9.1.2 to 9.1.4).
 * @returns `isLengthCertain`: recorded alike in both byte orders; logical blocks, `location` that of the extended attributes where it has them; null without such a record
 */
export function readSelfRecord(
  bytes: Uint8Array,
): { location: number; xarLength: number; byteLength: number; isLengthCertain: boolean } | null {
  if (!hasSelfRecord(bytes)) return null
  const byteLength = readU32Le(bytes, 10)
  const isLengthCertain = byteLength === readU32Be(bytes, 14)
  return { location: readU32Le(bytes, 2), xarLength: bytes[1] ?? 0, byteLength, isLengthCertain }
}
