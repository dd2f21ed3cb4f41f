import type { EntryKind, EntryStatus } from '../../src-shared/model'
import type { Connection } from './database'
import { encodeFlags, FIRST_PASSING, rowidOf, VIEW_SPAN } from './entry-codes'
import { foldName, isPlainAscii } from './fold-name'
import { BigramFilter, CHUNK_SPAN } from './bigram-filter'
import { deleteEntries, deleteView } from './view-store'

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

/** Another copy of the program began this view anew; its entries are the ones that stay. */
export class ViewTakenOverError extends Error {
  constructor() {
    super('Another copy of Isolde indexes this image just now.')
    this.name = 'ViewTakenOverError'
  }
}

/** Writes the entries of one view, batch by batch, each batch one transaction. */
export class EntryWriter {
  readonly viewId: number
  private readonly writeBatch: (table: EntryColumnsFace, first: number, end: number) => void
  private readonly showEarly: (table: EntryColumnsFace, directory: number, first: number, end: number) => void
  /** Directories that are shown by entries which go again. */
  private readonly begun = new Set<number>()
  private nextPassing = FIRST_PASSING

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
    const putLetters = database.prepare('INSERT OR REPLACE INTO letter_set (stretch, bits) VALUES (?, ?)')
    const forgetDirectory = database.prepare('DELETE FROM directory WHERE id = ?')
    const countEntries = database.prepare('UPDATE view SET entry_count = ? WHERE id = ?')
    const viewId = this.viewId
    const letters = new BigramFilter()
    const put = (table: EntryColumnsFace, index: number, id: number, name: string, parent: number): void => {
      insertEntry.run(
        id,
        name,
        parent,
        encodeFlags(table.kindOf(index), table.hiddenOf(index), table.statusOf(index)),
        table.byteLengthOf(index),
        numberOrNull(table.modifiedOf(index)),
        idOrNull(table.modeOf(index)),
        idOrNull(table.uidOf(index)),
        idOrNull(table.gidOf(index)),
        table.targetOf(index),
        numberOrNull(table.discPositionOf(index)),
      )
    }
    const putDirectory = (parent: number, firstChild: number, childCount: number): void => {
      if (this.begun.delete(parent)) forgetDirectory.run(rowidOf(viewId, parent))
      insertDirectory.run(rowidOf(viewId, parent), firstChild, childCount)
    }
    this.showEarly = database.transaction((table: EntryColumnsFace, directory: number, first: number, end: number) => {
      insertDirectory.run(rowidOf(viewId, directory), this.nextPassing, end - first)
      this.begun.add(directory)
      for (let i = first; i < end; i++) {
        put(table, i, rowidOf(viewId, this.nextPassing), table.nameOf(i), directory)
        this.nextPassing++
      }
    })
    this.writeBatch = database.transaction((table: EntryColumnsFace, first: number, end: number) => {
      // Checked first and within the transaction: what is written for a view that is gone would never be removed.
      if (countEntries.run(Math.max(0, end - 1), viewId).changes === 0) throw new ViewTakenOverError()
      let parent = -1
      let firstChild = 0
      for (let i = first; i < end; i++) {
        const id = rowidOf(viewId, i)
        const name = table.nameOf(i)
        // The root has no name that anybody would search for.
        if (isSearchable && i > 0) {
          const folded = isPlainAscii(name) ? name : foldName(name)
          insertName.run(id, folded)
          letters.add(folded)
          // A chunk that goes on in the next batch is written by both: what is committed is searched at once.
          if (i === end - 1 || (id + 1) % CHUNK_SPAN === 0) putLetters.run(Math.floor(id / CHUNK_SPAN), letters.bits)
          if ((id + 1) % CHUNK_SPAN === 0) letters.clear()
        }
        put(table, i, id, name, table.parentOf(i))
        // The root is its own parent in some tables; it is nobody's child here.
        const own = i === 0 ? -1 : table.parentOf(i)
        if (own === parent) continue
        if (parent >= 0) putDirectory(parent, firstChild, i - firstChild)
        parent = own
        firstChild = i
      }
      if (parent >= 0) putDirectory(parent, firstChild, end - firstChild)
    })
  }

  /** Entries `[first, end)`, in order and without gaps. */
  write(table: EntryColumnsFace, first: number, end: number): void {
    this.writeBatch(table, first, end)
  }

  /**
   * Shows children of a directory before it is read to its end: `[first, end)` of the table, under numbers that go when
   * the view is whole. The directory itself was written; its first batch of children takes their place.
   */
  writeBeginning(table: EntryColumnsFace, directory: number, first: number, end: number): void {
    this.showEarly(table, directory, first, end)
  }

  /** Nothing more will come. */
  finish(): void {
    const { database, viewId } = this
    database.transaction(() => {
      const forgetDirectory = database.prepare('DELETE FROM directory WHERE id = ?')
      for (const directory of this.begun) forgetDirectory.run(rowidOf(viewId, directory))
      if (this.nextPassing > FIRST_PASSING) deleteEntries(database, rowidOf(viewId, FIRST_PASSING), VIEW_SPAN / 2)
      database.prepare('UPDATE view SET is_complete = 1 WHERE id = ?').run(viewId)
    })()
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
