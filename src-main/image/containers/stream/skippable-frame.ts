import { readU32Le } from '../../core/byte-reader'

/** A frame to be skipped (RFC 8878 3.1.2), which LZ4 has as well: what follows it tells what it belongs to. */
export function isSkippableFrame(bytes: Uint8Array): boolean {
  return bytes.byteLength >= 4 && readU32Le(bytes, 0) >>> 4 === 0x184d2a5
}
