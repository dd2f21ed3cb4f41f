import type { ImageMethods, ImageOwnerMethods } from '../images'
import { startThread, type Thread } from '../rpc'

/** A thread takes longer to start than most images to read: one is kept for the next image. */
const IDLE_MS = 5000
/** What a thread has taken of memory comes back only with its end. */
const IMAGES_LIMIT = 100
const ENTRIES_LIMIT = 1_000_000

/** A thread that reads images which nobody looks at, one after the other. */
export class BackgroundThread {
  private static spare: BackgroundThread | null = null
  private owner: ImageOwnerMethods | null = null
  private images = 0
  private entries = 0
  private hasEnded = false
  private idle: NodeJS.Timeout | null = null
  private readonly thread: Thread<ImageMethods>

  private constructor() {
    const told: ImageOwnerMethods = {
      progress: (progress) => this.owner?.progress(progress),
      info: (info) => this.owner?.info(info),
      failed: (error) => this.owner?.failed(error),
      unpacking: (progress) => this.owner?.unpacking(progress),
      slice: (request) => this.owner?.slice(request) ?? Promise.reject(new Error('Nobody has asked for an image.')),
    }
    this.thread = startThread<ImageMethods>('image-worker', told, {
      onExit: () => {
        this.hasEnded = true
        if (BackgroundThread.spare === this) BackgroundThread.spare = null
      },
    })
  }

  /** The one that was kept, or a new one. @param owner who is told of the image that it is taken for */
  static take(owner: ImageOwnerMethods): BackgroundThread {
    const taken = BackgroundThread.spare ?? new BackgroundThread()
    BackgroundThread.spare = null
    if (taken.idle) clearTimeout(taken.idle)
    taken.thread.ref()
    taken.owner = owner
    taken.images++
    return taken
  }

  get peer(): Thread<ImageMethods>['peer'] {
    return this.thread.peer
  }

  /** Gives it back, its image being closed. @param entryCount of that image, in all views */
  async giveBack(entryCount: number): Promise<void> {
    this.owner = null
    this.entries += entryCount
    if (BackgroundThread.spare !== null || this.images >= IMAGES_LIMIT || this.entries >= ENTRIES_LIMIT)
      return this.terminate()
    if (this.hasEnded) return
    BackgroundThread.spare = this
    // Whoever ends meanwhile need not wait for it.
    this.thread.unref()
    this.idle = setTimeout(() => void this.terminate(), IDLE_MS)
    this.idle.unref()
  }

  /** Ends it at once, whatever it does. */
  async terminate(): Promise<void> {
    this.hasEnded = true
    if (this.idle) clearTimeout(this.idle)
    if (BackgroundThread.spare === this) BackgroundThread.spare = null
    await this.thread.terminate()
  }
}
