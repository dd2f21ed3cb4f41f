import { cs0ToUtf8 } from './osta-cs0'

/**
 * ECMA-167 4/14.16: a symbolic link's content, as UTF-8 with `/` between the components. Null where one of them is cut off
 * or is none.
 */
export function readPathComponents(bytes: Uint8Array): Uint8Array | null {
  const parts: Uint8Array[] = []
  let isAbsolute = false
  for (let at = 0; at + 4 <= bytes.byteLength;) {
    const type = bytes[at] ?? 0
    const length = bytes[at + 1] ?? 0
    if (at + 4 + length > bytes.byteLength) return null
    if (type === 1 || type === 2) {
      // 1 is the root of some system by agreement, 2 of this volume: a path starts anew at either.
      isAbsolute = true
      parts.length = 0
    } else if (type === 3) parts.push(ascii('..'))
    else if (type === 4) parts.push(ascii('.'))
    else if (type === 5) {
      const into = new Uint8Array(length * 3 + 1)
      parts.push(into.slice(0, Math.abs(cs0ToUtf8(bytes, at + 4, at + 4 + length, into))))
    } else return null
    at += 4 + length
  }
  const joined = parts.reduce<number[]>(
    (all, part, index) => {
      if (index > 0) all.push(0x2f)
      for (const byte of part) all.push(byte)
      return all
    },
    isAbsolute ? [0x2f] : [],
  )
  return Uint8Array.from(joined)
}

function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text)
}
