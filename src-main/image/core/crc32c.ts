/** Castagnoli's polynomial, its bits reversed. */
const POLYNOMIAL = 0x82f63b78

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
  return crc >>> 0
})

/**
 * CRC-32C as Linux's file systems use it: without the inversion at either end.
 * @param crc what came before, all ones for nothing
 */
export function crc32c(crc: number, bytes: Uint8Array, from = 0, to = bytes.byteLength): number {
  let value = crc >>> 0
  for (let at = from; at < to; at++) value = (TABLE[(value ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (value >>> 8)
  return value >>> 0
}
