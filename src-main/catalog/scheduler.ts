const TURN_MS = 25

/** Lets a long piece of work give way to what else its thread is asked. */
export class Scheduler {
  private since = performance.now()

  /** To be awaited often; it waits only where a while has passed. */
  async yield(): Promise<void> {
    if (performance.now() - this.since < TURN_MS) return
    await new Promise((resolve) => setImmediate(resolve))
    this.since = performance.now()
  }
}
