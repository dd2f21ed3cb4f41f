/** How fast something goes and when it will be done, from samples of a running total. */
export class TransferRate {
  private samples: { at: number; done: number }[] = []

  /** @param windowMs how far back counts: long enough to be calm, short enough to be true */
  constructor(private readonly windowMs = 4000) {}

  /** @param at milliseconds on any clock that only goes forward; @param done the total so far */
  add(at: number, done: number): void {
    this.samples.push({ at, done })
    while (this.samples.length > 2 && (this.samples[1]?.at ?? at) < at - this.windowMs) this.samples.shift()
  }

  /** Forgets: after a pause the time that passed meanwhile must not count. */
  reset(): void {
    this.samples = []
  }

  /** Units per second; 0 until there are two samples. */
  perSecond(): number {
    const first = this.samples[0]
    const last = this.samples.at(-1)
    if (!first || !last || last.at <= first.at) return 0
    return Math.max(0, ((last.done - first.done) * 1000) / (last.at - first.at))
  }

  /** Null while nothing moves. */
  secondsLeft(total: number): number | null {
    const rate = this.perSecond()
    const done = this.samples.at(-1)?.done ?? 0
    return rate > 0 ? Math.max(0, total - done) / rate : null
  }
}
