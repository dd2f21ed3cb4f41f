import { CancelledError } from './cancelled-error'
import { takeTurns } from './take-turns'

const RUN = 0
const PAUSE = 1
const CANCEL = 2
/** Nothing has been written: whoever cancels need not wait for the thread. */
const PLANNING = 0
const AT_WORK = 1
const GIVEN_UP = 2
/** What is done from here on is done to its end, whoever cancels. */
const LAST_STEPS = 3

/**
 * Pause and cancel through shared memory, so that a thread deep in synchronous work sees them at its next file or chunk
 * without having to read messages.
 */
export class SharedControl {
  private readonly state: Int32Array
  private readonly phase: Int32Array
  private readonly turn = takeTurns()

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(8)) {
    this.state = new Int32Array(memory, 0, 1)
    this.phase = new Int32Array(memory, 4, 1)
  }

  /** On the working side, before the first byte: from here on a cancelled job is ended by its own thread. @throws {CancelledError} */
  begin(): void {
    if (Atomics.compareExchange(this.phase, 0, PLANNING, AT_WORK) === GIVEN_UP) throw new CancelledError()
  }

  /** On the working side, before what cannot be taken back. @throws {CancelledError} */
  commit(): void {
    Atomics.store(this.phase, 0, LAST_STEPS)
    // In this order: who cancels looks at the phase after having said so.
    if (Atomics.load(this.state, 0) === CANCEL) throw new CancelledError()
  }

  /** On the other side, after `cancel`: whether the thread is certain to leave nothing, sooner or later. */
  isCertain(): boolean {
    return Atomics.load(this.phase, 0) !== LAST_STEPS
  }

  /** On the other side: answers whether nothing has been written, and sees to it that nothing will be. */
  giveUp(): boolean {
    return Atomics.compareExchange(this.phase, 0, PLANNING, GIVEN_UP) !== AT_WORK
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
    return this.turn()
  }

  private set(state: number): void {
    // Cancelled is for good.
    if (Atomics.load(this.state, 0) !== CANCEL) Atomics.store(this.state, 0, state)
    Atomics.notify(this.state, 0)
  }
}
