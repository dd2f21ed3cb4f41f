import { utf16BeToUtf8 } from '../../../core/utf16'

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
  const length = utf16BeToUtf8(bytes, from, to, into)
  result.broken = length < 0
  result.byteLength = Math.abs(length)
  return result
}
