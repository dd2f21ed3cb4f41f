import { decodeUtf8 } from '../../../src-shared/charset/detect'

const DOT = 0x2e
const SEMICOLON = 0x3b
const UNDERSCORE = 0x5f
const TILDE = 0x7e
const HASH = 0x23

/** `* : ; ? \`: not allowed in Joliet, as are characters that control something. */
const NOT_IN_JOLIET: readonly number[] = [0x2a, 0x3a, SEMICOLON, 0x3f, 0x5c]
/** Below it are the others that a `_` of Joliet may stand for; a single bit makes it this one, or 7F. */
const UNIT_SEPARATOR = 0x1f

/** A name that was taken, or would be, is told apart by so many characters at the end of its identifier. */
const NUMBER_LENGTH = 4

/**
 * How a name and an identifier fit: `numbered` where a single digit differs, as it may where the identifier was taken by
 * another name of the directory, and only there.
 */
export const Fit = { no: 0, yes: 1, numbered: 2 } as const
export type Fit = (typeof Fit)[keyof typeof Fit]

/**
 * Whether a Rock Ridge name and the identifier of its record can be of one file: writers make the identifier from the
 * name, in capitals, with `_` for what ECMA-119 7.5 does not allow, cut where it is too long and numbered where it is
 * taken. Judges only what such a rule leaves open to no doubt.
 * @returns no where they contradict one another; yes where they fit, or nobody can tell
 */
export function fitsIdentifier(
  own: Uint8Array,
  ownFrom: number,
  ownTo: number,
  id: Uint8Array,
  idFrom: number,
  idTo: number,
): Fit {
  const end = withoutVersion(id, idFrom, idTo)
  // Most names are their identifier in other letters, and there may be a million of them. Of several dots the last
  // separates for one writer, the first for another.
  if (ownTo - ownFrom === end - idFrom && isDottedAlike(own, ownFrom, id, idFrom, end)) return Fit.yes
  // A dot in front is dropped where it may not be, and moved directories are numbered by some.
  const isDotDropped = own[ownFrom] === DOT && id[idFrom] !== DOT && id[idFrom] !== UNDERSCORE
  if (isDotDropped) ownFrom++
  if (isNumber(id, idFrom, end)) return Fit.yes
  const idDot = lastDot(id, idFrom, end)
  const ownDot = lastDot(own, ownFrom, ownTo)
  const hasIdExtension = idDot >= 0 && idDot < end - 1
  if (isCutTo(own, ownFrom, ownTo, id, idFrom, end) || isBackup(own, ownFrom, ownTo)) return Fit.yes
  // Of several dots the last separates for one writer, the first for another, and none where a directory's name is cut.
  if (ownDot >= 0 && firstDot(own, ownFrom, ownTo) < ownDot) return beginsAlike(own, ownFrom, ownTo, id, idFrom, end)
  // An extension is made of one; what has none in capitals may have had one that was dropped.
  // Some writers end a name at a character that they cannot record, for which the identifier has `_`.
  if (hasIdExtension && ownDot < 0) {
    if (own.subarray(ownFrom, ownTo).includes(DOT) || id[idFrom + ownTo - ownFrom] === UNDERSCORE) return Fit.yes
    return ownTo - ownFrom === idDot - idFrom ? partFits(own, ownFrom, ownTo, id, idFrom, idDot) : Fit.no
  }
  if (!hasIdExtension && ownDot >= 0) return Fit.yes
  if (isDotDropped && ownTo - ownFrom === end - idFrom && isDottedAlike(own, ownFrom, id, idFrom, end)) return Fit.yes
  const idStemEnd = idDot < 0 ? end : idDot
  const ownStemEnd = ownDot < 0 ? ownTo : ownDot
  const stem = partFits(own, ownFrom, ownStemEnd, id, idFrom, idStemEnd)
  if (stem === Fit.no || !hasIdExtension) return stem
  const extension = partFits(own, ownDot + 1, ownTo, id, idDot + 1, end)
  return stem === Fit.yes || extension === Fit.no ? extension : stem
}

/**
 * Whether a name holds one byte beyond ASCII whose lower seven bits are what its identifier has there: no encoding puts
 * a capital into the identifier for that.
 */
export function hasFlippedBit(
  own: Uint8Array,
  ownFrom: number,
  ownTo: number,
  id: Uint8Array,
  idFrom: number,
): boolean {
  let at = -1
  for (let i = ownFrom; i < ownTo; i++) {
    if ((own[i] ?? 0) < 0x80) continue
    if (at >= 0) return false
    at = i
  }
  if (at < 0) return false
  const without = (own[at] ?? 0) & 0x7f
  return isLetterOrDigit(without) && upper(without) === upper(id[idFrom + at - ownFrom] ?? 0)
}

/**
 * Whether a name that is no UTF-8 would be, were one bit of it another, and would still give its identifier: writers put
 * `_` there for every byte beyond ASCII, or for every character. Names in other encodings come that near by chance, so
 * that other characters of the name must be in UTF-8; where the identifier spells a letter, one of them.
 */
export function isBrokenUtf8(own: Uint8Array, identifier: Uint8Array): boolean {
  const mended = Uint8Array.from(own)
  for (let at = 0; at < own.byteLength; at++) {
    const byte = own[at] ?? 0
    // A broken sequence has a byte beyond ASCII beside the one that changed, or is that.
    if (byte < 0x80 && (own[at - 1] ?? 0) < 0x80 && (own[at + 1] ?? 0) < 0x80) continue
    // Where a character beyond ASCII is one `_`, not one for each of its bytes, it is the second.
    const recorded = [identifier[at] ?? 0, identifier[charactersIn(own, at)] ?? 0]
    for (let bit = 1; bit <= 0x80; bit <<= 1) {
      const other = byte ^ bit
      if (other < 0x20 || (other < 0x80 && !recorded.some((code) => charFits(other, code)))) continue
      mended[at] = other
      if (decodeUtf8(mended) === null) continue
      const others = mended.filter((code) => code >= 0xc0).byteLength - (other >= 0x80 ? 1 : 0)
      const isSpelled = isLetterOrDigit(other) && recorded.some((code) => upper(code) === upper(other))
      if (others < (isSpelled ? 1 : 2)) continue
      if (other < 0x80 || recorded[0] === UNDERSCORE || fits(mended, identifier)) return true
    }
    mended[at] = byte
  }
  return false
}

/** How many characters of UTF-8 begin in front of a place. */
function charactersIn(bytes: Uint8Array, end: number): number {
  let count = 0
  for (let at = 0; at < end; at++) if (((bytes[at] ?? 0) & 0xc0) !== 0x80) count++
  return count
}

/** {@link fitsIdentifier} for texts. */
export function namesFitIdentifier(name: string, identifier: string): boolean {
  return !isLetterButForBit(name, identifier) && fits(Buffer.from(name, 'utf8'), Buffer.from(identifier, 'latin1'))
}

/**
 * Whether a name has one character beyond ASCII, which but for one bit would be the letter or digit that its identifier has
 * there. Writers have `_` for such a character, or the letter below its accent.
 */
function isLetterButForBit(name: string, identifier: string): boolean {
  const [foreign, ...more] = Array.from(name).filter((letter) => letter > '\x7f')
  if (foreign === undefined || more.length > 0 || foreign.length > 1) return false
  const at = name.indexOf(foreign)
  const recorded = upper(identifier.charCodeAt(at))
  if (!isLetterOrDigit(recorded) || upper(foreign.normalize('NFD').charCodeAt(0)) === recorded) return false
  const bits = [recorded, recorded >= 0x41 ? recorded | 0x20 : recorded].map((code) => code ^ foreign.charCodeAt(0))
  return bits.some((bit) => (bit & (bit - 1)) === 0)
}

function fits(own: Uint8Array, identifier: Uint8Array): boolean {
  return fitsIdentifier(own, 0, own.byteLength, identifier, 0, identifier.byteLength) !== Fit.no
}

/**
 * Where the version begins (ECMA-119 7.5.1): at a `;` with a number behind it, or with nothing, where it was cut. Names
 * that genisoimage records as they are (-U, -iso-level 4) have other `;` in them.
 */
function withoutVersion(id: Uint8Array, from: number, to: number): number {
  let at = to - 1
  while (at > from && isDigit(id[at] ?? 0)) at--
  return at > from && id[at] === SEMICOLON ? at : to
}

/** −1 where there is none, or nothing in front of it. */
function lastDot(bytes: Uint8Array, from: number, to: number): number {
  for (let at = to - 1; at > from; at--) if (bytes[at] === DOT) return at
  return -1
}

/** Whether the identifier is how the name begins: directories are cut without regard to their dots. */
function isCutTo(
  own: Uint8Array,
  ownFrom: number,
  ownTo: number,
  id: Uint8Array,
  idFrom: number,
  idTo: number,
): boolean {
  if (idTo - idFrom > ownTo - ownFrom) return false
  for (let i = 0; i < idTo - idFrom; i++) if (!charFits(own[ownFrom + i] ?? 0, id[idFrom + i] ?? 0)) return false
  return true
}

/** genisoimage takes these for the mark of a backup, and another dot for the one that separates. */
function isBackup(own: Uint8Array, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (own[at] === TILDE || own[at] === HASH) return true
  return false
}

/** Looks no further than both have one part, and may be numbered; all of what is of one length, if one letter differs. */
function beginsAlike(
  own: Uint8Array,
  ownFrom: number,
  ownTo: number,
  id: Uint8Array,
  idFrom: number,
  idTo: number,
): Fit {
  if (ownTo - ownFrom === idTo - idFrom && differInALetter(own, ownFrom, ownTo, id, idFrom)) return Fit.no
  const ownEnd = firstDot(own, ownFrom, ownTo) - ownFrom
  const idEnd = firstDot(id, idFrom, idTo) - idFrom
  for (let i = 0; i < Math.min(ownEnd, idEnd - NUMBER_LENGTH); i++) {
    const code = own[ownFrom + i] ?? 0
    if (code >= 0x80) break
    if (!charFits(code, id[idFrom + i] ?? 0)) return Fit.no
  }
  return Fit.yes
}

/** Whether names of ASCII have one other character, which is no number of what was taken. */
function differInALetter(own: Uint8Array, ownFrom: number, ownTo: number, id: Uint8Array, idFrom: number): boolean {
  let differing = -1
  for (let i = 0; i < ownTo - ownFrom; i++) {
    const code = own[ownFrom + i] ?? 0
    const recorded = id[idFrom + i] ?? 0
    if (code >= 0x80) return false
    if (charFits(code, recorded) || (code === DOT && recorded === DOT)) continue
    if (differing >= 0) return false
    differing = i
  }
  return differing >= 0 && !isDigit(id[idFrom + differing] ?? 0)
}

/** `to` where there is none, or nothing in front of it. */
function firstDot(bytes: Uint8Array, from: number, to: number): number {
  for (let at = from + 1; at < to; at++) if (bytes[at] === DOT) return at
  return to
}

/** What differs at the end of the identifier is the number of a name that was taken; what differs before it is wrong. */
function partFits(own: Uint8Array, ownFrom: number, ownTo: number, id: Uint8Array, idFrom: number, idTo: number): Fit {
  const ownLength = ownTo - ownFrom
  const idLength = idTo - idFrom
  const length = Math.min(ownLength, idLength)
  let differing = 0
  let first = -1
  for (let i = 0; i < length; i++) {
    const ownCode = own[ownFrom + i] ?? 0
    // Characters beyond ASCII become one `_`, several, or none: behind them nothing lines up, be both of one length.
    if (ownCode >= 0x80) break
    if (charFits(ownCode, id[idFrom + i] ?? 0)) continue
    if (differing++ === 0) first = i
  }
  if (differing === 0) return Fit.yes
  if (first < idLength - numberLength(id, idFrom, idTo, ownLength > idLength)) return Fit.no
  // Where nothing was cut, there was hardly a reason for one of a single character.
  if (differing > 1 || ownLength !== idLength) return Fit.yes
  return isDigit(id[idFrom + first] ?? 0) ? Fit.numbered : Fit.no
}

/** Of more names that were cut to the same than four digits tell apart, numbers are as long as it takes. */
function numberLength(id: Uint8Array, from: number, to: number, isCut: boolean): number {
  let at = to
  while (isCut && at > from && isDigit(id[at - 1] ?? 0)) at--
  return Math.max(NUMBER_LENGTH, to - at)
}

/** Eight digits and nothing else. */
function isNumber(id: Uint8Array, from: number, to: number): boolean {
  return to - from === 8 && id.subarray(from, to).every(isDigit)
}

/** Each character fits, and each dot of the name is one of the identifier, or `_`. */
function isDottedAlike(own: Uint8Array, ownFrom: number, id: Uint8Array, idFrom: number, idTo: number): boolean {
  for (let i = 0; i < idTo - idFrom; i++) {
    const code = own[ownFrom + i] ?? 0
    const recorded = id[idFrom + i] ?? 0
    if (!(recorded === DOT ? code === DOT : charFits(code, recorded))) return false
  }
  return true
}

function charFits(own: number, id: number): boolean {
  if (own === id) return true
  // The name may be one of Joliet, and the identifier one that genisoimage recorded as it was (-U, -relaxed-filenames).
  if (own === UNDERSCORE && isReplacedInJoliet(id)) return true
  if (id === UNDERSCORE) return !isLetterOrDigit(own)
  return upper(own) === upper(id)
}

/**
 * Whether two names of a directory may have been made into one identifier, so that one of them had to be numbered: what
 * is longer may have been cut to it. Judges as {@link fitsIdentifier} does; nobody knows what becomes of characters beyond
 * ASCII.
 */
export function mayShareIdentifier(own: Uint8Array, other: Uint8Array): boolean {
  const [ownFrom, otherFrom] = [own, other].map((name) => (name[0] === DOT ? 1 : 0)) as [number, number]
  const ownDot = lastDot(own, ownFrom, own.byteLength)
  const otherDot = lastDot(other, otherFrom, other.byteLength)
  const ownStemEnd = ownDot < 0 ? own.byteLength : ownDot
  const otherStemEnd = otherDot < 0 ? other.byteLength : otherDot
  return (
    beginsLike(own, ownFrom, ownStemEnd, other, otherFrom, otherStemEnd) &&
    (ownDot < 0 || otherDot < 0 || beginsLike(own, ownDot + 1, own.byteLength, other, otherDot + 1, other.byteLength))
  )
}

/** Whether the other part begins with what gives the same characters as all of the own one, as far as ASCII goes. */
function beginsLike(
  own: Uint8Array,
  ownFrom: number,
  ownTo: number,
  other: Uint8Array,
  otherFrom: number,
  otherTo: number,
): boolean {
  for (let i = 0; i < ownTo - ownFrom; i++) {
    const ownCode = own[ownFrom + i] ?? 0
    const otherCode = otherFrom + i < otherTo ? (other[otherFrom + i] ?? 0) : 0
    if (ownCode >= 0x80 || otherCode >= 0x80) return true
    if (otherFrom + i >= otherTo) return false
    if (isLetterOrDigit(ownCode) ? upper(ownCode) !== upper(otherCode) : isLetterOrDigit(otherCode)) return false
  }
  return true
}

/** Whether Joliet has `_` for a character of another tree. What one flipped bit makes of a `_` is none. */
export function isReplacedInJoliet(code: number): boolean {
  return code < UNIT_SEPARATOR || NOT_IN_JOLIET.includes(code)
}

function upper(code: number): number {
  return code >= 0x61 && code <= 0x7a ? code - 0x20 : code
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39
}

function isLetterOrDigit(code: number): boolean {
  const letter = upper(code)
  return (letter >= 0x41 && letter <= 0x5a) || isDigit(code)
}
