/** CRC-32C (Castagnoli), least significant bit first. */
const POLYNOMIAL = 0x82f63b78
const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let code = byte
  for (let bit = 0; bit < 8; bit++) code = (code & 1) !== 0 ? (code >>> 1) ^ POLYNOMIAL : code >>> 1
  return code
})

/** Of bytes, those of the sum itself (four at `sumOffset`) taken as zeros. */
export function crc32c(bytes: Uint8Array, sumOffset = -4): number {
  let code = -1
  for (let at = 0; at < bytes.byteLength; at++) {
    const byte = at >= sumOffset && at < sumOffset + 4 ? 0 : (bytes[at] ?? 0)
    code = (code >>> 8) ^ (TABLE[(code ^ byte) & 255] ?? 0)
  }
  return ~code >>> 0
}
