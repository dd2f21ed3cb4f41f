import type { ByteReader } from '../../core/byte-reader'
import { latin1ToUtf8, utf16BeToUtf8 } from '../../core/utf16'

/**
 * OSTA CS0 (UDF 2.1.1, 6.4): a byte that tells 8- or 16-bit characters, then those. Answers the length in UTF-8,
 * negative where it is not text in full.
 */
export function cs0ToUtf8(bytes: Uint8Array, from: number, to: number, into: Uint8Array): number {
  if (to <= from) return 0
  const compression = bytes[from] ?? 0
  // 254 and 255 are the 8- and 16-bit forms of a name whose file is deleted.
  if (compression === 8 || compression === 254) return latin1ToUtf8(bytes, from + 1, to, into)
  if (compression === 16 || compression === 255) return utf16BeToUtf8(bytes, from + 1, to, into)
  return -latin1ToUtf8(bytes, from, to, into)
}

/** ECMA-167 1/7.2.12: a fixed field whose last byte is the length used. */
export function readDString(reader: ByteReader, at: number, fieldLength: number): string {
  const used = Math.min(reader.u8(at + fieldLength - 1), fieldLength - 1)
  if (used === 0) return ''
  const into = new Uint8Array(fieldLength * 3)
  const length = Math.abs(cs0ToUtf8(reader.slice(at, used), 0, used, into))
  return new TextDecoder()
    .decode(into.subarray(0, length))
    .replace(/\0[\s\S]*$/, '')
    .trim()
}
