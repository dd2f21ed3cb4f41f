import { NAME_CHARSETS } from '../model'
import { alphabetScore } from './score'
import { signScore } from './sign-score'
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

/**
 * Which encoding a set of names that are not UTF-8 was most likely written in. Every candidate that cannot decode all of
 * them is out; the rest are scored by how much the outcome looks like text.
 */
export function detectCharset(all: readonly Uint8Array[]): Charset {
  const names = sampleOf(all)
  let best: Charset = 'latin1'
  let bestScore = -Infinity
  for (const candidate of CHARSETS) {
    const score = scoreOf(candidate, names)
    if (score <= bestScore) continue
    // Of two that read all of them alike it is the more usual one, which comes first.
    if (bestScore === -Infinity || !readAlike(candidate, best, names)) best = candidate
    bestScore = score
  }
  return best
}

/** Points that sets start behind the others with: what hardly any disc is in has to be plain. */
const SELDOM: Partial<Record<Charset, number>> = { cp850: 1, macintosh: 3 }

/** Bytes that are looked at: each set reads them all. */
const SAMPLE_LENGTH = 16 << 10

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
  const texts = names.map((bytes) => decode(bytes)).filter((text) => !text.includes('\uFFFD'))
  const failures = names.length - texts.length
  // One broken name among many must not decide for the others.
  if (failures * 10 > names.length) return -Infinity
  const score = alphabetScore(charset, texts) ?? texts.reduce((sum, text) => sum + signScore(text, charset), 0)
  return score - failures * 20 - (SELDOM[charset] ?? 0)
}
