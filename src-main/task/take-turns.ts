const TURN_EVERY_MS = 50

/** Lets messages in now and then: that is how it is heard that something is not wanted any more. */
export function takeTurns(): () => void | Promise<void> {
  let last = Date.now()
  return () => {
    if (Date.now() - last < TURN_EVERY_MS) return
    return new Promise((resolve) =>
      setImmediate(() => {
        last = Date.now()
        resolve()
      }),
    )
  }
}
