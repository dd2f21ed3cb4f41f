import { zstdDecompressSync } from 'node:zlib'
import { readU32Le } from '../core/byte-reader'

const FRAME_MAGIC = 0xfd2fb528

/**
 * One zstd frame (RFC 8878 3.1.1), whatever follows it: blocks of disks are padded, and the library takes what is behind
 * a frame for another one.
 * @param byteLimit most bytes that it may unpack to
 * @throws {Error} where it is damaged, or unpacks to more
 */
export function unpackZstdFrame(packed: Uint8Array, byteLimit: number): Uint8Array {
  return zstdDecompressSync(packed.subarray(0, frameLength(packed)), { maxOutputLength: byteLimit })
}

/** In bytes; that of all of them where it is no frame, or is cut. */
function frameLength(bytes: Uint8Array): number {
  const descriptor = bytes[4] ?? 0
  if (readU32Le(bytes, 0) !== FRAME_MAGIC) return bytes.byteLength
  const isSingle = (descriptor & 0x20) !== 0
  const sizeLength = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
  let at = 5 + (isSingle ? 0 : 1) + ([0, 1, 2, 4][descriptor & 3] ?? 0) + sizeLength
  for (let isLast = false; !isLast && at + 3 <= bytes.byteLength;) {
    const header = readU32Le(bytes, at) & 0xffffff
    isLast = (header & 1) !== 0
    // A block that repeats a byte holds that byte alone.
    at += 3 + (((header >> 1) & 3) === 1 ? 1 : header >> 3)
  }
  return Math.min(bytes.byteLength, at + ((descriptor & 4) !== 0 ? 4 : 0))
}
