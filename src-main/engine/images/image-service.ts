import fs from 'node:fs'
import {
  because,
  plainExtensionOf,
  type EntryStatus,
  type ImageInfo,
  type Said,
  saidOf,
} from '../../../src-shared/model'
import type { ImageLocation } from '../../../src-shared/contract/shapes'
import { IsoldeError, toErrorShape, type ErrorShape } from '../../../src-shared/contract/errors'
import { connect, ImageStore, locationKey, type Connection, type KnownImage } from '../../catalog'
import { CancelledError, takeTurns, UNCONTROLLED } from '../../task'
import { FileByteSource } from '../../files/file-byte-source'
import { takeUnpackingLimit } from '../../files/scratch'
import type { ByteSource, DiscImage } from '../../image'
import type { SelectionRequest } from '../../extract/selection'
import { previewExtraction, type ExtractionPreview } from '../../extract/preview'
import { pathIsThere } from '../../files/listing'
import { candidatesIn, findAmong, type Candidate, type Carried } from '../../identify/carried'
import { identifyImage } from '../../identify/identify'
import { extractImage, readFor } from '../../jobs/kinds/from-image/extract-image'
import { lossesOf } from '../../jobs/kinds/from-image/losses'
import type { NamePattern } from '../../../src-shared/model'
import { fingerprintOf } from './fingerprint'
import { indexImage } from './indexing'
import { openLocation, type OpenedLocation } from './open-location'
import { Peer, type PeerPort, type Served } from '../rpc'

export interface OpenRequest {
  catalogPath: string
  location: ImageLocation
  charset: string | null
  /** False where a watched folder is brought up to date: nobody looks at the image. */
  isLookedAt?: boolean
  /** See `unpackingLimit`; absent where this thread was started just now, with what is allowed. */
  unpackByteLimit?: number
}

export interface OpenAnswer {
  image: number
  generation: number
  info: ImageInfo
}

/** What a plain image would be. */
interface PlainFacts {
  byteLength: number
  /** How it is named: `iso` promises a disc. */
  extension: 'iso' | 'img'
  losses: Said[]
  problem: Said | null
}

export interface ContentAnswer {
  bytes: Uint8Array
  byteTotal: number
}

/** What the engine may ask of an image's thread. */
export type ImageMethods = {
  open(request: OpenRequest): Promise<OpenAnswer>
  read(request: { view: string; path: string; byteOffset: number; byteLength: number }): Promise<ContentAnswer>
  describe(request: {
    view: string
    path: string
  }): Promise<{ extents: { byteOffset: number | null; byteLength: number }[] | null; status: EntryStatus }>
  /** The images that its default view carries. */
  carries(request: Record<string, never>): Promise<Carried[]>
  stage(request: { view: string; selection: SelectionRequest; folder: string }): Promise<void>
  preview(request: {
    view: string
    selection: SelectionRequest
    destination: string
    keepPaths: boolean
    names?: NamePattern | null
  }): Promise<ExtractionPreview>
  /** What a plain image of it would hold; `problem` where none can be made. */
  plain(request: Record<string, never>): Promise<PlainFacts>
  /** Answers when every view is in the catalog. */
  indexed(request: Record<string, never>): Promise<void>
  /** Bytes of the volume that are there. */
  volumeLength(request: Record<string, never>): number
  close(request: Record<string, never>): Promise<void>
}

/** What an image's thread tells or asks the engine. */
export type ImageOwnerMethods = {
  progress(progress: { view: string; entryCount: number; isDone: boolean }): void
  info(info: ImageInfo): void
  /** The index could not be written to its end. */
  failed(error: ErrorShape): void
  unpacking(progress: { bytesDone: number; bytesTotal: number }): void
  slice(request: { upload: string; byteOffset: number; byteLength: number }): Promise<Uint8Array>
}

/** Contents kept open between reads: a preview reads the same file many times. */
const OPEN_CONTENTS = 8

/**
 * Serves one image over `port`: opens it, indexes it into the catalog, answers ranges. Runs in a thread of its own. Once
 * it is closed, another one may be opened.
 */
export function serveImage(port: PeerPort): void {
  let service = new ImageService()
  const methods: Served<ImageMethods> = {
    open: (request) => service.open(request),
    read: (request) => service.read(request),
    describe: (request) => service.describe(request),
    carries: (_, { signal }) => service.carries(signal),
    stage: (request, { signal }) => service.stage(request, signal),
    preview: (request, { signal }) => service.preview(request, signal),
    plain: () => service.plain(),
    indexed: () => service.indexed,
    volumeLength: () => service.volumeLength(),
    async close() {
      const closed = service
      service = new ImageService()
      service.owner = owner
      await closed.close()
    },
  }
  const owner = new Peer<ImageOwnerMethods>(port, methods)
  service.owner = owner
}

class ImageService {
  owner!: Peer<ImageOwnerMethods>
  /** Indexing, and finding out what the image is for; never rejects. */
  indexed: Promise<void> = Promise.resolve()
  private opened: OpenedLocation | null = null
  private database: Connection | null = null
  private readonly stopping = new AbortController()
  private readonly contents = new Map<string, ByteSource>()
  private carried: Carried[] | null = null
  /** What may be an image in the default view, once its tree has been read. */
  private candidates: Candidate[] | null = null

  async open(request: OpenRequest): Promise<OpenAnswer> {
    if (request.unpackByteLimit !== undefined) takeUnpackingLimit(request.unpackByteLimit)
    const { location } = request
    const opened = await openLocation(
      { ...location, ask: (slice) => this.owner.call('slice', slice) },
      {
        charset: request.charset,
        signal: this.stopping.signal,
        onUnpackProgress: (bytesDone, bytesTotal) => {
          this.owner.report('unpacking', { bytesDone, bytesTotal })
        },
      },
    )
    const { file } = opened
    this.opened = opened
    const database = connect(request.catalogPath, 'write')
    this.database = database
    const store = new ImageStore(database, pathIsThere)
    const known = store.remember(
      {
        location: locationKey(
          location.kind,
          location.kind === 'path' ? location.path : uploadKey(location),
          location.inside,
        ),
        path: location.path,
        byteLength: file.byteLength,
        modified: file instanceof FileByteSource ? file.modified : (location.modified ?? null),
        fingerprint: await fingerprintOf(file),
        charset: request.charset,
      },
      opened.image.info,
      Date.now(),
      request.isLookedAt !== false,
    )
    if (opened.image.info.views.some((view) => !known.indexed.has(view.id)))
      await this.index(opened.image, database, known)
    // Nothing of the image is written after that, and a connection keeps what it last wrote in memory.
    this.indexed = this.indexed
      .then(() => this.identify(opened.image, store, known))
      .finally(() => {
        this.closeDatabase()
      })
    // Counts are written a moment after the entries: another copy of the program, or one that was killed, may be between.
    const views = known.info.views.map((view) => ({
      ...view,
      entryCount: view.entryCount ?? known.indexed.get(view.id) ?? null,
    }))
    return { image: known.id, generation: known.generation, info: { ...known.info, views } }
  }

  /** Resolves when the first rows of the default view are there; the rest goes on. */
  private index(image: DiscImage, database: Connection, known: KnownImage): Promise<void> {
    return new Promise((resolve, reject) => {
      const work = indexImage({
        image,
        database,
        imageId: known.id,
        generation: known.generation,
        indexed: known.indexed,
        signal: this.stopping.signal,
        onFirstRows: resolve,
        onDefaultTree: (table) => {
          this.candidates = candidatesIn(table)
        },
        onProgress: (progress) => {
          this.owner.report('progress', progress)
        },
        onInfo: (info) => {
          this.owner.report('info', info)
        },
      })
      this.indexed = work.catch((error: unknown) => {
        this.owner.report('failed', toErrorShape(error))
      })
      work.then(resolve, reject)
    })
  }

  /** After the index, so that nobody waits for it. */
  private async identify(image: DiscImage, store: ImageStore, known: KnownImage): Promise<void> {
    try {
      if (this.stopping.signal.aborted || store.isIdentified(known.id, known.generation)) return
      const { summary } = await identifyImage(image)
      if (this.database) store.identify(known.id, known.generation, summary)
    } catch {
      // A catalog that is full or gone remembers nothing; the image is open all the same.
    }
  }

  async read(request: { view: string; path: string; byteOffset: number; byteLength: number }): Promise<ContentAnswer> {
    const content = await this.content(request.view, request.path)
    const bytes = await content.read(request.byteOffset, request.byteLength)
    return { bytes, byteTotal: content.byteLength }
  }

  async describe(request: { view: string; path: string }): ReturnType<ImageMethods['describe']> {
    const located = await this.image().view(request.view).lookup(request.path)
    if (!located) throw gone(request.path)
    await located.content?.close()
    return { extents: located.entry.extents, status: located.entry.status }
  }

  async carries(signal: AbortSignal): Promise<Carried[]> {
    const image = this.image()
    // The tree is read once for the catalog; until then there would be two readers of it.
    await this.indexed
    const view = image.view(image.info.defaultViewId)
    this.candidates ??= candidatesIn(await view.readTree({ signal }))
    this.carried ??= await findAmong(view, this.candidates, signal)
    return this.carried
  }

  async stage(
    request: { view: string; selection: SelectionRequest; folder: string },
    signal: AbortSignal,
  ): Promise<void> {
    const turn = takeTurns()
    const opened = this.opened
    if (!opened) throw closed()
    await extractImage({
      opened,
      view: opened.image.view(request.view),
      selection: request.selection,
      layout: { kind: 'selected' },
      where: () => ({ destination: request.folder, folder: null }),
      conflicts: 'overwrite',
      signal,
      control: {
        ...UNCONTROLLED,
        checkpoint() {
          if (signal.aborted) throw new CancelledError()
          return turn()
        },
      },
    })
  }

  async preview(request: Parameters<ImageMethods['preview']>[0], signal: AbortSignal): Promise<ExtractionPreview> {
    const table = await readFor(this.image().view(request.view), request.selection, signal)
    // A tree that is kept comes without a pause in which a cancellation could be heard.
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
    return previewExtraction({
      table,
      selection: request.selection,
      layout: { kind: request.selection.paths === null || request.keepPaths ? 'full' : 'selected' },
      destination: request.destination,
      names: request.names ?? null,
    })
  }

  async plain(): Promise<PlainFacts> {
    const extension = plainExtensionOf(this.image().info)
    try {
      const plain = await this.image().plain()
      const losses = lossesOf(this.image(), plain, null).map(saidOf)
      return { byteLength: plain.blocks.byteLength, extension, losses, problem: null }
    } catch (error) {
      return { byteLength: 0, extension, losses: [], problem: toErrorShape(error) }
    }
  }

  volumeLength(): number {
    return this.image().blocks.byteLength
  }

  async close(): Promise<void> {
    this.stopping.abort()
    for (const content of this.contents.values()) await content.close()
    this.contents.clear()
    await this.opened?.close()
    this.opened = null
    this.closeDatabase()
  }

  private closeDatabase(): void {
    this.database?.close()
    this.database = null
  }

  private async content(view: string, path: string): Promise<ByteSource> {
    const key = `${view}\n${path}`
    const known = this.contents.get(key)
    if (known) return known
    const located = await this.image().view(view).lookup(path)
    if (!located) throw gone(path)
    if (!located.content)
      throw new IsoldeError(
        'NOT_A_FILE',
        `“${path}” is a ${located.entry.kind}; it has no content to show.`,
        because('noContent', { path }),
      )
    if (this.contents.size >= OPEN_CONTENTS) {
      const oldest = this.contents.entries().next().value
      if (oldest) {
        this.contents.delete(oldest[0])
        await oldest[1].close()
      }
    }
    this.contents.set(key, located.content)
    return located.content
  }

  private image(): DiscImage {
    if (!this.opened) throw closed()
    return this.opened.image
  }
}

/** A dropped file has no path here; what the page knows of it tells it from others. */
function uploadKey(location: ImageLocation): string {
  return `${location.name ?? ''}|${location.byteLength ?? 0}|${location.modified ?? 0}`
}

function gone(path: string): IsoldeError {
  return new IsoldeError(
    'ENTRY_GONE',
    `“${path}” is not in the image any more. Open the image again.`,
    because('notInImage', { path }),
  )
}

function closed(): IsoldeError {
  return new IsoldeError('IMAGE_CLOSED', 'The image is closed. Open it again.')
}

/** Whether the file at `path` is still the one that was opened. */
export function isUnchanged(path: string, byteLength: number, modified: number): boolean {
  const stat = fs.statSync(path, { throwIfNoEntry: false })
  return stat !== undefined && (stat.size === byteLength || !stat.isFile()) && stat.mtimeMs === modified
}
