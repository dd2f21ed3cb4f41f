/**
 * Whether a Rock Ridge name and the identifier of its record can be of one file: writers make the identifier from the
 * name, in capitals, with `_` for what ECMA-119 7.5 does not allow, cut where it is too long and numbered where it is
 * taken. Judges only what such a rule leaves open to no doubt.
 * @returns false where they contradict one another; true where they fit, or nobody can tell
 */
export function fitsIdentifier(name: string, identifier: string): boolean {
  const id = split(identifier.replace(/;\d*$/, '').replace(/\.$/, ''))
  const own = split(name)
  // An extension is made of one; what has none in capitals may have had one that was dropped.
  if (id.extension !== '' && own.extension === '') return name.includes('.')
  if (id.extension === '' && own.extension !== '') return true
  return partFits(own.stem, id.stem) && partFits(own.extension, id.extension)
}

function split(name: string): { stem: string; extension: string } {
  const dot = name.lastIndexOf('.')
  return dot <= 0 ? { stem: name, extension: '' } : { stem: name.slice(0, dot), extension: name.slice(dot + 1) }
}

/** A name that was taken, or would be, is told apart by so many characters at the end of its identifier. */
const NUMBER_LENGTH = 4

/** What differs at the end of the identifier is the number of a name that was taken; what differs before it is wrong. */
function partFits(own: string, id: string): boolean {
  // Characters beyond ASCII become one `_`, several, or none.
  const length = Math.min(own.length, id.length, own.length === id.length ? Infinity : firstBeyondAscii(own))
  let differing = 0
  let first = Infinity
  for (let i = 0; i < length; i++) {
    if (charFits(own.charCodeAt(i), id.charCodeAt(i))) continue
    differing++
    first = Math.min(first, i)
  }
  if (differing === 0) return true
  if (first < id.length - NUMBER_LENGTH) return false
  // Where nothing was cut, there was hardly a reason for one of a single character.
  return differing > 1 || own.length !== id.length || /\d/.test(id.charAt(first))
}

function charFits(own: number, id: number): boolean {
  if (own === id || id === 0x5f) return id !== 0x5f || own === id || !isLetterOrDigit(own)
  return upper(own) === upper(id)
}

function upper(code: number): number {
  return code >= 0x61 && code <= 0x7a ? code - 0x20 : code
}

function isLetterOrDigit(code: number): boolean {
  const letter = upper(code)
  return (letter >= 0x41 && letter <= 0x5a) || (code >= 0x30 && code <= 0x39)
}

function firstBeyondAscii(text: string): number {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return i
  return text.length
}
