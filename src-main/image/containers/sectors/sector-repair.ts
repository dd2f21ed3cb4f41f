import { isAllZero, readU32Le } from '../../core/byte-reader'
import { edcOf } from './edc'
import { hasSync } from './sector-check'

/** ECMA-130 annex A: the field of both codes is that of x⁸ + x⁴ + x³ + x² + 1. */
const POLYNOMIAL = 0x11d
const ORDER = 255
const HEADER = 12
const SYNC = [0, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 0]
const SECTOR = 2352
/** Each pass may make room for the next one; what is not mended by then is not mended. */
const PASSES = 16

const POWER = new Uint8Array(ORDER * 2)
const LOGARITHM = new Uint8Array(256)
for (let exponent = 0, value = 1; exponent < ORDER; exponent++) {
  POWER[exponent] = value
  POWER[exponent + ORDER] = value
  LOGARITHM[value] = exponent
  value = (value << 1) ^ ((value & 0x80) !== 0 ? POLYNOMIAL : 0)
}

/** The words of one code (ECMA-130 A.5, A.6): places in a sector, of the data and of the two bytes of parity. */
function wordsOf(codes: number, length: number, step: number, stride: number, parity: number): Uint16Array[] {
  return Array.from({ length: codes }, (_, code) => {
    const places = new Uint16Array(length + 2)
    for (let i = 0; i < length; i++)
      places[i] = HEADER + (((code >> 1) * step + (code & 1) + i * stride) % (codes * length))
    places[length] = parity + code
    places[length + 1] = parity + codes + code
    return places
  })
}
const P_WORDS = wordsOf(86, 24, 2, 86, 2076)
const Q_WORDS = wordsOf(52, 43, 86, 88, 2248)

/**
 * Whether the raw sector at `at` gives the sum that it carries (ECMA-130 14.3; CD-ROM XA II.4.5); null where it carries
 * none that could be compared.
 */
export function fitsEdc(raw: Uint8Array, at: number): boolean | null {
  if (!hasSync(raw, at)) return false
  const mode = raw[at + 15]
  if (mode === 0) return isAllZero(raw.subarray(at + 16, at + SECTOR)) ? null : false
  if (mode === 1) return readU32Le(raw, at + 2064) === edcOf(raw, at, at + 2064)
  if (mode !== 2) return false
  if (((raw[at + 18] ?? 0) & 0x20) === 0) return readU32Le(raw, at + 2072) === edcOf(raw, at + 16, at + 2072)
  const recorded = readU32Le(raw, at + 2348)
  return recorded === 0 ? null : recorded === edcOf(raw, at + 16, at + 2348)
}

/**
 * Mends a raw sector by its P and Q parity, in place: of each word one byte, and by turns what that leaves of the words
 * across.
 * @param sector 2352 bytes
 * @param isModeTwo what the sectors around it are, for one whose own mode is damaged
 * @returns whether it gives its sum then; only that tells that it is right
 */
export function mendSector(sector: Uint8Array, isModeTwo: boolean): boolean {
  sector.set(SYNC)
  const header = sector.slice(HEADER, HEADER + 4)
  // In mode 2 parity counts the header as zeros (CD-ROM XA II.4.3).
  if (isModeTwo) sector.fill(0, HEADER, HEADER + 4)
  for (let pass = 0; pass < PASSES; pass++) {
    const isChanged = mendWords(sector, P_WORDS)
    if (!mendWords(sector, Q_WORDS) && !isChanged) break
  }
  if (isModeTwo) {
    sector.set(header, HEADER)
    sector[15] = 2
  }
  return fitsEdc(sector, 0) === true
}

function mendWords(sector: Uint8Array, words: readonly Uint16Array[]): boolean {
  let isChanged = false
  for (const places of words) {
    const last = places.length - 1
    let sum = 0
    let weighed = 0
    for (let i = 0; i <= last; i++) {
      const byte = sector[places[i] ?? 0] ?? 0
      sum ^= byte
      if (byte !== 0) weighed ^= POWER[(LOGARITHM[byte] ?? 0) + last - i] ?? 0
    }
    if (sum === 0 || weighed === 0) continue
    const place = last - (((LOGARITHM[weighed] ?? 0) - (LOGARITHM[sum] ?? 0) + ORDER) % ORDER)
    if (place < 0) continue
    const at = places[place] ?? 0
    sector[at] = (sector[at] ?? 0) ^ sum
    isChanged = true
  }
  return isChanged
}
