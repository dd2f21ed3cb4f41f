import { CHARSETS, decodeUtf8, detectCharset, nameDecoder } from '../../../../src-shared/charset/detect'

/** Sheets are in whatever their writer's system spoke, and name files in it; a byte order mark settles it. */
export function decodeSheet(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return decoded(bytes, 'utf-16le')
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return decoded(bytes, 'utf-16be')
  if (bytes[1] === 0 && bytes[3] === 0 && bytes[0] !== 0 && bytes[2] !== 0) return decoded(bytes, 'utf-16le')
  if (bytes[0] === 0 && bytes[2] === 0 && bytes[1] !== 0 && bytes[3] !== 0) return decoded(bytes, 'utf-16be')
  return (decodeUtf8(bytes) ?? nameDecoder(detectCharset([bytes]))(bytes)).replace(/^\uFEFF/, '')
}

/**
 * Everything that a name or a sheet may be, the likeliest first: a few letters tell little of their character set, and
 * a file that is there tells all.
 */
export function readingsOf(bytes: Uint8Array): string[] {
  if (bytes.includes(0) || decodeUtf8(bytes) !== null) return [decodeSheet(bytes)]
  const others = CHARSETS.map((charset) => nameDecoder(charset)(bytes)).filter((name) => !name.includes('\uFFFD'))
  return [...new Set([decodeSheet(bytes), ...others])]
}

function decoded(bytes: Uint8Array, charset: string): string {
  return new TextDecoder(charset).decode(bytes).replace(/^\uFEFF/, '')
}

/** Whether the start of a file may be a sheet: text has no NUL bytes, unless every other one is. */
export function mayBeText(start: Uint8Array): boolean {
  if (!start.includes(0)) return start.reduce((count, byte) => count + Number(isAscii(byte)), 0) * 4 >= start.byteLength
  const isUtf16 = (start[0] === 0xff && start[1] === 0xfe) || (start[0] === 0xfe && start[1] === 0xff)
  if (isUtf16) return true
  // Names may be in any script, but the commands are ASCII: zeros stand in every other place, and hardly elsewhere.
  const zeros = [0, 0]
  for (const [at, byte] of start.entries()) if (byte === 0) zeros[at % 2] = (zeros[at % 2] ?? 0) + 1
  const [even = 0, odd = 0] = zeros
  return Math.min(even, odd) * 16 <= Math.max(even, odd) && Math.max(even, odd) * 4 >= start.byteLength
}

/** Commands are in it, whatever names are in. */
function isAscii(byte: number): boolean {
  return byte === 9 || byte === 10 || byte === 13 || (byte >= 0x20 && byte < 0x7f)
}

/** `mm:ss:ff` in frames of 1/75 second; minutes may pass 99. */
export function framesOf(time: string): number {
  const [minutes = 0, seconds = 0, frames = 0] = time.split(':').map((part) => Number.parseInt(part, 10) || 0)
  return (minutes * 60 + seconds) * 75 + frames
}

/** Sheets name files with the folders of the machine that wrote them. */
export function baseName(name: string): string {
  return name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1)
}

/**
 * Where a file that a sheet names may lie, best first: below the sheet's own folder as named, or beside the sheet by its
 * name alone. Never elsewhere, whatever the sheet says.
 */
export function placesOf(name: string): string[] {
  const parts = name.replaceAll('\\', '/').split('/')
  const inner = parts.filter((part) => part !== '.' && part !== '')
  const isAbsolute = parts[0] === '' || /^[a-z]:/i.test(parts[0] ?? '')
  const base = baseName(name)
  return isAbsolute || inner.includes('..') || inner.length < 2 ? [base] : [inner.join('/'), base]
}

export function withoutExtension(name: string): string {
  return name.replace(/\.[^.]*$/, '')
}
