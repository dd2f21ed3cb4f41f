import fs from 'node:fs'
import type { EventName, EventPayload, ImageLocation, OpenedImage } from '../../../src-shared/contract'
import { IsoldeError, toErrorShape } from '../../../src-shared/contract/errors'
import { because, type ImageInfo } from '../../../src-shared/model'
import { locationKey } from '../../catalog'
import { pathIsThere } from '../../files/listing'
import { isUnchanged, type ImageMethods, type ImageOwnerMethods } from './image-service'
import { unpackingLimit } from '../../files/scratch'
import { startThread, type Thread } from '../rpc'

/** An image that is open: its thread, and the clients that look at it. */
export interface OpenImage {
  opened: OpenedImage
  charset: string | null
  /** Null where the file is away and only the catalog knows the image. */
  thread: Thread<ImageMethods> | null
  clients: Set<number>
}

/** An image that is being opened, for all who wait for it. */
interface Opening {
  image: Promise<OpenImage>
  waiting: number
  /** Ends it; it then fails. */
  stop: () => void
}

/** Late enough for the image before to have been indexed: until then memory is worth more than a quicker start. */
const SPARE_AFTER_MS = 20_000

export type Broadcast = <Name extends EventName>(name: Name, payload: EventPayload<Name>, client?: number) => void

/** Asks the page that a file was dropped on for a slice of it. */
export type AskUpload = (
  client: number,
  request: { upload: string; byteOffset: number; byteLength: number },
) => Promise<Uint8Array>

export interface RegistryOptions {
  /** Whether a client is still connected. */
  isHere: (client: number) => boolean
  catalogPath: () => string
  /** The catalog could not be written while an image was indexed. */
  onFailure: (error: unknown) => void
  broadcast: Broadcast
  /** An image that was opened is in the catalog with all its views. Never rejects. */
  onIndexed: (opened: OpenedImage) => Promise<void>
  /** No image has been open for a moment. */
  onIdle: () => void
  askUpload: AskUpload
  /** What the catalog knows of an image, by its location key. */
  recall: (location: string) => Promise<{ id: number; generation: number; info: ImageInfo } | null>
}

/** What opening says where a file, or the disk it is on, is away. */
const AWAY: ReadonlySet<string> = new Set(['NO_SUCH_FILE', 'SOURCE_GONE'])

/** The images that are open, each in a thread of its own; one that several clients look at is open once. */
export class ImageRegistry {
  private readonly images = new Map<number, OpenImage>()
  /** What each file looked like when it was opened; a changed one is opened anew. */
  private readonly stats = new Map<OpenImage, { byteLength: number; modified: number } | null>()
  private spare: SpareThread | null = null
  private isClosed = false
  private tidying: NodeJS.Timeout | undefined
  private readonly opening = new Map<string, Opening>()

  constructor(private readonly options: RegistryOptions) {}

  /** @param signal aborted where this caller waits no longer: opening ends when nobody does */
  async open(
    client: number,
    location: ImageLocation,
    charset: string | null,
    signal?: AbortSignal,
  ): Promise<OpenedImage> {
    const key = JSON.stringify([location, charset])
    const known = this.findByKey(key)
    if (known) {
      if (this.isFresh(known)) {
        known.clients.add(client)
        return known.opened
      }
      await this.drop(known)
    }
    signal?.throwIfAborted()
    const underway = this.opening.get(key) ?? this.begin(key, client, location, charset)
    const leave = (): void => {
      underway.waiting--
      if (underway.waiting > 0) return
      this.forgetOpening(key, underway)
      underway.stop()
    }
    underway.waiting++
    signal?.addEventListener('abort', leave, { once: true })
    try {
      const image = await underway.image
      image.clients.add(client)
      // A page that went away meanwhile was not among those that look at it yet, and closes nothing any more.
      if (!this.options.isHere(client)) await this.close(client, image.opened.image)
      return image.opened
    } finally {
      signal?.removeEventListener('abort', leave)
      this.forgetOpening(key, underway)
    }
  }

  private begin(key: string, client: number, location: ImageLocation, charset: string | null): Opening {
    const stopping = new AbortController()
    const opening: Opening = {
      image: this.start(client, location, charset, stopping.signal),
      waiting: 0,
      stop: () => {
        stopping.abort()
      },
    }
    this.opening.set(key, opening)
    return opening
  }

  /** Whoever asks after that begins anew. */
  private forgetOpening(key: string, opening: Opening): void {
    if (this.opening.get(key) === opening) this.opening.delete(key)
  }

  /** @throws {IsoldeError} `IMAGE_CLOSED`; `ENTRY_GONE` where the generation is another by now */
  get(image: number, generation?: number): OpenImage {
    const open = this.images.get(image)
    if (!open) throw new IsoldeError('IMAGE_CLOSED', 'The image is closed. Open it again.')
    if (generation !== undefined && open.opened.generation !== generation)
      throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
    return open
  }

  /** Every image that is open. */
  ids(): number[] {
    return [...this.images.keys()]
  }

  /** An open image, if it is. */
  find(image: number): OpenImage | undefined {
    return this.images.get(image)
  }

  /** The thread that reads an image. @throws {IsoldeError} as `get`; `SOURCE_GONE` where its file is away */
  readable(image: number, generation: number): Thread<ImageMethods> {
    const { thread, opened } = this.get(image, generation)
    if (!thread)
      throw new IsoldeError(
        'SOURCE_GONE',
        `${opened.location.path} is offline; what is shown of it is remembered. Connect its disk to read what it holds.`,
        because('imageOffline', { name: opened.location.path }),
      )
    return thread
  }

  /** Whether somebody waits for an image. */
  isOpening(): boolean {
    return this.opening.size > 0
  }

  /** Lets go of every image: their catalog is gone. Whoever shows one opens it again. */
  abandon(): void {
    for (const open of [...this.images.values()]) void this.drop(open)
  }

  /** Closes an image whoever looks at it. */
  async end(image: number): Promise<void> {
    const open = this.images.get(image)
    if (!open) return
    await this.drop(open)
    const message = `${open.opened.info.name} was closed, because it was taken out of the library.`
    this.options.broadcast('image.gone', { image, message })
  }

  /** An image that is open from where a job has it; undefined where none is. */
  findSource(source: { kind: string; path: string; inside: readonly { path: string }[] }): OpenImage | undefined {
    return [...this.images.values()].find(({ opened: { location } }) => {
      const isSameFile = location.kind === source.kind && location.path === source.path
      return isSameFile && JSON.stringify(location.inside) === JSON.stringify(source.inside)
    })
  }

  async close(client: number, image: number): Promise<void> {
    const open = this.images.get(image)
    if (!open) return
    open.clients.delete(client)
    if (open.clients.size === 0) await this.drop(open)
  }

  /** A window or page went away: what only it looked at is closed. */
  async releaseClient(client: number): Promise<void> {
    for (const image of [...this.images.keys()]) await this.close(client, image)
  }

  async closeAll(): Promise<void> {
    this.isClosed = true
    await this.spare?.thread.terminate()
    for (const open of [...this.images.values()]) await this.drop(open)
  }

  private findByKey(key: string): OpenImage | undefined {
    return [...this.images.values()].find((open) => JSON.stringify([open.opened.location, open.charset]) === key)
  }

  private isFresh(open: OpenImage): boolean {
    const stat = this.stats.get(open)
    const { location, isRemembered } = open.opened
    // One that is remembered is opened anew as soon as its file is back.
    if (isRemembered) return !pathIsThere(location.path)
    return location.kind !== 'path' || !stat || isUnchanged(location.path, stat.byteLength, stat.modified)
  }

  /** With the last image closed there is time to give back what all of them took. */
  private tidyUp(): void {
    clearTimeout(this.tidying)
    this.tidying = setTimeout(() => {
      if (this.images.size === 0 && !this.isClosed) this.options.onIdle()
    }, TIDY_AFTER_MS)
    this.tidying.unref()
  }

  /** Has a thread ready before it is asked for: starting one takes longer than opening most images. */
  prepare(): void {
    this.spare ??= new SpareThread()
  }

  private takeThread(): SpareThread {
    const spare = this.spare ?? new SpareThread()
    this.spare = null
    // After this image has been opened, not during.
    setTimeout(() => {
      if (!this.isClosed) this.prepare()
    }, SPARE_AFTER_MS).unref()
    return spare
  }

  private async start(
    client: number,
    location: ImageLocation,
    charset: string | null,
    signal: AbortSignal,
  ): Promise<OpenImage> {
    let open: OpenImage | null = null
    const own: ImageOwnerMethods = {
      progress: (progress) => {
        // Told before the answer to `open` arrived: nobody knows the image by then.
        if (!open) return
        const { image, generation } = open.opened
        this.options.broadcast('image.progress', { image, generation, ...progress })
      },
      info: (info) => {
        if (!open) return
        open.opened = { ...open.opened, info }
        this.options.broadcast('image.changed', { image: open.opened.image, generation: open.opened.generation, info })
      },
      unpacking: (progress) => {
        this.options.broadcast('image.unpacking', { path: location.path, ...progress }, client)
      },
      failed: (error) => {
        this.options.onFailure(new IsoldeError(error.code, error.message, error.details))
      },
      slice: (request) => this.options.askUpload(client, request),
    }
    const { thread } = this.takeThread().give(own, (reason) => {
      if (open) this.gone(open, reason)
    })
    signal.addEventListener('abort', () => {
      if (!open) void endThread(thread)
    })
    try {
      const stat = statOf(location)
      const answer = await thread.peer.call('open', {
        catalogPath: this.options.catalogPath(),
        location,
        charset,
        unpackByteLimit: unpackingLimit(),
      })
      // The same image under another charset or way in: the catalog holds one at a time.
      const former = this.images.get(answer.image)
      if (former) await this.drop(former)
      open = { opened: { ...answer, location, isRemembered: false }, charset, thread, clients: new Set([client]) }
      this.images.set(answer.image, open)
      this.stats.set(open, stat)
      void this.reportIndexed(thread, open)
      return open
    } catch (error) {
      await thread.terminate()
      return await this.remember(client, location, charset, error)
    }
  }

  private async reportIndexed(thread: Thread<ImageMethods>, open: OpenImage): Promise<void> {
    try {
      await thread.peer.call('indexed', {})
    } catch {
      // It was closed meanwhile.
      return
    }
    if (this.images.get(open.opened.image) === open) await this.options.onIndexed(open.opened)
  }

  /** An image whose file is away is shown as the catalog remembers it. @throws what opening said, where it does not */
  private async remember(
    client: number,
    location: ImageLocation,
    charset: string | null,
    error: unknown,
  ): Promise<OpenImage> {
    const { code } = toErrorShape(error)
    if (location.kind !== 'path' || !AWAY.has(code) || pathIsThere(location.path)) throw error
    const known = await this.options.recall(locationKey('path', location.path, location.inside)).catch(() => null)
    if (!known) throw error
    const opened = { image: known.id, generation: known.generation, info: known.info, location, isRemembered: true }
    const open: OpenImage = { opened, charset, thread: null, clients: new Set([client]) }
    this.images.set(known.id, open)
    this.stats.set(open, null)
    return open
  }

  private gone(open: OpenImage, reason: string): void {
    if (this.images.get(open.opened.image) !== open) return
    this.images.delete(open.opened.image)
    this.stats.delete(open)
    this.options.broadcast('image.gone', {
      image: open.opened.image,
      message: `${open.opened.info.name} had to be closed: reading it failed (${reason}). Open it again to go on.`,
    })
  }

  private async drop(open: OpenImage): Promise<void> {
    this.images.delete(open.opened.image)
    this.stats.delete(open)
    if (this.images.size === 0) this.tidyUp()
    if (open.thread) await endThread(open.thread)
  }
}

/** Closing lets unpacking end, and indexing between two batches; a thread that does not answer is ended anyway. */
async function endThread(thread: Thread<ImageMethods>): Promise<void> {
  const patience = new Promise((resolve) => setTimeout(resolve, 500).unref())
  await Promise.race([thread.peer.call('close', {}).catch(() => undefined), patience])
  await thread.terminate()
}

/** Late enough for whoever closes one image to open the next one. */
const TIDY_AFTER_MS = 2000

/** A thread that waits for its image; what it tells before it has one goes nowhere. */
class SpareThread {
  readonly thread: Thread<ImageMethods>
  private own: ImageOwnerMethods | null = null
  private ended: (reason: string) => void = () => undefined

  constructor() {
    this.thread = startThread<ImageMethods>(
      'image-worker',
      {
        progress: (progress: never) => this.own?.progress(progress),
        info: (info: never) => this.own?.info(info),
        unpacking: (progress: never) => this.own?.unpacking(progress),
        failed: (error: never) => this.own?.failed(error),
        slice: (request: never) => this.own?.slice(request),
      },
      { onExit: (reason) => this.ended(reason) },
    )
  }

  give(own: ImageOwnerMethods, ended: (reason: string) => void): this {
    this.own = own
    this.ended = ended
    return this
  }
}

function statOf(location: ImageLocation): { byteLength: number; modified: number } | null {
  if (location.kind !== 'path') return null
  const stat = fs.statSync(location.path, { throwIfNoEntry: false })
  return stat ? { byteLength: stat.size, modified: stat.mtimeMs } : null
}
