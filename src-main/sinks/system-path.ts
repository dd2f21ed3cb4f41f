import fs from 'node:fs'

/**
 * To Linux a name is bytes, whatever they mean. One that is no UTF-8 is kept in a text all the same: every byte that fits
 * nothing is one lone surrogate, U+DC80 to U+DCFF, as other programs have it (PEP 383). Where Node is asked for such a
 * name as a text it gives U+FFFD for these bytes, by which two files are one, and none is found again.
 */
const KEEPS_BYTES = process.platform === 'linux'
/** With the flag `u` a surrogate that has its other half is not one. */
const LONE = /[\udc80-\udcff]/u
const REPLACED = '\ufffd'
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Whether a path holds bytes that are no UTF-8. */
export function hasLooseBytes(itemPath: string): boolean {
  return LONE.test(itemPath)
}

/** A path as the system is asked for it. */
export function systemPath(itemPath: string): string | Buffer {
  if (!KEEPS_BYTES || !LONE.test(itemPath)) return itemPath
  const parts: Buffer[] = []
  for (const letter of itemPath) {
    const code = letter.codePointAt(0) ?? 0
    parts.push(code >= 0xdc80 && code <= 0xdcff ? Buffer.of(code - 0xdc00) : Buffer.from(letter))
  }
  return Buffer.concat(parts)
}

/** A name that the system gave as bytes, so that {@link systemPath} gives the same bytes. */
export function nameOfBytes(bytes: Uint8Array): string {
  const whole = decoded(bytes)
  if (whole !== null) return whole
  let name = ''
  for (let at = 0; at < bytes.length;) {
    const [letter, length] = letterAt(bytes, at)
    name += letter
    at += length
  }
  return name
}

/** Whether names that the system gave as texts may be others, so that they are to be asked for as bytes. */
export function needsBytes(names: readonly string[]): boolean {
  return KEEPS_BYTES && names.some((name) => name.includes(REPLACED))
}

/** What a folder lists. @throws the system's error */
export function namesIn(folder: string): string[] {
  const names = fs.readdirSync(systemPath(folder), 'utf8')
  return needsBytes(names) ? fs.readdirSync(systemPath(folder), 'buffer').map(nameOfBytes) : names
}

/** The letter there and its bytes; where they are none, what stands for one byte. */
function letterAt(bytes: Uint8Array, at: number): [letter: string, length: number] {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    const letter = decoded(bytes.subarray(at, at + length))
    if (letter !== null) return [letter, length]
  }
  return [String.fromCharCode(0xdc00 + (bytes[at] ?? 0)), 1]
}

function decoded(bytes: Uint8Array): string | null {
  try {
    return strict.decode(bytes)
  } catch {
    return null
  }
}
