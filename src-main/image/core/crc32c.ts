/** CRC-32C (Castagnoli), least significant bit first. */
const POLYNOMIAL = 0x82f63b78

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let crc = byte
  for (let bit = 0; bit < 8; bit++) crc = (crc & 1) !== 0 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
  return crc
})

/**
 * CRC-32C as Linux's file systems use it: without the inversion at either end.
 * @param crc what came before, all ones for nothing
 */
export function crc32c(crc: number, bytes: Uint8Array, from = 0, to = bytes.byteLength): number {
  let value = crc
  for (let at = from; at < to; at++) value = (TABLE[(value ^ (bytes[at] ?? 0)) & 255] ?? 0) ^ (value >>> 8)
  return value >>> 0
}

const NO_BYTES = new Uint8Array(4)

/**
 * The usual CRC-32C of bytes that hold their own sum.
 * @param sumOffset where its four bytes lie, which count as zeros
 */
export function crc32cWithin(bytes: Uint8Array, sumOffset: number): number {
  const before = crc32c(-1, bytes, 0, sumOffset)
  return ~crc32c(crc32c(before, NO_BYTES), bytes, sumOffset + 4) >>> 0
}
