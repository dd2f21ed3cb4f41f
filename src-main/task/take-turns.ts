const TURN_EVERY_MS = 50

/**
 * Lets messages in now and then: that is how it is heard that something is not wanted any more.
 * @param everyMs milliseconds of work between two turns
 * @returns to be called often; answers nothing where it is not time yet
 */
export function takeTurns(everyMs = TURN_EVERY_MS): () => void | Promise<void> {
  let last = Date.now()
  return () => {
    if (Date.now() - last < everyMs) return
    return new Promise((resolve) =>
      setImmediate(() => {
        last = Date.now()
        resolve()
      }),
    )
  }
}
