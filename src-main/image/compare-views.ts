import type { Diagnostic } from '../../src-shared/model'
import type { EntryTable } from './core/entry-table'

/** Names told in a message; the count says the rest. */
const NAMED = 3

/** Entries that only one of two views has, by index into its own table. */
export interface ViewDifference {
  onlyInFirst: number[]
  onlyInSecond: number[]
}

/**
 * What one view of an image shows and the other hides. Files are the same where their content begins at the same place,
 * whatever either view calls them; what lies elsewhere, or has no content, is compared by its path, without case or normal
 * form: HFS+ takes letters and their marks apart.
 */
export function differenceOf(first: EntryTable, second: EntryTable): ViewDifference {
  return { onlyInFirst: missingFrom(second, first), onlyInSecond: missingFrom(first, second) }
}

/** Entries of `table` that `other` has not. */
function missingFrom(other: EntryTable, table: EntryTable): number[] {
  const places = new Set<number>()
  const paths = new Set<string>()
  for (let index = 1; index < other.length; index++) {
    if (other.kindOf(index) === 'file') places.add(other.discPositionOf(index))
    paths.add(foldPath(other.pathOf(index)))
  }
  const missing: number[] = []
  for (let index = 1; index < table.length; index++) {
    // Links and devices exist in some views only, by their nature; folders come and go with their files.
    if (table.kindOf(index) !== 'file' || table.byteLengthOf(index) === 0) continue
    if (places.has(table.discPositionOf(index)) || paths.has(foldPath(table.pathOf(index)))) continue
    missing.push(index)
  }
  return missing
}

function foldPath(path: string): string {
  return path.normalize('NFC').toLowerCase()
}

/**
 * `VIEWS_DIFFER` where two views do not show the same files. A lone text file on one side is how Windows images tell old
 * systems to use the other, and only worth a note.
 */
export function compareViews(
  first: EntryTable,
  second: EntryTable,
  firstLabel: string,
  secondLabel: string,
): Diagnostic[] {
  const { onlyInFirst, onlyInSecond } = differenceOf(first, second)
  const told = (table: EntryTable, only: readonly number[], label: string): string => {
    const names = only.slice(0, NAMED).map((index) => `“${table.pathOf(index)}”`)
    return `${label} alone shows ${only.length} ${only.length === 1 ? 'file' : 'files'}, such as ${names.join(', ')}`
  }
  const parts: string[] = []
  if (onlyInFirst.length > 0) parts.push(told(first, onlyInFirst, firstLabel))
  if (onlyInSecond.length > 0) parts.push(told(second, onlyInSecond, secondLabel))
  if (parts.length === 0) return []
  const isPlaceholder = (table: EntryTable): boolean => table.length <= 3
  const severity = isPlaceholder(first) || isPlaceholder(second) ? 'note' : 'warning'
  return [{ code: 'VIEWS_DIFFER', severity, message: `${parts.join('; ')}.` }]
}
