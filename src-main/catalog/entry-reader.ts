import type { Connection } from './database'
import { decodeFlags, rowidOf, VIEW_SPAN } from './entry-codes'
import { orderRows, type RowSorting } from './row-order'
import type { EntryRecord } from './records'

export interface DirectoryQuery {
  imageId: number
  generation: number
  view: string
  /** 0 is the root. */
  directory: number
  sort: RowSorting
  /** Names that contain this, whatever their case; empty for all. */
  filter: string
  showHidden: boolean
}

/** An ordered directory: entry numbers in the order in which they are shown. */
export interface OrderedDirectory {
  entries: Uint32Array
  byteTotal: number
  isComplete: boolean
}

/** Entry numbers held in orders that were asked for lately; four bytes each. */
const ORDER_CACHE_ENTRIES = 8_000_000

/** The view or entry that a query names is not in the catalog (any more). */
export class EntryGoneError extends Error {
  readonly code = 'ENTRY_GONE'
}

interface StoredView {
  id: number
  isComplete: number
  entryCount: number
}

/** Answers everything a pane asks about the inside of an image. One connection, prepared once. */
export class EntryReader {
  private readonly orders = new Map<string, OrderedDirectory>()
  private cachedEntries = 0
  private readonly selectView
  private readonly selectDirectory
  private readonly selectEntry

  constructor(private readonly database: Connection) {
    this.selectView = database.prepare(
      'SELECT id, is_complete AS isComplete, entry_count AS entryCount FROM view WHERE image_id = ? AND generation = ? AND key = ?',
    )
    this.selectDirectory = database.prepare('SELECT first_child, child_count FROM directory WHERE id = ?').raw()
    this.selectEntry = database
      .prepare(
        `SELECT name, parent, flags, byte_length, modified, mode, uid, gid, target,
         (SELECT child_count FROM directory WHERE directory.id = entry.id)
       FROM entry WHERE id = ?`,
      )
      .raw()
  }

  /** @throws {EntryGoneError} where the generation is no longer the one in the catalog */
  order(query: DirectoryQuery): OrderedDirectory {
    const view = this.view(query)
    const range = this.childRange(view, query.directory)
    const isComplete = range !== null || view.isComplete === 1
    const [first, count] = range ?? [0, 0]
    const { column, descending, foldersFirst } = query.sort
    const key = [
      view.id,
      query.directory,
      count,
      column,
      descending,
      foldersFirst,
      query.showHidden,
      query.filter,
    ].join('\n')
    const cached = this.orders.get(key)
    if (cached) {
      // Used again: goes to the young end.
      this.orders.delete(key)
      this.orders.set(key, cached)
      return cached
    }
    const ordered = { ...orderRows(this.database, view.id, first, count, query), isComplete }
    this.remember(key, ordered)
    return ordered
  }

  row(query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>, entry: number): EntryRecord {
    return this.readRow(this.view(query), entry)
  }

  /** Rows for entry numbers, in their order. */
  rows(query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>, entries: Uint32Array): EntryRecord[] {
    const view = this.view(query)
    return Array.from(entries, (entry) => this.readRow(view, entry))
  }

  /** From the root to the entry itself. */
  ancestors(
    query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>,
    entry: number,
  ): { entry: number; name: string }[] {
    const view = this.view(query)
    const chain: { entry: number; name: string }[] = []
    let at = entry
    // Parents have smaller numbers than their children, so this ends.
    for (;;) {
      const row = this.readRow(view, at)
      chain.push({ entry: at, name: row.name })
      if (at === 0 || row.parent >= at) break
      at = row.parent
    }
    return chain.reverse()
  }

  pathOf(query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>, entry: number): string {
    return this.ancestors(query, entry)
      .slice(1)
      .map((step) => step.name)
      .join('/')
  }

  /** The entry at a path, or null. */
  resolve(query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>, path: string): number | null {
    const view = this.view(query)
    let at = 0
    for (const name of path.split('/').filter((part) => part !== '')) {
      const range = this.childRange(view, at)
      if (!range) return null
      const found = this.database
        .prepare('SELECT id FROM entry WHERE id BETWEEN ? AND ? AND name = ? LIMIT 1')
        .pluck()
        .get(rowidOf(view.id, range[0]), rowidOf(view.id, range[0] + range[1] - 1), name) as number | undefined
      if (found === undefined) return null
      at = found - view.id * VIEW_SPAN
    }
    return at
  }

  private view(query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>): StoredView {
    const view = this.selectView.get(query.imageId, query.generation, query.view) as StoredView | undefined
    if (!view) throw new EntryGoneError('The image has changed since this was shown. Open it again.')
    return view
  }

  private childRange(view: StoredView, directory: number): [number, number] | null {
    return (this.selectDirectory.get(rowidOf(view.id, directory)) as [number, number] | undefined) ?? null
  }

  private readRow(view: StoredView, entry: number): EntryRecord {
    const row = this.selectEntry.get(rowidOf(view.id, entry)) as StoredEntry | undefined
    if (!row) throw new EntryGoneError('This entry is not in the image any more. Open the image again.')
    const [name, parent, flags, byteLength, modified, mode, uid, gid, target, childCount] = row
    const known = decodeFlags(flags)
    return {
      entry,
      name,
      parent,
      ...known,
      byteLength,
      modified,
      mode,
      uid,
      gid,
      target,
      // A directory that no children have arrived for is empty once the view is whole.
      childCount: known.kind === 'directory' ? (childCount ?? (view.isComplete === 1 ? 0 : null)) : null,
    }
  }

  private remember(key: string, ordered: OrderedDirectory): void {
    this.orders.set(key, ordered)
    this.cachedEntries += ordered.entries.length
    for (const [oldKey, old] of this.orders) {
      if (this.cachedEntries <= ORDER_CACHE_ENTRIES || oldKey === key) break
      this.orders.delete(oldKey)
      this.cachedEntries -= old.entries.length
    }
  }
}

type StoredEntry = [
  name: string,
  parent: number,
  flags: number,
  byteLength: number,
  modified: number | null,
  mode: number | null,
  uid: number | null,
  gid: number | null,
  target: string | null,
  childCount: number | null,
]
