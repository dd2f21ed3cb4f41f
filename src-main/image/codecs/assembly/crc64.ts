const POLYNOMIAL: u64 = 0xc96c_5795_d787_0f42

/** By how many bytes follow, then by byte: 8 · 256 sums. */
const table: usize = memory.data(8 * 256 * 8, 8)

for (let byte: u32 = 0; byte < 256; byte++) {
  let sum = <u64>byte
  for (let bit = 0; bit < 8; bit++) sum = (sum >> 1) ^ (POLYNOMIAL & (0 - (sum & 1)))
  store<u64>(table + (byte << 3), sum)
}
for (let at: usize = 2048; at < 8 * 2048; at += 8) {
  const shorter = load<u64>(table + at - 2048)
  store<u64>(table + at, (shorter >> 8) ^ load<u64>(table + ((<usize>(shorter & 255)) << 3)))
}

function entry(row: usize, byte: u64): u64 {
  return load<u64>(table + row + ((<usize>(byte & 255)) << 3))
}

/** CRC-64 of ECMA-182, least significant bit first, as .xz uses it, gone on with: all ones at first, inverted at last. */
export function crc64(sum: u64, from: usize, byteLength: u32): u64 {
  const end = from + byteLength
  for (; from + 8 <= end; from += 8) {
    const word = sum ^ load<u64>(from)
    sum =
      entry(7 * 2048, word) ^
      entry(6 * 2048, word >> 8) ^
      entry(5 * 2048, word >> 16) ^
      entry(4 * 2048, word >> 24) ^
      entry(3 * 2048, word >> 32) ^
      entry(2 * 2048, word >> 40) ^
      entry(2048, word >> 48) ^
      entry(0, word >> 56)
  }
  for (; from < end; from++) sum = (sum >> 8) ^ entry(0, sum ^ load<u8>(from))
  return sum
}
