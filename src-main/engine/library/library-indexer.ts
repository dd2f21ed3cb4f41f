import path from 'node:path'
import type { EventName, EventPayload, ImageLocation } from '../../../src-shared/contract'
import type { WatchedFolder } from '../../../src-shared/contract/library-shapes'
import { FolderWatcher } from '../../files/folder-watcher'
import { findImageFiles, type FoundFile } from '../../files/find-images'
import type { Peer } from '../rpc'
import type { LibraryMethods } from './library-service'

/** A file that is still being written is left alone until it has rested this long. */
const RESTED_MS = 2000
/** Not everything tells of its changes: network folders, folders that come back with their disk. */
const LOOK_AGAIN_MS = 600_000

export interface KeeperOptions {
  library: () => Peer<LibraryMethods>
  /** Indexes one image that nobody looks at; rejects with a sentence where it is none. */
  index: (location: ImageLocation) => Promise<void>
  /** Whether an image that somebody waits for is being opened: those come first. */
  isBusy: () => boolean
  emit: <Name extends EventName>(name: Name, payload: EventPayload<Name>) => void
  restedMs?: number
}

interface Folder {
  files: FoundFile[]
  isOnline: boolean
}

/**
 * Keeps the images in watched folders in the catalog: looks through each folder at the start, when it changes and now
 * and then, and indexes what is new or changed, one image at a time.
 */
export class LibraryIndexer {
  private readonly watcher: FolderWatcher
  private readonly folders = new Map<string, Folder>()
  private readonly waiting = new Map<string, FoundFile>()
  private current: string | null = null
  private scanning: Promise<void> = Promise.resolve()
  private timer: NodeJS.Timeout | null = null
  private readonly restedMs: number
  private isClosed = false

  constructor(private readonly options: KeeperOptions) {
    this.restedMs = options.restedMs ?? RESTED_MS
    this.watcher = new FolderWatcher((folder) => {
      for (const watched of this.folders.keys()) if (isWithin(folder, watched)) this.look(watched)
    })
  }

  /** Takes up what was watched at the last end. */
  async start(): Promise<void> {
    for (const folder of await this.options.library().call('folders', undefined)) this.look(folder)
    this.lookLater(LOOK_AGAIN_MS)
  }

  async add(folder: string): Promise<void> {
    await this.options.library().call('addFolder', { path: folder })
    this.look(folder)
    this.options.emit('library.changed', {})
  }

  /** The images stay known. */
  async remove(folder: string): Promise<void> {
    await this.options.library().call('removeFolder', { path: folder })
    this.folders.delete(folder)
    for (const file of this.waiting.keys()) if (isWithin(file, folder)) this.waiting.delete(file)
    this.watcher.set(this.everyFolder())
    this.options.emit('library.changed', {})
  }

  async list(): Promise<WatchedFolder[]> {
    const library = this.options.library()
    const folders = await library.call('folders', undefined)
    return Promise.all(
      folders.map(async (folder) => {
        const known = this.folders.get(folder)
        const pending = [...this.waiting.keys()].filter((file) => isWithin(file, folder)).length
        const refused = await library.call('refused', { folder })
        const isRefused = new Set(refused.map((file) => file.path))
        const isCurrent = this.current !== null && isWithin(this.current, folder)
        return {
          path: folder,
          isOnline: known?.isOnline ?? false,
          fileCount: known?.files.filter((file) => !isRefused.has(file.path)).length ?? 0,
          pendingCount: pending + (isCurrent ? 1 : 0),
          current: isCurrent ? this.current : null,
          refused,
        }
      }),
    )
  }

  close(): void {
    this.isClosed = true
    if (this.timer) clearTimeout(this.timer)
    this.waiting.clear()
    this.watcher.close()
  }

  /** Looks through a folder, after whatever is being looked through now. */
  private look(folder: string): void {
    if (!this.folders.has(folder)) this.folders.set(folder, { files: [], isOnline: false })
    this.scanning = this.scanning
      .then(() => this.scan(folder))
      // The thread that knows the catalog went away; the next look finds the new one.
      .catch(() => undefined)
  }

  private async scan(folder: string): Promise<void> {
    if (!this.isPersistent(folder)) return
    const library = this.options.library()
    // Watched before it is looked through: what comes in between is told.
    this.watcher.set(this.everyFolder())
    const found = await findImageFiles(folder)
    const known = await library.call('knownFiles', { folder })
    if (!this.isPersistent(folder)) return
    this.folders.set(folder, { files: found.files, isOnline: found.isOnline })
    const isNewBelow = found.folders.some((one) => one !== folder && !this.subfolders.has(one))
    for (const one of found.folders) this.subfolders.add(one)
    if (isNewBelow) this.look(folder)
    const now = Date.now()
    let isUnrested = false
    for (const file of found.files) {
      const facts = known.get(file.path)
      if (facts?.byteLength === file.byteLength && facts.modified === Math.round(file.modified)) continue
      if (Math.abs(now - file.modified) < this.restedMs) isUnrested = true
      else if (this.current !== file.path) this.waiting.set(file.path, file)
    }
    if (isUnrested) this.lookLater(this.restedMs)
    const there = new Set(found.files.map((file) => file.path))
    const refused = await library.call('refused', { folder })
    if (found.isOnline)
      await library.call('forgive', { paths: refused.map(({ path }) => path).filter((path) => !there.has(path)) })
    this.options.emit('library.changed', {})
    void this.work()
  }

  /** False once it was removed, or everything ends. */
  private isPersistent(folder: string): boolean {
    return !this.isClosed && this.folders.has(folder)
  }

  private async work(): Promise<void> {
    if (this.current !== null) return
    for (;;) {
      const next = this.waiting.values().next().value
      if (!next || this.isClosed) return
      this.current = next.path
      this.waiting.delete(next.path)
      while (this.options.isBusy()) await new Promise((resolve) => setTimeout(resolve, 100))
      await this.indexOne(next)
      this.current = null
      this.options.emit('library.changed', {})
    }
  }

  private async indexOne(file: FoundFile): Promise<void> {
    try {
      await this.options.index({ kind: 'path', path: file.path, inside: [] })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      const facts = { byteLength: file.byteLength, modified: file.modified }
      if (!this.isClosed)
        await this.options
          .library()
          .call('refuse', { path: file.path, facts, reason })
          .catch(() => undefined)
    }
  }

  private readonly subfolders = new Set<string>()

  private everyFolder(): string[] {
    const watched = [...this.folders.keys()]
    return [...watched, ...[...this.subfolders].filter((folder) => watched.some((one) => isWithin(folder, one)))]
  }

  private lookLater(delay: number): void {
    if (this.timer) clearTimeout(this.timer)
    this.timer = setTimeout(() => {
      for (const folder of this.folders.keys()) this.look(folder)
      this.lookLater(LOOK_AGAIN_MS)
    }, delay)
    this.timer.unref()
  }
}

function isWithin(item: string, folder: string): boolean {
  return item === folder || item.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}
