import fs from 'node:fs'

/** A burst of changes (an extraction) is told once, not a thousand times. */
const QUIET_MS = 150

/** Watches folders for changes in what they directly hold. */
export class FolderWatcher {
  private readonly watchers = new Map<string, { watcher: fs.FSWatcher; timer: NodeJS.Timeout | null }>()

  constructor(private readonly onChange: (folder: string) => void) {}

  /** From now on these folders and no others. Those that cannot be watched (gone, network) are left out. */
  set(folders: Iterable<string>): void {
    const wanted = new Set(folders)
    for (const folder of this.watchers.keys()) if (!wanted.has(folder)) this.drop(folder)
    for (const folder of wanted) if (!this.watchers.has(folder)) this.add(folder)
  }

  close(): void {
    this.set([])
  }

  private add(folder: string): void {
    try {
      const watcher = fs.watch(folder, { persistent: false }, () => {
        this.noticed(folder)
      })
      watcher.on('error', () => {
        this.drop(folder)
        this.onChange(folder)
      })
      this.watchers.set(folder, { watcher, timer: null })
    } catch {
      // Seen when the pane is opened or reloaded; nothing to tell now.
    }
  }

  private noticed(folder: string): void {
    const entry = this.watchers.get(folder)
    if (!entry || entry.timer) return
    entry.timer = setTimeout(() => {
      entry.timer = null
      this.onChange(folder)
    }, QUIET_MS)
  }

  private drop(folder: string): void {
    const entry = this.watchers.get(folder)
    if (!entry) return
    this.watchers.delete(folder)
    if (entry.timer) clearTimeout(entry.timer)
    entry.watcher.close()
  }
}
