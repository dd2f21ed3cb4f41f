import { CancelledError, takeTurns } from '../engine'

/** Asked between two pieces of work, and ended when there is no more of it. */
export interface Interrupts {
  /** @throws {CancelledError} once one has come */
  checkpoint(): void | Promise<void>
  end(): void
}

/** Ctrl+C and a polite kill stop at the next piece; what is not whole is removed by whoever was writing it. */
export function watchInterrupts(): Interrupts {
  let isStopped = false
  const stop = (): void => {
    isStopped = true
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, stop)
  const check = (): void => {
    if (isStopped) throw new CancelledError()
  }
  // Signals are only heard between turns of the event loop.
  const turn = takeTurns()
  return {
    checkpoint() {
      check()
      return turn()?.then(check)
    },
    end() {
      for (const signal of signals) process.off(signal, stop)
    },
  }
}
