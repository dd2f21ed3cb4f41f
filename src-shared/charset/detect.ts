import { NAME_CHARSETS } from '../model'
import { alphabetScore } from './score'
import { codePageDecoder } from './code-pages'

/** Labels that names may be said to be in. `utf-8` is always tried first; the others only where it does not fit. */
export type Charset = keyof typeof NAME_CHARSETS
export const CHARSETS = Object.keys(NAME_CHARSETS) as Charset[]

/** Turns recorded bytes into text. Bytes that fit nothing become U+FFFD. */
export type NameDecoder = (bytes: Uint8Array) => string

/** @throws {RangeError} for a label nobody knows. */
export function nameDecoder(label: string): NameDecoder {
  const wanted = label.toLowerCase()
  const ofDos = codePageDecoder(wanted)
  if (ofDos) return ofDos
  // Latin-1 proper: the Encoding Standard's label of that name means windows-1252, which is what discs hold.
  const decoder = new TextDecoder(wanted === 'utf8' ? 'utf-8' : wanted, { ignoreBOM: true })
  return (bytes) => decoder.decode(bytes)
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

/** Null where the bytes are not well-formed UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | null {
  try {
    return strictUtf8.decode(bytes)
  } catch {
    return null
  }
}

// Frequent characters of file names and running text: enough to tell two encodings that share a byte range apart.
const COMMON: Partial<Record<Charset, string>> = {
  gb18030: '的一是不了人我在有他这中大国上文件新建用图像资料说明安装程序软件学生个时年月日版使机电子音乐测试',
  big5: '的一是不了人我在有他這中大國上文件新建用圖像資料說明安裝程式軟體學生個時年月日版使機電子音樂測試',
  'euc-kr': '이다의는가을에한글서지고기로사하인자나시도어일리를해문파폴더새안국테스트명보정대수라과주제비',
}

/**
 * Which encoding a set of names that are not UTF-8 was most likely written in. Every candidate that cannot decode all of
 * them is out; the rest are scored by how much the outcome looks like text.
 */
export function detectCharset(all: readonly Uint8Array[]): Charset {
  const names = sampleOf(all)
  let best: Charset = 'latin1'
  let bestScore = -Infinity
  for (const candidate of CHARSETS) {
    if (candidate === 'cp850') continue
    const score = scoreOf(candidate, names)
    if (score <= bestScore) continue
    // Of two that read all of them alike it is the more usual one, which comes first.
    if (bestScore === -Infinity || !readAlike(candidate, best, names)) best = candidate
    bestScore = score
  }
  return best
}

/** Bytes that are looked at: each set reads them all. */
const SAMPLE_LENGTH = 64 << 10

/** The first names, as far as they go; what is longer by itself is cut at a blank, which no set has inside a character. */
function sampleOf(names: readonly Uint8Array[]): Uint8Array[] {
  const sample: Uint8Array[] = []
  let room = SAMPLE_LENGTH
  for (const name of names) {
    if (name.byteLength <= room) sample.push(name)
    else if (sample.length === 0) sample.push(name.subarray(0, lastBlank(name, room)))
    else break
    room -= name.byteLength
  }
  return sample
}

function lastBlank(bytes: Uint8Array, from: number): number {
  let at = from
  while (at > 0 && (bytes[at] ?? 0) > 0x20) at--
  return at === 0 ? from : at
}

function readAlike(one: Charset, other: Charset, names: readonly Uint8Array[]): boolean {
  const [decode, decodeOther] = [nameDecoder(one), nameDecoder(other)]
  return names.every((bytes) => decode(bytes) === decodeOther(bytes))
}

function scoreOf(charset: Charset, names: readonly Uint8Array[]): number {
  const decode = nameDecoder(charset)
  const common = COMMON[charset] ?? ''
  const texts = names.map((bytes) => decode(bytes)).filter((text) => !text.includes('\uFFFD'))
  const failures = names.length - texts.length
  // One broken name among many must not decide for the others.
  if (failures * 10 > names.length) return -Infinity
  const score = alphabetScore(charset, texts) ?? texts.reduce((sum, text) => sum + textScore(text, charset, common), 0)
  return score - failures * 20
}

function textScore(text: string, charset: Charset, common: string): number {
  let score = 0
  const characters = Array.from(text)
  for (const [at, character] of characters.entries()) {
    const code = character.codePointAt(0) ?? 0
    if (code >= 0x80) score += characterScore(code, character, charset, common)
    // A lone accented letter between ASCII letters is what single-byte text looks like, and double-byte text does not.
    if (code <= 0x2e80 || !isAsciiLetter(characters[at - 1])) continue
    score -= isAsciiLetter(characters[at + 1]) ? 5 : 1
  }
  return score
}

function isAsciiLetter(character = ''): boolean {
  return /^[a-z]$/i.test(character)
}

function characterScore(code: number, character: string, charset: Charset, common: string): number {
  switch (charset) {
    case 'utf-8':
      return 20
    case 'shift_jis':
    case 'euc-jp':
      if (code >= 0x3040 && code <= 0x30ff) return 7
      if (code >= 0x4e00 && code <= 0x9fff) return 3
      return code >= 0xff61 && code <= 0xff9f ? -2 : 1
    case 'gb18030':
    case 'big5':
      if (common.includes(character)) return 8
      return code >= 0x4e00 && code <= 0x9fff ? 3 : code >= 0xe000 && code <= 0xf8ff ? -6 : -1
    case 'euc-kr':
      if (common.includes(character)) return 8
      return code >= 0xac00 && code <= 0xd7a3 ? 5 : -1
    default:
      return 0
  }
}
