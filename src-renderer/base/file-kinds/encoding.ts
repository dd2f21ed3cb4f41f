import { detectCharset, type Charset } from '../../../src-shared/charset/detect'
import { NAME_CHARSETS } from '../../../src-shared/model'

/** Encodings that can be chosen, by the names that TextDecoder knows. */
export const ENCODINGS = [
  'utf-8',
  'utf-16le',
  'utf-16be',
  'windows-1252',
  'macintosh',
  'windows-1250',
  'iso-8859-2',
  'windows-1251',
  'koi8-u',
  'ibm866',
  'iso-8859-5',
  'x-mac-cyrillic',
  'windows-1253',
  'iso-8859-7',
  'windows-1254',
  'windows-1255',
  'windows-1256',
  'iso-8859-6',
  'windows-874',
  'shift_jis',
  'euc-jp',
  'gb18030',
  'big5',
  'euc-kr',
] as const
export type Encoding = (typeof ENCODINGS)[number]

/** As people know them; the others go by the names that names in images have. */
const LABELS: Partial<Record<Encoding, string>> = {
  'utf-16le': 'UTF-16 LE',
  'utf-16be': 'UTF-16 BE',
  'windows-1252': 'Windows-1252 (Western European)',
}

/** What a person is shown for an encoding. */
export function encodingLabel(encoding: Encoding): string {
  return LABELS[encoding] ?? new Map<string, string>(Object.entries(NAME_CHARSETS)).get(encoding) ?? encoding
}

/** Guesses how a text is encoded from its first bytes; `null` where it does not look like text at all. */
export function detectEncoding(bytes: Uint8Array): Encoding | null {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8'
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const zeros = zeroCounts(bytes)
  const half = bytes.byteLength / 2
  // Latin text in UTF-16 has a zero in nearly every second byte.
  if (zeros.odd > half * 0.4 && zeros.even < half * 0.1) return 'utf-16le'
  if (zeros.even > half * 0.4 && zeros.odd < half * 0.1) return 'utf-16be'
  if (zeros.odd + zeros.even > 0) return null
  if (controlCount(bytes) > bytes.byteLength * 0.05) return null
  if (isUtf8(bytes)) return 'utf-8'
  return JAPANESE.find((encoding) => isJapanese(bytes, encoding)) ?? byItsLines(bytes)
}

/** Lines that are looked at: enough to tell, and soon done. */
const LINES_LIMIT = 100
const LINE_LIMIT = 400

/** By what its lines look like in each; the code pages of DOS that no browser reads are read as their successor. */
function byItsLines(bytes: Uint8Array): Encoding {
  const lines: Uint8Array[] = []
  for (let from = 0; from < bytes.byteLength && lines.length < LINES_LIMIT;) {
    const end = bytes.indexOf(10, from)
    // The last one of a sample may end inside a character.
    if (end < 0 && lines.length > 0) break
    const line = bytes.subarray(from, Math.min(end < 0 ? bytes.byteLength : end, from + LINE_LIMIT))
    if (line.some((byte) => byte >= 0x80)) lines.push(line)
    from = end < 0 ? bytes.byteLength : end + 1
  }
  return encodingOf(detectCharset(lines))
}

function encodingOf(charset: Charset): Encoding {
  return ENCODINGS.find((encoding) => encoding === charset) ?? 'windows-1252'
}

const JAPANESE = ['shift_jis', 'euc-jp'] as const
/** Of the characters beyond ASCII in Japanese: Latin text that is read so has hardly any, and mostly breaks the rules. */
const KANA_SHARE = 0.2

function isJapanese(bytes: Uint8Array, encoding: (typeof JAPANESE)[number]): boolean {
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: true })
    let kana = 0
    let others = 0
    for (const character of text) {
      if (character <= '\x7f') continue
      // Half-width kana are what Latin letters with accents look like: they say nothing.
      if (/[\u3040-\u30ff]/.test(character)) kana++
      else others++
    }
    return kana > (kana + others) * KANA_SHARE
  } catch {
    return false
  }
}

function zeroCounts(bytes: Uint8Array): { even: number; odd: number } {
  const counts = { even: 0, odd: 0 }
  for (const [index, byte] of bytes.entries()) if (byte === 0) counts[index % 2 === 0 ? 'even' : 'odd']++
  return counts
}

function controlCount(bytes: Uint8Array): number {
  let count = 0
  for (const byte of bytes)
    if (byte < 32 && byte !== 9 && byte !== 10 && byte !== 12 && byte !== 13 && byte !== 27) count++
  return count
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    // A sample may end inside a character: streaming forgives that and nothing else.
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return true
  } catch {
    return false
  }
}
