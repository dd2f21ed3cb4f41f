import { copyLiterals, copyMatch } from './copy'

/**
 * LZVN, the fast half of Apple’s LZFSE: each opcode is some literals and a match, whose distance may be that of the last.
 * @param out where the first byte goes, and `first` how far back a match may reach
 * @returns whether it is one, and gave exactly so many bytes
 */
export function isLzvn(from: usize, byteLength: u32, out: usize, outLength: u32, first: usize): bool {
  const end = from + byteLength
  const outEnd = out + outLength
  let to = out
  let distance: u32 = 0
  while (from < end) {
    // Operands that are not there are found out behind: whatever has them goes on behind the end.
    const code: u32 = load<u8>(from)
    const next: u32 = load<u8>(from + 1)
    let literals: u32 = 0
    let match: u32 = 0
    if (code >= 0xf0) {
      // Matches alone, at the last distance.
      match = code === 0xf0 ? next + 16 : code & 0xf
      from += code === 0xf0 ? 2 : 1
    } else if (code >= 0xe0) {
      literals = code === 0xe0 ? next + 16 : code & 0xf
      from += code === 0xe0 ? 2 : 1
    } else if (code >= 0xa0 && code < 0xc0) {
      const low: u32 = load<u16>(from + 1)
      literals = (code >> 3) & 3
      match = (((code & 7) << 2) | (low & 3)) + 3
      distance = low >> 2
      from += 3
    } else if ((code >= 0x70 && code < 0x80) || code >= 0xd0) {
      return false
    } else {
      literals = code >> 6
      match = ((code >> 3) & 7) + 3
      const kind = code & 7
      if (kind === 7) {
        distance = load<u16>(from + 1)
        from += 3
      } else if (kind < 6) {
        distance = (kind << 8) | next
        from += 2
      } else if (code >= 0x40) {
        // At the last distance.
        from += 1
      } else if (code === 0x06) {
        return to === outEnd
      } else if (code === 0x0e || code === 0x16) {
        from += 1
        continue
      } else {
        return false
      }
    }
    if (from + literals > end || to + literals + match > outEnd) return false
    if (literals > 0) {
      copyLiterals(to, from, literals)
      from += literals
      to += literals
    }
    if (match > 0) {
      if (distance === 0 || distance > <u32>(to - first)) return false
      copyMatch(to, distance, match)
      to += match
    }
  }
  return to === outEnd
}

/** One stream of LZVN by itself. @returns the bytes written: all, or −1 */
export function lzvn(from: usize, byteLength: u32, out: usize, outLength: u32): i32 {
  return isLzvn(from, byteLength, out, outLength, out) ? <i32>outLength : -1
}
