import { shallowReactive } from 'vue'
import { isCancelled } from '../api'
import { toErrorShape, type ErrorShape } from '../../src-shared/contract'
import type { PaneRow, RowKey, RowQuery, RowSource, RowWindow } from './row-source'

const WINDOW = 200
/** Windows kept at once: enough for any screen and some way back. */
const KEPT_WINDOWS = 40

interface ListingState {
  status: 'idle' | 'loading' | 'ready' | 'failed'
  error: ErrorShape | null
  total: number
  byteTotal: number
  isComplete: boolean
  isCut: boolean
  freeBytes: number | null
  isWritable: boolean
  /** Grows whenever rows arrive or go: what shows rows depends on it. */
  version: number
  /** The row the keyboard is at. */
  cursor: number
  /** Where a range selection started. */
  anchor: number
  selectionVersion: number
  selectedBytes: number
}

/**
 * The rows that one tab shows, a window at a time, and what is selected of them. A selection holds keys, so it may
 * reach over rows that were never loaded.
 */
export class Listing {
  readonly state: ListingState = shallowReactive({
    status: 'idle',
    error: null,
    total: 0,
    byteTotal: 0,
    isComplete: true,
    isCut: false,
    freeBytes: null,
    isWritable: false,
    version: 0,
    cursor: 0,
    anchor: 0,
    selectionVersion: 0,
    selectedBytes: 0,
  })
  private source: RowSource | null = null
  private query: RowQuery | null = null
  private readonly windows = new Map<number, PaneRow[]>()
  private readonly underway = new Map<number, { request: AbortController; done: Promise<void> }>()
  private readonly selected = new Set<RowKey>()
  private boxTurn = 0
  private opening: AbortController | null = null
  /** Changes of the selection wait for one another: some need the engine, some do not, and their order is meant. */
  private turn: Promise<unknown> = Promise.resolve()

  /** Shows other rows. The old ones stay until the new ones are there. */
  async open(
    makeSource: (signal: AbortSignal) => Promise<RowSource>,
    query: RowQuery,
    focusName?: string,
  ): Promise<void> {
    this.opening?.abort()
    const opening = new AbortController()
    this.opening = opening
    this.state.status = 'loading'
    this.state.error = null
    try {
      const source = await makeSource(opening.signal)
      const first = await source.fetch(query, 0, WINDOW, opening.signal)
      if (opening.signal.aborted) return
      this.forget()
      this.clearSelection()
      this.source = source
      this.query = query
      this.windows.set(0, first.rows)
      this.take(first)
      this.state.cursor = 0
      this.state.anchor = 0
      this.state.status = 'ready'
      if (focusName !== undefined) await this.focusName(focusName)
    } catch (error) {
      if (isCancelled(error) || opening.signal.aborted) return
      this.forget()
      this.clearSelection()
      this.source = null
      Object.assign(this.state, {
        status: 'failed',
        error: toErrorShape(error),
        total: 0,
        byteTotal: 0,
        freeBytes: null,
      })
      this.state.version++
    }
  }

  /** Shows an error in place of the rows. */
  fail(error: ErrorShape): void {
    Object.assign(this.state, { status: 'failed', error })
  }

  /** Stops waiting for rows that were asked for. */
  cancel(): void {
    this.opening?.abort()
    this.state.status = this.source ? 'ready' : 'idle'
  }

  /** Asks again for the same rows; cursor and selection stay where the rows still are. */
  async refresh(query?: RowQuery): Promise<void> {
    if (!this.source) return
    if (query) this.query = query
    const { source, query: asked } = this
    if (!asked) return
    const keep = this.state.cursor
    const before = this.row(keep)
    try {
      const at = Math.floor(keep / WINDOW) * WINDOW
      const fresh = await source.fetch(asked, at, WINDOW)
      if (this.source !== source || this.query !== asked) return
      if (this.selected.size > 0 && fresh.total !== this.state.total)
        await this.prune(source, asked, fresh.total, fresh.rows)
      this.forget()
      this.windows.set(at / WINDOW, fresh.rows)
      this.take(fresh)
      const same = fresh.rows.findIndex((row) => row.key === before?.key)
      // Rows of a folder that is still being read are numbered anew at its end; their names stay.
      const moved = same >= 0 ? same : fresh.rows.findIndex((row) => row.name === before?.name)
      this.state.cursor = moved >= 0 ? at + moved : Math.min(keep, Math.max(0, fresh.total - 1))
      this.state.status = 'ready'
      this.state.error = null
    } catch (error) {
      if (isCancelled(error) || this.source !== source) return
      this.fail(toErrorShape(error))
    }
  }

  /** The row at a position, if it is loaded. Reading it makes no request; `ensure` does. */
  row(position: number): PaneRow | null {
    return this.windows.get(Math.floor(position / WINDOW))?.[position % WINDOW] ?? null
  }

  /** Loads the windows that a range of positions needs; requests for windows no longer near are stopped. */
  ensure(from: number, to: number): void {
    if (!this.source || this.state.total === 0) return
    const first = Math.floor(Math.max(0, from) / WINDOW)
    const last = Math.floor(Math.min(this.state.total - 1, to) / WINDOW)
    for (const [number, { request }] of this.underway) {
      if (number < first - 1 || number > last + 1) request.abort()
    }
    for (let number = first; number <= last; number++) void this.load(number)
  }

  /** The loaded or freshly fetched row at a position. */
  async fetchRow(position: number): Promise<PaneRow | null> {
    if (position < 0 || position >= this.state.total) return null
    if (!this.row(position)) await this.load(Math.floor(position / WINDOW))
    return this.row(position)
  }

  isSelected(key: RowKey): boolean {
    return this.selected.has(key)
  }

  get selectedCount(): number {
    return this.selected.size
  }

  selectedKeys(): RowKey[] {
    return [...this.selected]
  }

  deselectAll(): Promise<void> {
    return this.inTurn(() => {
      this.clearSelection()
      return Promise.resolve()
    })
  }

  private clearSelection(): void {
    this.selected.clear()
    this.state.selectedBytes = 0
    this.state.selectionVersion++
  }

  /** Moves the cursor and selects its row alone. */
  selectOnly(position: number): Promise<void> {
    this.moveCursor(position)
    const { cursor } = this.state
    this.state.anchor = cursor
    return this.inTurn(async () => {
      const row = await this.fetchRow(cursor)
      if (!row) return
      this.selected.clear()
      this.selected.add(row.key)
      this.state.selectedBytes = row.byteLength
      this.state.selectionVersion++
    })
  }

  toggle(position: number): Promise<void> {
    this.state.anchor = position
    return this.inTurn(async () => {
      const row = await this.fetchRow(position)
      if (!row) return
      const isIn = this.selected.delete(row.key)
      if (!isIn) this.selected.add(row.key)
      this.state.selectedBytes = Math.max(0, this.state.selectedBytes + (isIn ? -row.byteLength : row.byteLength))
      this.state.selectionVersion++
    })
  }

  /** Selects from the anchor to a position, alone or added to what is selected. */
  selectTo(position: number, isAdded = false): Promise<void> {
    this.moveCursor(position)
    const from = Math.min(this.state.anchor, this.state.cursor)
    const to = Math.max(this.state.anchor, this.state.cursor)
    return this.inTurn(() => this.selectRange(from, to - from + 1, isAdded))
  }

  selectAll(): Promise<void> {
    return this.inTurn(() => this.selectRange(0, this.state.total, false))
  }

  /** Selects, or takes out of the selection, every row whose name fits a mask such as `*.txt`. */
  selectMask(mask: string, isSelecting: boolean): Promise<void> {
    return this.inTurn(() => this.applyMask(mask, isSelecting))
  }

  private async applyMask(mask: string, isSelecting: boolean): Promise<void> {
    const { source, query } = this
    if (!source || !query) return
    const { keys, byteTotal } = await source.keys({ ...query, mask }, 0, this.state.total)
    if (this.source !== source) return
    const before = this.selected.size
    for (const key of keys) {
      if (isSelecting) this.selected.add(key)
      else this.selected.delete(key)
    }
    // What was selected already is not asked for again; its share of the bytes is.
    const changed = keys.length === 0 ? 0 : (this.selected.size - before) / keys.length
    this.state.selectedBytes =
      this.selected.size === 0 ? 0 : Math.max(0, this.state.selectedBytes + Math.round(byteTotal * changed))
    this.state.selectionVersion++
  }

  /**
   * Selects what a box touches: of `limit` rows from `offset` those that `touches` says, and what was selected before.
   * Of calls that come faster than they can be answered only the last one counts.
   */
  selectBox(
    base: readonly RowKey[],
    offset: number,
    limit: number,
    touches: ((position: number) => boolean) | null,
  ): Promise<void> {
    const turn = ++this.boxTurn
    return this.inTurn(async () => {
      const { source, query } = this
      if (turn !== this.boxTurn || !source || !query) return
      const found = limit > 0 ? await this.keysOf(source, query, offset, limit) : { keys: [], byteTotal: 0 }
      if (this.source !== source) return
      const keys = touches ? found.keys.filter((_, index) => touches(offset + index)) : found.keys
      this.selected.clear()
      for (const key of base) this.selected.add(key)
      for (const key of keys) this.selected.add(key)
      const share = keys.length === 0 ? 0 : (this.selected.size - base.length) / found.keys.length
      this.state.selectedBytes = Math.round(this.boxBytes(base) + found.byteTotal * share)
      this.state.selectionVersion++
    })
  }

  /** Bytes of what was selected before a box, as far as its rows are loaded. */
  private boxBytes(keys: readonly RowKey[]): number {
    if (keys.length === 0) return 0
    const wanted = new Set(keys)
    let sum = 0
    for (const row of [...this.windows.values()].flat()) if (wanted.has(row.key)) sum += row.byteLength
    return sum
  }

  invertSelection(): Promise<void> {
    return this.inTurn(() => this.invert())
  }

  private async invert(): Promise<void> {
    const { source, query } = this
    if (!source || !query) return
    const { keys, byteTotal } = await source.keys(query, 0, this.state.total)
    if (this.source !== source) return
    const before = new Set(this.selected)
    this.selected.clear()
    for (const key of keys) if (!before.has(key)) this.selected.add(key)
    this.state.selectedBytes = Math.max(0, byteTotal - this.state.selectedBytes)
    this.state.selectionVersion++
  }

  moveCursor(position: number): void {
    this.state.cursor = Math.max(0, Math.min(this.state.total - 1, position))
  }

  /** Moves the cursor to the next row whose name starts so. Answers whether there is one. */
  async typeAhead(prefix: string, from: number): Promise<boolean> {
    const { source, query } = this
    if (!source || !query) return false
    const position = await source.find(query, prefix, from)
    if (position === null || this.source !== source) return false
    await this.selectOnly(position)
    return true
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const { source } = this
    // What was meant for rows that are gone is not done to others.
    const next = this.turn.then(() => (this.source === source ? work() : undefined))
    this.turn = next.catch(() => undefined)
    return next
  }

  /** Takes out of the selection what is not there any more: moved away, deleted. */
  private async prune(source: RowSource, query: RowQuery, total: number, fresh: readonly PaneRow[]): Promise<void> {
    const { keys } = await source.keys(query, 0, total)
    if (this.source !== source) return
    const there = new Set(keys)
    const before = this.selected.size
    const known = new Map([...this.windows.values()].flat().map((row) => [row.key, row.name]))
    for (const key of [...this.selected]) {
      if (there.has(key)) continue
      this.selected.delete(key)
      // Numbered anew: still meant, where it is in sight.
      const again = fresh.find((row) => row.name === known.get(key))
      if (again) this.selected.add(again.key)
    }
    this.state.selectedBytes = Math.round((this.state.selectedBytes * this.selected.size) / before)
    this.state.selectionVersion++
  }

  private async focusName(name: string): Promise<void> {
    const near = [...this.windows.values()].flat().findIndex((row) => row.name === name)
    const { source, query } = this
    const position = near >= 0 || !source || !query ? near : await source.find(query, name, 0)
    if (position !== null && position >= 0 && this.source === source) {
      this.moveCursor(position)
      this.state.anchor = this.state.cursor
    }
  }

  private async selectRange(offset: number, limit: number, isAdded: boolean): Promise<void> {
    const { source, query } = this
    if (!source || !query || limit <= 0) return
    const { keys, byteTotal } = await this.keysOf(source, query, offset, limit)
    if (this.source !== source) return
    if (!isAdded) {
      this.selected.clear()
      this.state.selectedBytes = 0
    }
    const before = this.selected.size
    for (const key of keys) this.selected.add(key)
    // Overlaps with what was selected are rare; their bytes are not asked for again.
    const added = keys.length === 0 ? 0 : (this.selected.size - before) / keys.length
    this.state.selectedBytes += Math.round(byteTotal * added)
    this.state.selectionVersion++
  }

  private async keysOf(source: RowSource, query: RowQuery, offset: number, limit: number) {
    const rows: PaneRow[] = []
    for (let position = offset; position < offset + limit && limit <= WINDOW; position++) {
      const row = this.row(position)
      if (!row) break
      rows.push(row)
    }
    if (rows.length === limit)
      return { keys: rows.map((row) => row.key), byteTotal: rows.reduce((sum, row) => sum + row.byteLength, 0) }
    return source.keys(query, offset, limit)
  }

  private load(number: number): Promise<void> {
    const { source, query } = this
    if (!source || !query || this.windows.has(number)) return Promise.resolve()
    const known = this.underway.get(number)
    if (known) return known.done
    const request = new AbortController()
    const done = this.loadFrom(source, query, number, request.signal).finally(() => {
      if (this.underway.get(number)?.request === request) this.underway.delete(number)
    })
    this.underway.set(number, { request, done })
    return done
  }

  private async loadFrom(source: RowSource, query: RowQuery, number: number, signal: AbortSignal): Promise<void> {
    try {
      const answer = await source.fetch(query, number * WINDOW, WINDOW, signal)
      if (this.source !== source || this.query !== query) return
      this.windows.set(number, answer.rows)
      this.dropOldest(number)
      this.take(answer)
    } catch (error) {
      if (!isCancelled(error) && this.source === source) this.fail(toErrorShape(error))
    }
  }

  private take(answer: RowWindow): void {
    const { total, byteTotal, isComplete, isCut = false, freeBytes, isWritable } = answer
    Object.assign(this.state, { total, byteTotal, isComplete, isCut, freeBytes, isWritable })
    this.state.version++
  }

  private dropOldest(justLoaded: number): void {
    for (const number of this.windows.keys()) {
      if (this.windows.size <= KEPT_WINDOWS) return
      if (number !== justLoaded) this.windows.delete(number)
    }
  }

  private forget(): void {
    for (const { request } of this.underway.values()) request.abort()
    this.underway.clear()
    this.windows.clear()
  }
}
