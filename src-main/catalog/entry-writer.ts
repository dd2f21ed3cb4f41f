import type { EntryKind, EntryStatus } from '../../src-shared/model'
import type { Connection } from './database'
import { encodeFlags, rowidOf } from './entry-codes'
import { deleteView } from './view-store'

/** The columns of a view's entries, as the reader holds them; a part of its table's face. */
export interface EntryColumnsFace {
  parentOf(index: number): number
  nameOf(index: number): string
  kindOf(index: number): EntryKind
  byteLengthOf(index: number): number
  modifiedOf(index: number): number
  modeOf(index: number): number
  uidOf(index: number): number
  gidOf(index: number): number
  targetOf(index: number): string | null
  hiddenOf(index: number): boolean
  statusOf(index: number): EntryStatus
  discPositionOf(index: number): number
}

/** Writes the entries of one view, batch by batch, each batch one transaction. */
export class EntryWriter {
  readonly viewId: number
  private readonly writeBatch: (table: EntryColumnsFace, first: number, end: number) => void

  /**
   * Begins the view anew within its image and generation.
   * @param isSearchable whether search finds its entries: one view of an image is enough
   */
  constructor(
    private readonly database: Connection,
    imageId: number,
    generation: number,
    viewKey: string,
    isSearchable = true,
  ) {
    this.viewId = beginView(database, imageId, generation, viewKey, isSearchable)
    const insertEntry = database.prepare(
      `INSERT INTO entry (id, name, parent, flags, byte_length, modified, mode, uid, gid, target, disc_position)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    )
    const insertName = database.prepare('INSERT INTO entry_name (rowid, name) VALUES (?, ?)')
    const insertDirectory = database.prepare(
      `INSERT INTO directory (id, first_child, child_count) VALUES (?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET child_count = child_count + excluded.child_count`,
    )
    const countEntries = database.prepare('UPDATE view SET entry_count = ? WHERE id = ?')
    const viewId = this.viewId
    this.writeBatch = database.transaction((table: EntryColumnsFace, first: number, end: number) => {
      let parent = -1
      let firstChild = 0
      for (let i = first; i < end; i++) {
        const id = rowidOf(viewId, i)
        const name = table.nameOf(i)
        // The root has no name that anybody would search for.
        if (isSearchable && i > 0) insertName.run(id, name)
        insertEntry.run(
          id,
          name,
          table.parentOf(i),
          encodeFlags(table.kindOf(i), table.hiddenOf(i), table.statusOf(i)),
          table.byteLengthOf(i),
          numberOrNull(table.modifiedOf(i)),
          idOrNull(table.modeOf(i)),
          idOrNull(table.uidOf(i)),
          idOrNull(table.gidOf(i)),
          table.targetOf(i),
          numberOrNull(table.discPositionOf(i)),
        )
        // The root is its own parent in some tables; it is nobody's child here.
        const own = i === 0 ? -1 : table.parentOf(i)
        if (own === parent) continue
        if (parent >= 0) insertDirectory.run(rowidOf(viewId, parent), firstChild, i - firstChild)
        parent = own
        firstChild = i
      }
      if (parent >= 0) insertDirectory.run(rowidOf(viewId, parent), firstChild, end - firstChild)
      countEntries.run(Math.max(0, end - 1), viewId)
    })
  }

  /** Entries `[first, end)`, in order and without gaps. */
  write(table: EntryColumnsFace, first: number, end: number): void {
    this.writeBatch(table, first, end)
  }

  /** Nothing more will come. */
  finish(): void {
    this.database.prepare('UPDATE view SET is_complete = 1 WHERE id = ?').run(this.viewId)
  }
}

function beginView(
  database: Connection,
  imageId: number,
  generation: number,
  key: string,
  isSearchable: boolean,
): number {
  const begin = database.transaction((): number => {
    const left = database
      .prepare('SELECT id FROM view WHERE image_id = ? AND generation = ? AND key = ?')
      .pluck()
      .get(imageId, generation, key) as number | undefined
    // Left by a run that was interrupted: begun anew under a new number, so that rows of both never mix.
    if (left !== undefined) deleteView(database, left)
    const result = database
      .prepare('INSERT INTO view (image_id, generation, key, is_searchable) VALUES (?, ?, ?, ?)')
      .run(imageId, generation, key, isSearchable ? 1 : 0)
    return Number(result.lastInsertRowid)
  })
  return begin.immediate()
}

function numberOrNull(value: number): number | null {
  return Number.isFinite(value) ? Math.round(value) : null
}

function idOrNull(value: number): number | null {
  return value < 0 ? null : value
}
