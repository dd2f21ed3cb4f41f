import { copyLiterals, copyMatch } from './copy-bytes'

/**
 * LZVN, the fast half of Apple's LZFSE: each opcode is some literals and a match, whose distance may be that of the last.
 * Writes into `out` from `outFrom` on, up to `outTo`; a match may reach back to the beginning of `out`.
 * @returns whether the stream is one and gave exactly so many bytes
 */
export function decodeLzvn(packed: Uint8Array, out: Uint8Array, outFrom = 0, outTo = out.byteLength): boolean {
  let from = 0
  let to = outFrom
  let distance = 0
  for (;;) {
    if (from >= packed.byteLength) return to === outTo
    const code = packed[from] ?? 0
    const next = packed[from + 1] ?? 0
    let literals = 0
    let match = 0
    if (code >= 0xf0) {
      // Matches alone, at the last distance.
      match = code === 0xf0 ? next + 16 : code & 0xf
      from += code === 0xf0 ? 2 : 1
    } else if (code >= 0xe0) {
      literals = code === 0xe0 ? next + 16 : code & 0xf
      from += code === 0xe0 ? 2 : 1
    } else if (code >= 0xa0 && code < 0xc0) {
      const low = next | ((packed[from + 2] ?? 0) << 8)
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
        distance = next | ((packed[from + 2] ?? 0) << 8)
        from += 3
      } else if (kind < 6) {
        distance = (kind << 8) | next
        from += 2
      } else if (code >= 0x40) {
        // At the last distance.
        from += 1
      } else if (code === 0x06) {
        return to === outTo
      } else if (code === 0x0e || code === 0x16) {
        from += 1
        continue
      } else {
        return false
      }
    }
    if (from + literals > packed.byteLength || to + literals + match > outTo) return false
    copyLiterals(out, to, packed, from, literals)
    from += literals
    to += literals
    if (match > 0 && (distance === 0 || distance > to)) return false
    copyMatch(out, to, distance, match)
    to += match
  }
}
