import type { Connection } from './database'
import { rowidOf, VIEW_SPAN } from './entry-codes'
import { CHUNK_SPAN } from './bigram-filter'

/** Removes a view with everything that is known of it. To be called within a transaction. */
export function deleteView(database: Connection, viewId: number): void {
  deleteEntries(database, rowidOf(viewId, 0), VIEW_SPAN)
  database.prepare('DELETE FROM view WHERE id = ?').run(viewId)
}

/**
 * Removes entries by their rowids `[first, first + count)`, both multiples of a chunk of letters. To be called within a
 * transaction.
 */
export function deleteEntries(database: Connection, first: number, count: number): void {
  const range = [first, first + count - 1]
  database.prepare('DELETE FROM entry_name WHERE rowid BETWEEN ? AND ?').run(...range)
  database.prepare('DELETE FROM entry_hash WHERE entry_id BETWEEN ? AND ?').run(...range)
  database.prepare('DELETE FROM entry WHERE id BETWEEN ? AND ?').run(...range)
  const chunks = range.map((id) => Math.floor(id / CHUNK_SPAN))
  database.prepare('DELETE FROM letter_set WHERE stretch BETWEEN ? AND ?').run(...chunks)
  database.prepare('DELETE FROM directory WHERE id BETWEEN ? AND ?').run(...range)
}
