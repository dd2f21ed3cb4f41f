import { shallowRef } from 'vue'
import { RowWindows, WINDOW } from './row-windows'

const KEPT_WINDOWS = 20

/** Rows that the engine keeps, of which the window holds only those near what is in sight. */
export class WindowedRows<Row> {
  /** Grows whenever rows arrive or everything changes; reading it makes a component follow. */
  readonly version = shallowRef(0)
  readonly total = shallowRef(0)
  private readonly windows = new RowWindows<Row>(
    KEPT_WINDOWS,
    (offset) => this.rowsAt(offset),
    () => this.version.value++,
  )
  private round = 0

  /** @param fetch answers the rows at an offset, and how many there are in all where that may have changed */
  constructor(private readonly fetch: (offset: number, limit: number) => Promise<{ rows: Row[]; total?: number }>) {}

  /**
   * Forgets everything and begins anew.
   * @param total where it is known beforehand
   * @param onRows told as the new rows are there, before anybody follows them
   */
  async reset(total?: number, onRows?: () => void): Promise<void> {
    const round = ++this.round
    const first = await this.fetch(0, WINDOW)
    if (round !== this.round) return
    this.windows.begin(0, first.rows)
    this.total.value = total ?? first.total ?? first.rows.length
    onRows?.()
    this.version.value++
  }

  row(position: number): Row | null {
    return this.windows.row(position)
  }

  /** Where the first row is that fits, among those that a reset loads; -1 where none does. */
  find(fits: (row: Row) => boolean): number {
    for (let position = 0; position < Math.min(this.total.value, WINDOW); position++) {
      const row = this.row(position)
      if (row && fits(row)) return position
    }
    return -1
  }

  ensure(from: number, end: number): void {
    const last = Math.min(end, this.total.value) - 1
    if (last >= from) this.windows.ensure(from, last)
  }

  private async rowsAt(offset: number): Promise<Row[] | null> {
    const { round } = this
    // The result is gone: the page asks anew when it is used again.
    const answer = await this.fetch(offset, WINDOW).catch(() => null)
    return round === this.round ? (answer?.rows ?? null) : null
  }
}
