export interface EncodedName {
  byteLength: number
  version: number
  /** It held an unpaired surrogate, now U+FFFD. */
  broken: boolean
}

const result: EncodedName = { byteLength: 0, version: 1, broken: false }

/**
 * A Joliet identifier (UTF-16BE, `;version` allowed) as UTF-8 in `into`, which must hold three bytes for each two.
 * The answer is one object used again and again: it is read before the next call.
 */
export function encodeJolietName(bytes: Uint8Array, from: number, byteLength: number, into: Uint8Array): EncodedName {
  let to = from + (byteLength & ~1)
  result.version = 1
  result.broken = false
  for (let at = to - 2; at > from && to - at <= 12; at -= 2) {
    const unit = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)
    if (unit === 0x3b) {
      if (at < to - 2) {
        let version = 0
        for (let digit = at + 3; digit < to; digit += 2) version = version * 10 + ((bytes[digit] ?? 0x30) - 0x30)
        result.version = version > 0 ? version : 1
        to = at
      }
      break
    }
    if (unit < 0x30 || unit > 0x39) break
  }
  let out = 0
  for (let at = from; at < to; at += 2) {
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
        result.broken = true
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
  result.byteLength = out
  return result
}
