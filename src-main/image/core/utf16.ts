/**
 * UTF-16BE units in `bytes[from, to)` as UTF-8 in `into`, which must hold three bytes for each unit. Answers the length
 * in bytes; negative where there was an unpaired surrogate, which becomes U+FFFD.
 */
export function utf16BeToUtf8(bytes: Uint8Array, from: number, to: number, into: Uint8Array): number {
  let out = 0
  let broken = false
  for (let at = from; at + 1 < to; at += 2) {
    let code = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    if (code < 0x80) {
      into[out++] = code
      continue
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = at + 3 < to ? ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0) : 0
      if (code < 0xdc00 && low >= 0xdc00 && low <= 0xdfff) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00)
        at += 2
      } else {
        code = 0xfffd
        broken = true
      }
    }
    if (code >= 0x10000) {
      into[out++] = 0xf0 | (code >> 18)
      into[out++] = 0x80 | ((code >> 12) & 0x3f)
    } else if (code >= 0x800) {
      into[out++] = 0xe0 | (code >> 12)
    } else {
      into[out++] = 0xc0 | (code >> 6)
      into[out++] = 0x80 | (code & 0x3f)
      continue
    }
    into[out++] = 0x80 | ((code >> 6) & 0x3f)
    into[out++] = 0x80 | (code & 0x3f)
  }
  return broken ? -out : out
}

/** Characters U+0000–U+00FF as UTF-8 in `into`, which must hold two bytes for each. Answers the length in bytes. */
export function latin1ToUtf8(bytes: Uint8Array, from: number, to: number, into: Uint8Array): number {
  let out = 0
  for (let at = from; at < to; at++) {
    const code = bytes[at] ?? 0
    if (code < 0x80) into[out++] = code
    else {
      into[out++] = 0xc0 | (code >> 6)
      into[out++] = 0x80 | (code & 0x3f)
    }
  }
  return out
}
