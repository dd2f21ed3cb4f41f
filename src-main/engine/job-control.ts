import { CancelledError } from '../extract/extract-error'

const RUN = 0
const PAUSE = 1
const CANCEL = 2
const TURN_EVERY_MS = 50

/**
 * Pause and cancel through shared memory, so that a thread deep in synchronous work sees them at its next file or chunk
 * without having to read messages.
 */
export class JobControl {
  private readonly state: Int32Array
  private lastTurn = Date.now()

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.state = new Int32Array(memory)
  }

  pause(): void {
    this.set(PAUSE)
  }

  resume(): void {
    this.set(RUN)
  }

  cancel(): void {
    this.set(CANCEL)
  }

  /** On the working side. @throws {CancelledError} */
  checkpoint(): void | Promise<void> {
    while (Atomics.load(this.state, 0) === PAUSE) Atomics.wait(this.state, 0, PAUSE)
    if (Atomics.load(this.state, 0) === CANCEL) throw new CancelledError()
    const now = Date.now()
    if (now - this.lastTurn < TURN_EVERY_MS) return
    this.lastTurn = now
    return new Promise((resolve) => setImmediate(resolve))
  }

  private set(state: number): void {
    // Cancelled is for good.
    if (Atomics.load(this.state, 0) !== CANCEL) Atomics.store(this.state, 0, state)
    Atomics.notify(this.state, 0)
  }
}
