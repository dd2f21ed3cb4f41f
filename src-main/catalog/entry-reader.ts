import type { Connection } from './database'
import { decodeFlags, FIRST_PASSING, rowidOf, VIEW_SPAN } from './entry-codes'
import { rangesBelow } from './entries-below'
import { orderRows, readDirectoryFacts, type DirectoryFacts, type EntrySpan, type RowSorting } from './row-order'
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
  /** A mask such as `*.txt`; absent or empty for all. */
  mask?: string
  /** Everything below the directory, however deep. */
  isDeep?: boolean
}

/** An ordered directory: entry numbers in the order in which they are shown. */
export interface OrderedDirectory {
  entries: Uint32Array
  byteTotal: number
  isComplete: boolean
}

/** Entry numbers held in orders that were asked for lately; four bytes each. */
const ORDER_CACHE_ENTRIES = 8_000_000

/** Directories from this size on have what all their orders need kept, five bytes an entry. */
const FACTS_FROM = 5000
const FACTS_KEPT = 4
/** The order of a directory that grows is shown this many times as long as it took: sorting must not hold up reading. */
const GROWING_SHARE = 5

const GONE_MESSAGE = 'This entry is not in the image any more. Open the image again.'

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
  /** Of directories that are still being read, with the time until which they are good enough. */
  private readonly growing = new Map<string, { ordered: OrderedDirectory; until: number }>()
  /** Of the large directories that were ordered last, the oldest first. */
  private readonly facts: { key: string; facts: DirectoryFacts }[] = []
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
        `SELECT name, parent, flags, byte_length, modified, mode, uid, gid, target, disc_position,
         (SELECT child_count FROM directory WHERE directory.id = entry.id),
         (SELECT lower(hex(digest)) FROM entry_hash WHERE entry_id = entry.id AND algorithm = 1),
         (SELECT lower(hex(digest)) FROM entry_hash WHERE entry_id = entry.id AND algorithm = 2)
       FROM entry WHERE id = ?`,
      )
      .raw()
  }

  /** @throws {EntryGoneError} where the generation is no longer the one in the catalog */
  order(query: DirectoryQuery): OrderedDirectory {
    const view = this.view(query)
    const range = this.childRange(view, query.directory)
    if (query.directory >= FIRST_PASSING && view.isComplete === 1) throw new EntryGoneError(GONE_MESSAGE)
    const [first, count] = range ?? [0, 0]
    const isDeep = query.isDeep === true
    const isComplete = view.isComplete === 1 || (!isDeep && range !== null && this.isWhole(view, first, count))
    const { column, descending, foldersFirst } = query.sort
    const key = [
      view.id,
      query.directory,
      isComplete ? `${first} ${count}` : '',
      column,
      descending,
      foldersFirst,
      query.showHidden,
      query.filter,
      query.mask ?? '',
      isDeep,
    ].join('\n')
    const growing = this.growing.get(key)
    if (growing && performance.now() < growing.until) return growing.ordered
    const cached = this.orders.get(key)
    if (cached && isComplete) {
      // Used again: goes to the young end.
      this.orders.delete(key)
      this.orders.set(key, cached)
      return cached
    }
    const began = performance.now()
    const parts = isDeep ? rangesBelow(this.database, view.id, [first, count]) : ([[first, count]] as const)
    const span = { viewId: view.id, parts }
    const facts = isComplete ? this.factsOf(span) : readDirectoryFacts(this.database, span)
    const ordered = { ...orderRows(this.database, span, facts, query), isComplete }
    if (isComplete) this.remember(key, ordered)
    else this.showFor(key, ordered, (performance.now() - began) * GROWING_SHARE)
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

  /** As {@link rows}, each with the path of the folder that it lies in. */
  placedRows(
    query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>,
    entries: Uint32Array,
  ): (EntryRecord & { folder: string })[] {
    const folders = new Map<number, string>()
    return this.rows(query, entries).map((row) => {
      const folder = folders.get(row.parent) ?? this.pathOf(query, row.parent)
      folders.set(row.parent, folder)
      return { ...row, folder }
    })
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

  /** The first child of a directory and how many there are; null while it is still being read. */
  wholeChildRange(
    query: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>,
    directory: number,
  ): [first: number, count: number] | null {
    const view = this.view(query)
    const range = this.childRange(view, directory)
    if (!range || !(view.isComplete === 1 || this.isWhole(view, ...range))) return null
    return range
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
    if (!row) throw new EntryGoneError(GONE_MESSAGE)
    const [name, parent, flags, byteLength, modified, mode, uid, gid, target, position, childCount, sha256, blake3] =
      row
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
      position,
      // A directory that no children have arrived for is empty once the view is whole.
      childCount: known.kind === 'directory' ? (childCount ?? (view.isComplete === 1 ? 0 : null)) : null,
      sha256,
      blake3,
    }
  }

  private factsOf(span: EntrySpan): DirectoryFacts {
    const count = span.parts.reduce((sum, [, length]) => sum + length, 0)
    if (count < FACTS_FROM) return readDirectoryFacts(this.database, span)
    const key = `${span.viewId} ${span.parts.join(' ')}`
    const known = this.facts.find((one) => one.key === key)
    if (known) return known.facts
    const facts = readDirectoryFacts(this.database, span)
    this.facts.push({ key, facts })
    if (this.facts.length > FACTS_KEPT) this.facts.shift()
    return facts
  }

  /** Whether a directory is written to its end: entries come in order, so something behind it says so. */
  private isWhole(view: StoredView, first: number, count: number): boolean {
    return first < FIRST_PASSING && first + count <= view.entryCount
  }

  private showFor(key: string, ordered: OrderedDirectory, ms: number): void {
    const now = performance.now()
    for (const [old, { until }] of this.growing) if (until < now) this.growing.delete(old)
    this.growing.set(key, { ordered, until: now + ms })
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
  position: number | null,
  childCount: number | null,
  sha256: string | null,
  blake3: string | null,
]
