import type { DiagnosticLog } from '../../../core/diagnostic-log'
import { codeAt, END, type IdentifierPlace } from '../identifier-place'

const SPACE = 0x20
const UNDERSCORE = 0x5f
/** What may be in a file's name and not in an identifier, in the order of ASCII (Joliet specification, “File identifiers”). */
const REPLACED = Array.from('*:;?\\', (character) => character.charCodeAt(0))

/**
 * Whether two Joliet identifiers, of which the second should come first, are in order by the names that they were made
 * of: mkisofs and genisoimage sort files by those and record `_` for `* / : ; ? \` and what controls something.
 * genisoimage has `;` before everything else; mkisofs of 1998 had each of them in its place among the others.
 * @param before the identifier in front of both; null where there is none. It tells which `_` cannot stand for another.
 * @param canBeTied what follows `;` in two names is not looked at by these writers, so they may come in any order: only
 * to be told of their images, since names often begin alike with a `_` that is none but itself
 */
export function isOrderOfOriginals(
  before: IdentifierPlace | null,
  first: IdentifierPlace,
  second: IdentifierPlace,
  canBeTied: boolean,
): boolean {
  // Where the one before differs, it came first by a character that is not replaced, or not by it.
  let isAlikeBefore = before !== null
  let isTied = false
  for (let i = 0; ; i += 2) {
    const own = codeAt(first, i, 2)
    const other = codeAt(second, i, 2)
    const earlier = isAlikeBefore && before !== null ? codeAt(before, i, 2) : END
    if (own !== other) {
      // What is replaced is in no identifier, but for a flipped bit.
      if (isReplaced(own) || isReplaced(other)) return false
      if (isTied && canBeTied) return true
      return own === UNDERSCORE && other !== END && fitsBetween(earlier, other)
    }
    if (own === END) return false
    isAlikeBefore &&= earlier === own
    if (own === UNDERSCORE && (earlier === END || earlier === UNDERSCORE)) isTied = true
  }
}

/** Whether something in a Joliet identifier may have been another character: mkisofs lets two names become one by that. */
export function canBeReplaced(identifier: IdentifierPlace): boolean {
  for (let i = 0; ; i += 2) {
    const code = codeAt(identifier, i, 2)
    if (code === END || code === UNDERSCORE) return code === UNDERSCORE
  }
}

/** Says that names of one directory are the same in Joliet, where their writer does that. Nothing is missing. */
export function warnOfNamesAlike(log: DiagnosticLog, count: number): void {
  if (count === 0) return
  const what = count === 1 ? '1 file has' : `${count} files have`
  const message = `${what} the same Joliet name as another beside it, where “_” stands for what Joliet does not allow; numbers tell them apart.`
  log.warn('NAMES_ALIKE', message)
}

function isReplaced(code: number): boolean {
  return (code >= 0 && code < SPACE) || REPLACED.includes(code)
}

/** @param earlier what the identifier before has in its place; END where it says nothing of it */
function fitsBetween(earlier: number, other: number): boolean {
  if (earlier === END || earlier === UNDERSCORE) return true
  return REPLACED.some((code) => earlier <= code && code <= other)
}
