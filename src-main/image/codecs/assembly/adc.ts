import { copyLiterals, copyMatch } from './copy'

/**
 * Apple Data Compression, as disk images of the nineties have it: literals, and matches with one or two bytes of distance.
 * @returns the bytes written: all, or −1
 */
export function adc(from: usize, byteLength: u32, out: usize, outLength: u32): i32 {
  const end = from + byteLength
  const outEnd = out + outLength
  let to = out
  while (from < end && to < outEnd) {
    const control: u32 = load<u8>(from++)
    if ((control & 0x80) !== 0) {
      const length = (control & 0x7f) + 1
      if (length > <u32>(end - from) || length > <u32>(outEnd - to)) return -1
      copyLiterals(to, from, length)
      from += length
      to += length
      continue
    }
    const isLong = (control & 0x40) !== 0
    const length = isLong ? (control & 0x3f) + 4 : (control >> 2) + 3
    const high: u32 = isLong ? load<u8>(from++) : control & 3
    const distance = (high << 8) + load<u8>(from++) + 1
    if (from > end || distance > <u32>(to - out) || length > <u32>(outEnd - to)) return -1
    copyMatch(to, distance, length)
    to += length
  }
  return to === outEnd ? <i32>outLength : -1
}
