/** Rows that are asked for at once. */
export const WINDOW = 200

/** The rows near what is in sight, of however many there are: asked for, kept and dropped a window at a time. */
export class RowWindows<Row> {
  private readonly windows = new Map<number, readonly Row[]>()
  private readonly underway = new Map<number, { request: AbortController; done: Promise<void> }>()

  /**
   * @param kept windows kept at once: enough for any screen and some way back
   * @param fetch answers the rows at an offset; null where they are of no use any more. Never rejects
   * @param arrived told when rows that were fetched are there
   */
  constructor(
    private readonly kept: number,
    private readonly fetch: (offset: number, signal: AbortSignal) => Promise<readonly Row[] | null>,
    private readonly arrived: () => void,
  ) {}

  /** The row at a position, if it is loaded. */
  row(position: number): Row | null {
    return this.windows.get(Math.floor(position / WINDOW))?.[position % WINDOW] ?? null
  }

  /** All that are loaded, in no order. */
  loaded(): Row[] {
    return [...this.windows.values()].flat()
  }

  /** Forgets everything and begins anew with the rows of one window. @param offset a multiple of {@link WINDOW} */
  begin(offset: number, rows: readonly Row[]): void {
    this.forget()
    this.windows.set(offset / WINDOW, rows)
  }

  forget(): void {
    for (const { request } of this.underway.values()) request.abort()
    this.underway.clear()
    this.windows.clear()
  }

  /** Loads what these positions need; requests for windows that are no longer near are stopped. */
  ensure(from: number, to: number): void {
    const first = Math.floor(from / WINDOW)
    const last = Math.floor(to / WINDOW)
    for (const [number, { request }] of this.underway) {
      if (number >= first - 1 && number <= last + 1) continue
      request.abort()
      // Whoever comes back to it before it has ended asks anew.
      this.underway.delete(number)
    }
    for (let number = first; number <= last; number++) void this.load(number * WINDOW)
  }

  /** Resolves when the window of this position is loaded, or cannot be. */
  load(position: number): Promise<void> {
    const number = Math.floor(position / WINDOW)
    if (this.windows.has(number)) return Promise.resolve()
    const known = this.underway.get(number)
    if (known) return known.done
    const request = new AbortController()
    const done = this.take(number, request)
    this.underway.set(number, { request, done })
    return done
  }

  private async take(number: number, request: AbortController): Promise<void> {
    const rows = await this.fetch(number * WINDOW, request.signal)
    // Forgotten meanwhile, and perhaps asked for anew.
    if (this.underway.get(number)?.request !== request) return
    this.underway.delete(number)
    if (rows === null) return
    this.windows.set(number, rows)
    this.dropOldest(number)
    this.arrived()
  }

  private dropOldest(justLoaded: number): void {
    for (const number of this.windows.keys()) {
      if (this.windows.size <= this.kept) return
      if (number !== justLoaded) this.windows.delete(number)
    }
  }
}
