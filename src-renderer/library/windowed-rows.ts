import { shallowRef } from 'vue'

const WINDOW = 200
const KEPT = 20

/** Rows that the engine keeps, of which the window holds only those near what is in sight. */
export class WindowedRows<Row> {
  /** Grows whenever rows arrive or everything changes; reading it makes a component follow. */
  readonly version = shallowRef(0)
  readonly total = shallowRef(0)
  private readonly windows = new Map<number, Row[]>()
  private readonly underway = new Set<number>()
  private round = 0

  /** @param fetch answers the rows at an offset, and how many there are in all where that may have changed */
  constructor(private readonly fetch: (offset: number, limit: number) => Promise<{ rows: Row[]; total?: number }>) {}

  /** Forgets everything and begins anew. @param total where it is known beforehand */
  async reset(total?: number): Promise<void> {
    const round = ++this.round
    const first = await this.fetch(0, WINDOW)
    if (round !== this.round) return
    this.windows.clear()
    this.underway.clear()
    this.windows.set(0, first.rows)
    this.total.value = total ?? first.total ?? first.rows.length
    this.version.value++
  }

  row(position: number): Row | null {
    return this.windows.get(Math.floor(position / WINDOW))?.[position % WINDOW] ?? null
  }

  ensure(from: number, end: number): void {
    for (let window = Math.floor(from / WINDOW); window * WINDOW < Math.min(end, this.total.value); window++)
      if (!this.windows.has(window) && !this.underway.has(window)) void this.load(window)
  }

  private async load(window: number): Promise<void> {
    const { round } = this
    this.underway.add(window)
    try {
      const { rows } = await this.fetch(window * WINDOW, WINDOW)
      if (round !== this.round) return
      this.windows.set(window, rows)
      const oldest = this.windows.keys().next().value
      if (this.windows.size > KEPT && oldest !== undefined) this.windows.delete(oldest)
      this.version.value++
    } catch {
      // The result is gone: the page asks anew when it is used again.
    } finally {
      this.underway.delete(window)
    }
  }
}
