import { copyLiterals, copyMatch } from './copy'

const CUT: i32 = -1
const IMPOSSIBLE_LENGTH: i32 = -2
const LITERALS_DO_NOT_FIT: i32 = -3
const MATCH_DOES_NOT_FIT: i32 = -4
/** The distance that stands for the end of the data. */
const END: u32 = 16384

/**
 * LZO1X, whichever level packed it (Linux, Documentation/staging/lzo.rst).
 * @returns the bytes written, or one of those above
 */
export function lzo(from: usize, byteLength: u32, out: usize, limit: u32): i32 {
  const end = from + byteLength
  const outEnd = out + limit
  let to = out
  /** Literals that followed the last match: 0 to 3, or 4 for a run of its own. */
  let state: u32 = 0
  const first: u32 = byteLength === 0 ? 0 : load<u8>(from)
  if (first > 17) {
    const count = first - 17
    from++
    if (count > <u32>(end - from) || count > <u32>(outEnd - to)) return LITERALS_DO_NOT_FIT
    copyLiterals(to, from, count)
    from += count
    to += count
    state = count < 4 ? count : 4
  }
  while (from < end) {
    const code: u32 = load<u8>(from++)
    /** Of those that have a length of their own: the bits of it, and then it. */
    const mask: u32 = code < 16 ? 15 : code < 32 ? 7 : 31
    let length: u32 = code & mask
    if (length === 0 && code < 64 && (code >= 16 || state === 0)) {
      // It goes on: each zero stands for 255.
      length = mask
      for (;;) {
        if (from >= end) return CUT
        const next: u32 = load<u8>(from++)
        if (next !== 0) {
          length += next
          break
        }
        length += 255
        if (length > limit) return IMPOSSIBLE_LENGTH
      }
    }
    let trailing: u32
    let distance: u32
    if (code >= 64) {
      if (from >= end) return CUT
      trailing = code & 3
      distance = ((<u32>load<u8>(from++)) << 3) + ((code >> 2) & 7) + 1
      length = code >= 128 ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1)
    } else if (code >= 16) {
      if (<u32>(end - from) < 2) return CUT
      const word: u32 = load<u16>(from)
      from += 2
      trailing = word & 3
      length += 2
      distance = (word >> 2) + 1
      if (code < 32) {
        distance = END + ((code & 8) << 11) + (word >> 2)
        if (distance === END) return <i32>(to - out)
      }
    } else if (state === 0) {
      length += 3
      if (length > <u32>(end - from) || length > <u32>(outEnd - to)) return LITERALS_DO_NOT_FIT
      copyLiterals(to, from, length)
      from += length
      to += length
      state = 4
      continue
    } else {
      if (from >= end) return CUT
      trailing = code & 3
      distance = ((<u32>load<u8>(from++)) << 2) + (code >> 2) + (state < 4 ? 1 : 2049)
      length = state < 4 ? 2 : 3
    }
    if (distance > <u32>(to - out) || length > <u32>(outEnd - to)) return MATCH_DOES_NOT_FIT
    copyMatch(to, distance, length)
    to += length
    if (trailing > <u32>(end - from) || trailing > <u32>(outEnd - to)) return LITERALS_DO_NOT_FIT
    store<u32>(to, load<u32>(from))
    from += trailing
    to += trailing
    state = trailing
  }
  return CUT
}
