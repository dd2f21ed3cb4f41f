const TABLE = new Uint16Array(256).map((_, index) => {
  let crc = index << 8
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})

/** ECMA-167 3/7.2.6 and its annex A: CRC-CCITT of `bytes[from, to)`, beginning with zero, or with `start`. */
export function crcCcitt(bytes: Uint8Array, from: number, to: number, start = 0): number {
  let crc = start
  for (let i = from; i < to; i++) crc = ((crc << 8) & 0xffff) ^ (TABLE[(crc >> 8) ^ (bytes[i] ?? 0)] ?? 0)
  return crc
}
