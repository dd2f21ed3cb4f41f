/**
 * The error detection code of CD sectors: a CRC of 32 bits with the polynomial (x¹⁶ + x¹⁵ + x² + 1)(x¹⁶ + x² + x + 1),
 * least significant bit first (ECMA-130 14.3).
 */
const POLYNOMIAL = 0xd8018001
const SLICES = 8
const TABLES = makeTables()

/** Eight bytes a step: table `k` is the code of a byte that `k` zero bytes follow. */
function makeTables(): Int32Array {
  const tables = new Int32Array(SLICES * 256)
  for (let byte = 0; byte < 256; byte++) {
    let code = byte
    for (let bit = 0; bit < 8; bit++) code = (code & 1) !== 0 ? (code >>> 1) ^ POLYNOMIAL : code >>> 1
    tables[byte] = code
  }
  for (let at = 256; at < tables.length; at++) {
    const before = tables[at - 256] ?? 0
    tables[at] = (before >>> 8) ^ (tables[before & 255] ?? 0)
  }
  return tables
}

/** The code of `bytes` from `from` up to `to`, as an unsigned number; `start` is that of what comes before them. */
export function edcOf(bytes: Uint8Array, from: number, to: number, start = 0): number {
  const t = TABLES
  let code = start
  let at = from
  for (; at + 8 <= to; at += 8) {
    const low =
      code ^
      ((bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24))
    code =
      (t[1792 + (low & 255)] ?? 0) ^
      (t[1536 + ((low >>> 8) & 255)] ?? 0) ^
      (t[1280 + ((low >>> 16) & 255)] ?? 0) ^
      (t[1024 + (low >>> 24)] ?? 0) ^
      (t[768 + (bytes[at + 4] ?? 0)] ?? 0) ^
      (t[512 + (bytes[at + 5] ?? 0)] ?? 0) ^
      (t[256 + (bytes[at + 6] ?? 0)] ?? 0) ^
      (t[bytes[at + 7] ?? 0] ?? 0)
  }
  for (; at < to; at++) code = (code >>> 8) ^ (t[(code ^ (bytes[at] ?? 0)) & 255] ?? 0)
  return code >>> 0
}
