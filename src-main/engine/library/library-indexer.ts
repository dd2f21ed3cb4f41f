import path from 'node:path'
import { toErrorShape } from '../../../src-shared/contract/errors'
import type { Said } from '../../../src-shared/model'
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
  index: (location: ImageLocation, signal: AbortSignal) => Promise<void>
  /** Has the images of a folder read by a job, or those of one that was left; answers how it has ended, and of which. */
  work: (folder: string) => Promise<{ folder: string; state: 'done' | 'failed' | 'cancelled' }>
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
 * and then. What is new or changed is indexed by a job, one folder and one image at a time.
 */
export class LibraryIndexer {
  private readonly watcher: FolderWatcher
  private readonly folders = new Map<string, Folder>()
  private readonly waiting = new Map<string, FoundFile>()
  private current: string | null = null
  private scanning: Promise<void> = Promise.resolve()
  /** Files of jobs that were cancelled, as they were then: left alone until they change. */
  private readonly left = new Map<string, FoundFile>()
  /** A job is at work. */
  private isWorking = false
  /** Of the image that is being indexed. */
  private indexing = new AbortController()
  private resolveStarted: () => void = () => undefined
  /** What was watched at the last end is being looked through. */
  private readonly started = new Promise<void>((resolve) => (this.resolveStarted = resolve))
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
    try {
      for (const folder of await this.options.library().call('folders', undefined)) this.look(folder)
    } finally {
      this.resolveStarted()
    }
    this.lookLater(LOOK_AGAIN_MS)
  }

  async add(folder: string): Promise<void> {
    await this.options.library().call('addFolder', { path: folder })
    for (const file of this.left.keys()) if (isWithin(file, folder)) this.left.delete(file)
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
    this.indexing.abort()
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
      if (isSameFile(this.left.get(file.path), file)) continue
      if (Math.abs(now - file.modified) < this.restedMs) isUnrested = true
      else if (this.current !== file.path) this.waiting.set(file.path, file)
    }
    if (isUnrested) this.lookLater(this.restedMs)
    const there = new Set(found.files.map((file) => file.path))
    const refused = await library.call('refused', { folder })
    if (found.isOnline)
      await library.call('forgive', { paths: refused.map(({ path }) => path).filter((path) => !there.has(path)) })
    this.options.emit('library.changed', {})
    this.work()
  }

  /** False once it was removed, or everything ends. */
  private isPersistent(folder: string): boolean {
    return !this.isClosed && this.folders.has(folder)
  }

  /** The next image of a folder that has to be read, and how many there are with it; null where none is left. */
  async next(folder: string): Promise<{ path: string; waiting: number } | null> {
    await this.started
    await this.scanning
    const files = [...this.waiting.keys()].filter((file) => isWithin(file, folder))
    const [next] = files
    return next === undefined || this.isClosed ? null : { path: next, waiting: files.length }
  }

  /** Reads an image that waits into the catalog; answers why it is none, or null. */
  async index(file: string): Promise<Said | null> {
    const found = this.waiting.get(file)
    if (!found) return null
    this.current = file
    this.waiting.delete(file)
    try {
      while (this.options.isBusy()) await new Promise((resolve) => setTimeout(resolve, 100))
      return await this.indexOne(found)
    } finally {
      this.current = null
      this.options.emit('library.changed', {})
    }
  }

  /** Has what waits read, the folder of the first of it first. */
  private work(): void {
    const next = this.waiting.keys().next().value
    const folder = [...this.folders.keys()].find((one) => next !== undefined && isWithin(next, one))
    if (folder === undefined || this.isClosed || this.isWorking) return
    this.isWorking = true
    this.options
      .work(folder)
      .then((end) => {
        this.isWorking = false
        if (end.state === 'cancelled') this.leave(end.folder)
        // One that has failed would fail again: what waits is taken up at the next look.
        if (end.state !== 'failed') this.work()
      })
      .catch(() => {
        this.isWorking = false
      })
  }

  /** Nobody wants the images of a folder to be read now. */
  private leave(folder: string): void {
    for (const [path, file] of this.waiting)
      if (isWithin(path, folder)) {
        this.waiting.delete(path)
        this.left.set(path, file)
      }
    this.indexing.abort()
    this.indexing = new AbortController()
    this.options.emit('library.changed', {})
  }

  private async indexOne(file: FoundFile): Promise<Said | null> {
    const { signal } = this.indexing
    try {
      await this.options.index({ kind: 'path', path: file.path, inside: [] }, signal)
      return null
    } catch (error) {
      if (signal.aborted) {
        this.left.set(file.path, file)
        return null
      }
      const shape = toErrorShape(error)
      const facts = { byteLength: file.byteLength, modified: file.modified }
      await this.options
        .library()
        .call('refuse', { path: file.path, facts, why: shape })
        .catch(() => undefined)
      return shape
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

function isSameFile(one: FoundFile | undefined, other: FoundFile): boolean {
  return one?.byteLength === other.byteLength && one.modified === other.modified
}

function isWithin(item: string, folder: string): boolean {
  return item === folder || item.startsWith(folder.endsWith(path.sep) ? folder : folder + path.sep)
}
