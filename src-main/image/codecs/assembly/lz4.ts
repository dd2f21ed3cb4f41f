import { copyLiterals, copyMatch } from './copy'

/** How an LZ4 block ends: at the output’s end exactly, there or later, or there at most. */
const BEGINNING: i32 = 1
const LIMITED: i32 = 2

/**
 * One LZ4 block (LZ4 Block Format Description): literals and matches in turn.
 * @param mode 0, or one of those above
 * @returns the bytes written, or −1
 */
export function lz4(from: usize, byteLength: u32, out: usize, limit: u32, mode: i32): i32 {
  const end = from + byteLength
  const outEnd = out + limit
  let to = out
  while (from < end && (to < outEnd || mode === LIMITED)) {
    const token: u32 = load<u8>(from++)
    let literals = token >> 4
    if (literals === 15) {
      let more: u32 = 255
      while (more === 255 && from < end) {
        more = load<u8>(from++)
        literals += more
      }
    }
    if (literals > <u32>(outEnd - to)) {
      if (mode !== BEGINNING) return -1
      literals = <u32>(outEnd - to)
    }
    if (literals > <u32>(end - from)) return -1
    if (literals > 0) {
      copyLiterals(to, from, literals)
      from += literals
      to += literals
    }
    // The last sequence has no match.
    if (from >= end || (to === outEnd && mode !== LIMITED)) break
    if (<u32>(end - from) < 2) return -1
    const distance: u32 = load<u16>(from)
    from += 2
    let length = (token & 15) + 4
    if (length === 19) {
      let more: u32 = 255
      while (more === 255 && from < end) {
        more = load<u8>(from++)
        length += more
      }
    }
    if (distance === 0 || distance > <u32>(to - out)) return -1
    if (length > <u32>(outEnd - to)) {
      if (mode === LIMITED) return -1
      length = <u32>(outEnd - to)
    }
    copyMatch(to, distance, length)
    to += length
  }
  return <i32>(to - out)
}
