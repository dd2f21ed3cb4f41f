import type { Progress } from '../engine'
import { showable } from './output'

/** One line on standard error that is painted over: only for people, so only on a terminal unless asked for. */
export class ProgressLine {
  private last = 0
  private shown = false
  private bytesTotal = 0

  constructor(
    private readonly isWanted: boolean,
    private readonly every = 100,
  ) {}

  static for(flag: boolean | undefined, isQuiet = false): ProgressLine {
    return new ProgressLine(flag === true || (!isQuiet && process.stderr.isTTY))
  }

  /** As the engine's work tells it. */
  take({ bytesDone, bytesTotal, current }: Progress): void {
    this.bytesTotal = bytesTotal ?? this.bytesTotal
    if (bytesDone === undefined) return
    this.update(bytesDone, this.bytesTotal, () => showable(typeof current === 'function' ? current() : (current ?? '')))
  }

  update(done: number, total: number, what: () => string): void {
    if (!this.isWanted) return
    const now = Date.now()
    if (now - this.last < this.every) return
    this.last = now
    const percent = total > 0 ? `${Math.min(100, Math.floor((done / total) * 100))} %` : ''
    const text = `${percent.padStart(5)}  ${what()}`
    if (process.stderr.isTTY) {
      const width = Math.max(20, (process.stderr.columns || 80) - 1)
      process.stderr.write(`\r\x1b[K${text.slice(0, width)}`)
      this.shown = true
    } else process.stderr.write(`${text}\n`)
  }

  clear(): void {
    if (this.shown) process.stderr.write('\r\x1b[K')
    this.shown = false
  }
}
