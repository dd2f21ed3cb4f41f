import { nameByPattern, type NamePattern } from '../../src-shared/model'
import type { EntryTable } from '../image/core/entry-table'
import { WANTED, type Selection } from './selection'

/** The names that a pattern gives the files that are asked for, by entry; numbered in the image's order. */
export function patternNames(table: EntryTable, selection: Selection, pattern: NamePattern): Map<number, string> {
  const names = new Map<number, string>()
  for (let entry = 0; entry < table.length; entry++) {
    if (selection.marks[entry] !== WANTED || table.kindOf(entry) !== 'file') continue
    const file = { name: table.nameOf(entry), number: names.size + 1, modified: table.modifiedOf(entry) }
    names.set(entry, nameByPattern(pattern, file))
  }
  return names
}
