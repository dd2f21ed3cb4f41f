import type { Progress } from './control'

/** Lets something happen only so often. */
export class Throttle {
  private lastAt = 0

  /** @param everyMs milliseconds from one time to the next, at the least */
  constructor(private readonly everyMs: number) {}

  /** Whether it is time again; if so, the next time is reckoned from now. @param now in milliseconds */
  isDue(now = Date.now()): boolean {
    if (now - this.lastAt < this.everyMs) return false
    this.lastAt = now
    return true
  }

  /** It has happened for another reason. @param now in milliseconds */
  reset(now = Date.now()): void {
    this.lastAt = now
  }
}

/** Progress as it is sent on: plain values. */
export type PlainProgress = Omit<Progress, 'current'> & { current?: string }

/**
 * Passes progress on only so often. Totals and the end of counting are never left out: whoever shows a share of a whole
 * waits for them.
 */
export function throttled(everyMs: number, pass: (progress: PlainProgress) => void): (progress: Progress) => void {
  const throttle = new Throttle(everyMs)
  return ({ current, ...counts }) => {
    const isTurn = counts.bytesTotal !== undefined || counts.isCounting === false || counts.phase !== undefined
    if (isTurn) throttle.reset(0)
    else if (!throttle.isDue()) return
    const name = typeof current === 'function' ? current() : (current ?? '')
    pass(name === '' ? counts : { ...counts, current: name })
  }
}
