import type { EntryTable } from '../image/core/entry-table'

/** Files that a sentence names; it counts the others. */
const NAMED_LIMIT = 3

/** The files whose stored bytes reach into a range of the image's blocks, in the order of the tree. */
export function entriesBetween(table: EntryTable, from: number, to: number): number[] {
  const found: number[] = []
  for (let entry = 1; entry < table.length; entry++) {
    if (table.kindOf(entry) !== 'file') continue
    const runs = table.storedRunsOf(entry)
    for (let index = 0; index + 1 < runs.length; index += 2) {
      const start = runs[index] ?? -1
      if (start < 0 || start >= to || start + (runs[index + 1] ?? 0) <= from) continue
      found.push(entry)
      break
    }
  }
  return found
}

/** They as a sentence with a blank before it; empty where no file lies there. */
export function filesBetween(table: EntryTable, from: number, to: number): string {
  const entries = entriesBetween(table, from, to)
  if (entries.length === 0) return ''
  const named = entries.slice(0, NAMED_LIMIT).map((entry) => `“${table.pathOf(entry)}”`)
  const more = entries.length - named.length
  return ` Files there: ${named.join(', ')}${more > 0 ? ` and ${more} more` : ''}.`
}
