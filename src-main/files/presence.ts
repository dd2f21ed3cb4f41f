import fsPromises from 'node:fs/promises'

/** A share that is gone can leave a `stat` hanging for minutes; nobody waits for that to see a list. */
const PATIENCE_MS = 1500
const FRESH_MS = 1000

/** Whether files are there, asked without stopping the thread, and remembered for a moment. */
export class Presence {
  private readonly known = new Map<string, { isThere: boolean; at: number }>()

  constructor(private readonly now: () => number = Date.now) {}

  /** In the order of the paths. */
  async ask(paths: readonly string[]): Promise<boolean[]> {
    const distinct = new Map<string, Promise<boolean>>()
    for (const path of paths) if (!distinct.has(path)) distinct.set(path, this.one(path))
    return Promise.all(paths.map((path) => distinct.get(path) ?? Promise.resolve(false)))
  }

  private async one(path: string): Promise<boolean> {
    const known = this.known.get(path)
    if (known && this.now() - known.at < FRESH_MS) return known.isThere
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<boolean>((resolve) => {
      timer = setTimeout(() => {
        resolve(false)
      }, PATIENCE_MS)
    })
    const stat = fsPromises.stat(path).then(
      () => true,
      () => false,
    )
    const isThere = await Promise.race([stat, patience])
    clearTimeout(timer)
    if (this.known.size > 10_000) this.known.clear()
    this.known.set(path, { isThere, at: this.now() })
    return isThere
  }
}
