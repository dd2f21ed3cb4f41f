import type { Connection } from './database'
import { decodeFlags, rowidOf } from './entry-codes'
import type { EntryRecord } from './records'

export type ListedEntry = Omit<EntryRecord, 'parent' | 'childCount' | 'position'> & { path: string }

type Stored = [
  id: number,
  name: string,
  flags: number,
  byteLength: number,
  modified: number | null,
  mode: number | null,
  uid: number | null,
  gid: number | null,
  target: string | null,
  sha256: string | null,
  blake3: string | null,
]

const COLUMNS = `entry.id, name, flags, byte_length, modified, mode, uid, gid, target,
  (SELECT lower(hex(digest)) FROM entry_hash WHERE entry_id = entry.id AND algorithm = 1),
  (SELECT lower(hex(digest)) FROM entry_hash WHERE entry_id = entry.id AND algorithm = 2)`

/** Lists whole trees out of the catalog: parents first, siblings by name. */
export class EntryListing {
  private readonly selectOne
  private readonly selectBelow
  private readonly selectParent

  constructor(database: Connection) {
    this.selectOne = database.prepare(`SELECT ${COLUMNS} FROM entry WHERE id = ?`).raw()
    this.selectBelow = database
      .prepare(
        `SELECT ${COLUMNS} FROM directory
         JOIN entry ON entry.id BETWEEN @base + first_child AND @base + first_child + child_count - 1
         WHERE directory.id = @directory ORDER BY name`,
      )
      .raw()
    this.selectParent = database.prepare('SELECT name, parent FROM entry WHERE id = ?').raw()
  }

  /** Entries with everything below them; null for the whole view. The root itself is not listed. */
  *below(viewId: number, entries: readonly number[] | null): Generator<ListedEntry> {
    const base = rowidOf(viewId, 0)
    for (const entry of entries ?? [0]) {
      const row = this.selectOne.get(base + entry) as Stored | undefined
      if (row) yield* this.visit(base, row, this.pathOf(base, entry))
    }
  }

  private *visit(base: number, row: Stored, path: string): Generator<ListedEntry> {
    const listed = asEntry(base, row, path)
    if (path !== '') yield listed
    if (listed.kind !== 'directory') return
    for (const child of this.selectBelow.all({ base, directory: row[0] }) as Stored[])
      if (child[0] !== base) yield* this.visit(base, child, path === '' ? child[1] : `${path}/${child[1]}`)
  }

  private pathOf(base: number, entry: number): string {
    const names: string[] = []
    let at = entry
    // Parents have smaller numbers than their children, so this ends.
    while (at > 0) {
      const row = this.selectParent.get(base + at) as [string, number] | undefined
      if (!row) break
      names.push(row[0])
      if (row[1] >= at) break
      at = row[1]
    }
    return names.reverse().join('/')
  }
}

function asEntry(base: number, row: Stored, path: string): ListedEntry {
  const [id, name, flags, byteLength, modified, mode, uid, gid, target, sha256, blake3] = row
  return {
    entry: id - base,
    path,
    name,
    ...decodeFlags(flags),
    byteLength,
    modified,
    mode,
    uid,
    gid,
    target,
    sha256,
    blake3,
  }
}
