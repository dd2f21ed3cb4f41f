import type { Connection } from './database'
import { rowidOf } from './entry-codes'

/** Removes a view with everything that is known of it. To be called within a transaction. */
export function deleteView(database: Connection, viewId: number): void {
  const range = [rowidOf(viewId, 0), rowidOf(viewId + 1, 0) - 1]
  database.prepare('DELETE FROM entry_name WHERE rowid BETWEEN ? AND ?').run(...range)
  database.prepare('DELETE FROM entry WHERE id BETWEEN ? AND ?').run(...range)
  database.prepare('DELETE FROM directory WHERE id BETWEEN ? AND ?').run(...range)
  database.prepare('DELETE FROM view WHERE id = ?').run(viewId)
}
