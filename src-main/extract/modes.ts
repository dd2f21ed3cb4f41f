import type { EntryTable } from '../image/core/entry-table'

/** Who extracted a file can change and remove it, whatever a disc that nobody can write to says. */
const OWN_FILE = 0o600
const OWN_FOLDER = 0o700

/**
 * The permission bits that an entry is written with; -1 where none are recorded.
 * @param asRecorded exactly those of the image, though its owner could not even delete it
 */
export function writtenMode(table: EntryTable, entry: number, asRecorded: boolean): number {
  const mode = table.modeOf(entry)
  if (mode < 0) return -1
  const own = table.kindOf(entry) === 'directory' ? OWN_FOLDER : OWN_FILE
  return (mode & 0o777) | (asRecorded ? 0 : own)
}
