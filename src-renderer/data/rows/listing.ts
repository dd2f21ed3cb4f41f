import { shallowReactive } from 'vue'
import { isCancelled } from '../api'
import { toErrorShape, type ErrorShape } from '../../../src-shared/contract'
import type { PaneRow, RowQuery, RowSource, RowWindow } from './row-source'
import { RowWindows, WINDOW } from './row-windows'
import { Selection } from './selection'

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
}

/** The rows that one tab shows, a window at a time, and what is selected of them. */
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
  })
  private rowSource: RowSource | null = null
  private rowQuery: RowQuery | null = null
  private readonly windows = new RowWindows<PaneRow>(
    KEPT_WINDOWS,
    (offset, signal) => this.fetchRows(offset, signal),
    () => this.state.version++,
  )
  readonly selection = new Selection(this)
  /** How the rows that are on their way are to be asked for once they are there, if otherwise than they were. */
  private wanted: RowQuery | null = null
  /** Set while other rows are asked for, which are to replace the ones that are shown. */
  private opening: AbortController | null = null
  /** How often the cursor was moved, so that an answer that comes late does not move it again. */
  private moves = 0
  private typeAheads = 0

  /** Where the rows come from; null where none are shown. */
  get source(): RowSource | null {
    return this.rowSource
  }

  /** Whether the rows that are shown are all, and no others are on their way, of which nobody knows that yet. */
  get isSettled(): boolean {
    return this.opening === null && this.state.isComplete
  }

  /** How they were asked for. */
  get query(): RowQuery | null {
    return this.rowQuery
  }

  /**
   * Shows other rows. The old ones stay until the new ones are there, which `onShown` hears of at once: they can be
   * clicked from then on, while the cursor is still being placed and what changed meanwhile is asked for.
   */
  async open(
    makeSource: (signal: AbortSignal) => Promise<RowSource>,
    query: RowQuery,
    { focusName, onShown }: { focusName?: string | undefined; onShown?: () => void } = {},
  ): Promise<void> {
    this.opening?.abort()
    const opening = new AbortController()
    this.opening = opening
    this.wanted = null
    this.state.status = 'loading'
    this.state.error = null
    try {
      const source = await makeSource(opening.signal)
      const first = await source.fetch(query, 0, WINDOW, opening.signal)
      if (opening.signal.aborted) return
      this.opening = null
      this.windows.begin(0, first.rows)
      this.selection.reset()
      this.rowSource = source
      this.rowQuery = query
      this.learn(first)
      onShown?.()
      this.state.version++
      this.state.cursor = 0
      this.state.status = 'ready'
      if (focusName !== undefined) await this.focusName(focusName)
      // Sorted or filtered while the rows were on their way.
      const wanted = this.takeWanted()
      if (wanted && this.source === source) await this.refresh(wanted)
    } catch (error) {
      if (this.opening === opening) this.opening = null
      if (isCancelled(error) || opening.signal.aborted) return
      this.windows.forget()
      this.selection.reset()
      this.rowSource = null
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

  private takeWanted(): RowQuery | null {
    const { wanted } = this
    this.wanted = null
    return wanted
  }

  /** Shows an error in place of the rows. */
  fail(error: ErrorShape): void {
    Object.assign(this.state, { status: 'failed', error })
  }

  /** Stops waiting for rows that were asked for. */
  cancel(): void {
    this.opening?.abort()
    this.opening = null
    this.state.status = this.source ? 'ready' : 'idle'
  }

  /** Asks again for the same rows; cursor and selection stay where the rows still are. */
  async refresh(query?: RowQuery): Promise<void> {
    if (this.opening) {
      // Other rows are on their way: those are what is meant.
      if (query) this.wanted = query
      return
    }
    if (!this.source) return
    if (query) this.rowQuery = query
    const { source, query: asked } = this
    if (!asked) return
    try {
      const { fresh, at } = await this.rowsAround(source, asked)
      if (this.isElsewhere(source, asked)) return
      if (fresh.total !== this.state.total) await this.selection.prune(source, asked, fresh)
      if (this.isElsewhere(source, asked)) return
      // Only now: the cursor may have been moved while the rows were asked for.
      const place = { cursor: this.row(this.state.cursor), anchor: this.row(this.selection.anchor) }
      this.windows.begin(at, fresh.rows)
      this.learn(fresh)
      this.state.version++
      const nowAt = (row: PaneRow | null, before: number): number => {
        const same = fresh.rows.findIndex(({ key }) => key === row?.key)
        // Rows of a folder that is still being read are numbered anew at its end; their names stay.
        const moved = same >= 0 ? same : fresh.rows.findIndex(({ name }) => name === row?.name)
        return moved >= 0 ? at + moved : Math.min(before, Math.max(0, fresh.total - 1))
      }
      this.state.cursor = nowAt(place.cursor, this.state.cursor)
      this.selection.anchor = nowAt(place.anchor, this.selection.anchor)
      this.state.status = 'ready'
      this.state.error = null
    } catch (error) {
      if (isCancelled(error) || this.isElsewhere(source, asked)) return
      this.fail(toErrorShape(error))
    }
  }

  /** Whether rows were asked for in another way, or others altogether, since these were. */
  private isElsewhere(source: RowSource, query: RowQuery): boolean {
    return this.source !== source || this.query !== query || this.opening !== null
  }

  /** Fresh rows of the window that the cursor is in when they come. */
  private async rowsAround(source: RowSource, query: RowQuery): Promise<{ fresh: RowWindow; at: number }> {
    for (;;) {
      const at = Math.floor(this.state.cursor / WINDOW) * WINDOW
      const fresh = await source.fetch(query, at, WINDOW)
      const { cursor } = this.state
      const isStill = (cursor >= at && cursor < at + WINDOW) || cursor >= fresh.total
      if (isStill || this.source !== source || this.query !== query) return { fresh, at }
    }
  }

  /** The row at a position, if it is loaded. Reading it makes no request; `ensure` does. */
  row(position: number): PaneRow | null {
    return this.windows.row(position)
  }

  loaded(): PaneRow[] {
    return this.windows.loaded()
  }

  /** Loads the windows that a range of positions needs; requests for windows no longer near are stopped. */
  ensure(from: number, to: number): void {
    if (!this.source || this.state.total === 0) return
    this.windows.ensure(Math.max(0, from), Math.min(this.state.total - 1, to))
  }

  /** The loaded or freshly fetched row at a position. */
  async fetchRow(position: number): Promise<PaneRow | null> {
    if (position < 0 || position >= this.state.total) return null
    if (!this.row(position)) await this.windows.load(position)
    return this.row(position)
  }

  /** Answers where the cursor is then. */
  moveCursor(position: number): number {
    this.moves++
    return (this.state.cursor = Math.max(0, Math.min(this.state.total - 1, position)))
  }

  /** Moves the cursor to the next row whose name starts so. Answers whether there is one. */
  async typeAhead(prefix: string, from: number): Promise<boolean> {
    const { source, query } = this
    if (!source || !query) return false
    const { moves } = this
    const turn = ++this.typeAheads
    const position = await source.find(query, prefix, from)
    // Typed on, or gone elsewhere by keys or mouse: what was asked for is not meant any more.
    if (position === null || turn !== this.typeAheads || moves !== this.moves || this.source !== source) return false
    await this.selection.only(position)
    return true
  }

  private async focusName(name: string): Promise<void> {
    const { moves } = this
    const near = this.loaded().findIndex((row) => row.name === name)
    const { source, query } = this
    const position = near >= 0 || !source || !query ? near : await source.find(query, name, 0)
    // Whoever moved the cursor meanwhile wants it there.
    const isMeant = this.source === source && this.moves === moves && !this.opening
    if (position !== null && position >= 0 && isMeant) {
      this.selection.anchor = this.moveCursor(position)
    }
  }

  private async fetchRows(offset: number, signal: AbortSignal): Promise<PaneRow[] | null> {
    const { source, query } = this
    if (!source || !query) return null
    try {
      const answer = await source.fetch(query, offset, WINDOW, signal)
      if (this.source !== source || this.query !== query) return null
      this.learn(answer)
      return answer.rows
    } catch (error) {
      if (!isCancelled(error) && this.source === source) this.fail(toErrorShape(error))
      return null
    }
  }

  /** What an answer says of all the rows. */
  private learn({ total, byteTotal, isComplete, isCut = false, freeBytes, isWritable }: RowWindow): void {
    Object.assign(this.state, { total, byteTotal, isComplete, isCut, freeBytes, isWritable })
  }
}
