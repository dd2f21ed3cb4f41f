import { shallowReactive } from 'vue'
import { KeySet } from './key-set'
import type { PaneRow, RowKey, RowQuery, RowSource, RowWindow } from './row-source'
import { WINDOW } from './row-windows'

/** What a selection needs to know of the rows it is made of. */
export interface SelectableRows {
  readonly source: RowSource | null
  readonly query: RowQuery | null
  readonly state: { readonly total: number; readonly cursor: number }
  /** The row at a position, if it is loaded. */
  row: (position: number) => PaneRow | null
  fetchRow: (position: number) => Promise<PaneRow | null>
  /** All that are loaded. */
  loaded: () => PaneRow[]
  /** Answers where the cursor is then. */
  moveCursor: (position: number) => number
}

/**
 * What is selected of rows. It holds their keys, so it may reach over rows that were never loaded. A position means the
 * row that is there when it is given: by the time its turn comes others may have moved there.
 */
export class Selection {
  /** `version` grows with every change: what shows the selection depends on it. */
  readonly state = shallowReactive({ version: 0, byteTotal: 0 })
  /** Where a range starts. */
  anchor = 0
  private selected = KeySet.NONE
  private boxTurn = 0
  /** Changes wait for one another: some need the engine, some do not, and their order is meant. */
  private turn: Promise<unknown> = Promise.resolve()

  constructor(private readonly rows: SelectableRows) {}

  has(key: RowKey): boolean {
    return this.selected.has(key)
  }

  get count(): number {
    return this.selected.size
  }

  /** What is selected now; it stays as it is when other rows are. */
  get keys(): KeySet {
    return this.selected
  }

  /** Forgets everything at once: other rows are shown. */
  reset(): void {
    this.anchor = 0
    this.take(KeySet.NONE, 0)
  }

  clear(): Promise<void> {
    return this.inTurn(() => {
      this.take(KeySet.NONE, 0)
      return Promise.resolve()
    })
  }

  /** Moves the cursor and selects its row alone. */
  only(position: number): Promise<void> {
    const at = this.rows.moveCursor(position)
    this.anchor = at
    const seen = this.rows.row(at)
    return this.inTurn(async (rows) => {
      const row = seen ?? (await rows.fetchRow(at))
      if (!row) return
      this.take(KeySet.of([row.key]), row.byteLength)
    })
  }

  /** Selects these rows and no others. */
  choose(rows: readonly { key: RowKey; byteLength: number }[]): Promise<void> {
    return this.inTurn(() => {
      this.take(
        KeySet.of(rows.map(({ key }) => key)),
        rows.reduce((sum, { byteLength }) => sum + byteLength, 0),
      )
      return Promise.resolve()
    })
  }

  toggle(position: number): Promise<void> {
    this.anchor = position
    const seen = this.rows.row(position)
    return this.inTurn(async (rows) => {
      const row = seen ?? (await rows.fetchRow(position))
      if (!row) return
      const own = KeySet.of([row.key])
      const { byteTotal } = this.state
      if (this.selected.has(row.key)) this.take(this.selected.without(own), byteTotal - row.byteLength)
      else this.take(this.selected.union(own), byteTotal + row.byteLength)
    })
  }

  /** Moves the cursor and selects from the anchor to it, alone or added to what is selected. */
  extendTo(position: number, isAdded = false): Promise<void> {
    const at = this.rows.moveCursor(position)
    const from = Math.min(this.anchor, at)
    const limit = Math.abs(at - this.anchor) + 1
    const seen = loadedKeys(this.rows, from, limit)
    return this.inTurn((_rows, source, query) => this.addRange(source, query, from, limit, isAdded, seen))
  }

  all(): Promise<void> {
    return this.inTurn((rows, source, query) => this.addRange(source, query, 0, rows.state.total, false))
  }

  /** Selects, or takes out of the selection, every row whose name fits a mask such as `*.txt`. */
  mask(mask: string, isSelecting: boolean): Promise<void> {
    return this.inTurn(async ({ state }, source, query) => {
      const { keys, byteTotal } = await keySetOf(source, { ...query, mask }, 0, state.total)
      if (this.isGone(source)) return
      const before = this.selected
      const after = isSelecting ? before.union(keys) : before.without(keys)
      // What was selected already is not asked for again; its share of the bytes is.
      const share = keys.size === 0 ? 0 : (after.size - before.size) / keys.size
      this.take(after, after.size === 0 ? 0 : this.state.byteTotal + byteTotal * share)
    })
  }

  /**
   * Selects what a box touches: of `limit` rows from `offset` those that `touches` says, and what was selected before.
   * Of calls that come faster than they can be answered only the last one counts.
   */
  box(base: KeySet, offset: number, limit: number, touches: ((position: number) => boolean) | null): Promise<void> {
    const turn = ++this.boxTurn
    return this.inTurn(async (rows, source, query) => {
      if (turn !== this.boxTurn) return
      const found = limit > 0 ? await keysOf(rows, source, query, offset, limit) : { keys: [], byteTotal: 0 }
      if (this.isGone(source)) return
      const keys = touches ? found.keys.filter((_, index) => touches(offset + index)) : found.keys
      const selected = base.union(KeySet.of(keys))
      const share = keys.length === 0 ? 0 : (selected.size - base.size) / found.keys.length
      this.take(selected, loadedBytes(rows, base) + found.byteTotal * share)
    })
  }

  invert(): Promise<void> {
    return this.inTurn(async ({ state }, source, query) => {
      const { keys, byteTotal } = await keySetOf(source, query, 0, state.total)
      if (this.isGone(source)) return
      this.take(keys.without(this.selected), byteTotal - this.state.byteTotal)
    })
  }

  /** Takes out what is not there any more: moved away, deleted. @param fresh rows as they are now, near the cursor */
  async prune(source: RowSource, query: RowQuery, fresh: RowWindow): Promise<void> {
    if (this.selected.size === 0) return
    const { keys: there } = await keySetOf(source, query, 0, fresh.total)
    if (this.isGone(source)) return
    const before = this.selected
    const lost = before.without(there)
    // Numbered anew: still meant, where it is in sight.
    const names = new Set(this.rows.loaded().flatMap((row) => (lost.has(row.key) ? [row.name] : [])))
    const again = fresh.rows.filter((row) => names.has(row.name)).map((row) => row.key)
    const after = before.without(lost).union(KeySet.of(again))
    this.take(after, before.size === 0 ? 0 : (this.state.byteTotal * after.size) / before.size)
  }

  /** Resolves when every change that was asked for is made, or has failed. */
  async settled(): Promise<void> {
    await this.turn
  }

  private inTurn(work: (rows: SelectableRows, source: RowSource, query: RowQuery) => Promise<void>): Promise<void> {
    const { rows } = this
    const { source } = rows
    const next = this.turn.then(() =>
      // What was meant for rows that are gone is not done to others.
      source && rows.query && rows.source === source ? work(rows, source, rows.query) : undefined,
    )
    this.turn = next.catch(() => undefined)
    return next
  }

  private async addRange(
    source: RowSource,
    query: RowQuery,
    offset: number,
    limit: number,
    isAdded: boolean,
    loaded = loadedKeys(this.rows, offset, limit),
  ): Promise<void> {
    if (limit <= 0) return
    const { keys, byteTotal } = loaded
      ? { keys: KeySet.of(loaded.keys), byteTotal: loaded.byteTotal }
      : await keySetOf(source, query, offset, limit)
    if (this.isGone(source)) return
    const before = isAdded ? this.selected : KeySet.NONE
    const after = before.union(keys)
    // Overlaps with what was selected are rare; their bytes are not asked for again.
    const share = keys.size === 0 ? 0 : (after.size - before.size) / keys.size
    this.take(after, (isAdded ? this.state.byteTotal : 0) + byteTotal * share)
  }

  private isGone(source: RowSource): boolean {
    return this.rows.source !== source
  }

  private take(selected: KeySet, byteTotal: number): void {
    this.selected = selected
    this.state.byteTotal = Math.max(0, Math.round(byteTotal))
    this.state.version++
  }
}

/** Every key that rows have, in whatever order. */
export async function keySetOf(
  source: RowSource,
  query: RowQuery,
  offset: number,
  limit: number,
): Promise<{ keys: KeySet; byteTotal: number }> {
  if (source.keySet) return source.keySet(query, offset, limit)
  const { keys, byteTotal } = await source.keys(query, offset, limit)
  return { keys: KeySet.of(keys), byteTotal }
}

/** The keys of a range in their order, and their bytes: from what is loaded, where all of it is. */
async function keysOf(rows: SelectableRows, source: RowSource, query: RowQuery, offset: number, limit: number) {
  return loadedKeys(rows, offset, limit) ?? source.keys(query, offset, limit)
}

/** Null where not all of a range is loaded. */
function loadedKeys(rows: SelectableRows, offset: number, limit: number): { keys: RowKey[]; byteTotal: number } | null {
  const loaded: PaneRow[] = []
  for (let position = offset; position < offset + limit && limit <= WINDOW; position++) {
    const row = rows.row(position)
    if (!row) break
    loaded.push(row)
  }
  if (loaded.length !== limit) return null
  return { keys: loaded.map((row) => row.key), byteTotal: loaded.reduce((sum, row) => sum + row.byteLength, 0) }
}

/** The bytes of these, as far as they are loaded. */
function loadedBytes(rows: SelectableRows, wanted: KeySet): number {
  if (wanted.size === 0) return 0
  return rows.loaded().reduce((sum, row) => sum + (wanted.has(row.key) ? row.byteLength : 0), 0)
}
