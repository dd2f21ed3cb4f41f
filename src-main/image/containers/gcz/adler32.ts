const MODULUS = 65_521
/** The most bytes whose sums stay below 2^32 without a division (RFC 1950, 8.2). */
const STEP = 5552

/** The Adler-32 sum of bytes (RFC 1950, 8.2), as an unsigned number. */
export function adler32(bytes: Uint8Array): number {
  let low = 1
  let high = 0
  for (let start = 0; start < bytes.byteLength; start += STEP) {
    const end = Math.min(start + STEP, bytes.byteLength)
    for (let index = start; index < end; index++) {
      low += bytes[index] ?? 0
      high += low
    }
    low %= MODULUS
    high %= MODULUS
  }
  return ((high << 16) | low) >>> 0
}
