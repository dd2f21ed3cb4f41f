import fs from 'node:fs'
import { IsoldeError, toErrorShape } from '../../src-shared/contract/errors'
import type { ImageLocation } from '../../src-shared/contract/shapes'
import { connect, findView, HashStore, ImageStore, type HashAlgorithm } from '../catalog'
import { FileByteSource } from '../files/file-byte-source'
import type { ImageView } from '../image'
import { ContentHasher } from '../jobs/kinds/from-image/content-hasher'
import { SharedControl } from '../task'
import { openSource } from './open-location'
import { Peer, type PeerPort } from './peer'
import { UploadByteSource } from './upload-source'

export interface HashRequest {
  catalogPath: string
  location: ImageLocation
  charset: string | null
  imageId: number
  generation: number
  view: string
  /** With all that is below them; null: the whole view. */
  entries: number[] | null
  algorithm: HashAlgorithm
  /** See {@link SharedControl}. */
  control: SharedArrayBuffer
}

export interface HashAnswer {
  files: number
  byteLength: number
  problems: { path: string; message: string }[]
}

export interface TaskProgress {
  current: string
  entriesDone: number
  entriesTotal: number
  bytesDone: number
  bytesTotal: number
}

export type HashMethods = { run(request: HashRequest): Promise<HashAnswer> }
export type HashOwnerMethods = {
  progress(progress: TaskProgress): void
  slice(request: { upload: string; byteOffset: number; byteLength: number }): Promise<Uint8Array>
}

const TELL_EVERY_MS = 100
/** What was computed is kept this often: whatever ends the work, little has to be computed again. */
const KEEP_EVERY_MS = 1000
const PROBLEMS_KEPT = 100

/** Serves one run of hashing over `port`, in a thread of its own. */
export function serveHashing(port: PeerPort): void {
  const methods: HashMethods = { run: (request) => hashFiles(request, owner) }
  const owner = new Peer<HashOwnerMethods>(port, methods)
}

async function hashFiles(request: HashRequest, owner: Peer<HashOwnerMethods>): Promise<HashAnswer> {
  const { location, algorithm } = request
  const control = new SharedControl(request.control)
  const database = connect(request.catalogPath, 'write')
  try {
    const view = findView(database, request)
    if (!view) throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
    const hashes = new HashStore(database)
    const files = hashes.filesBelow(view, request.entries, algorithm)
    const missing = files.filter((file) => file.digest === null)
    const answer: HashAnswer = {
      files: files.length - missing.length,
      byteLength: files.reduce((sum, file) => sum + (file.digest === null ? 0 : file.byteLength), 0),
      problems: [],
    }
    if (missing.length === 0) return answer
    if (location.kind === 'path') assertUnchanged(new ImageStore(database), request)
    const source =
      location.kind === 'path'
        ? FileByteSource.open(location.path)
        : new UploadByteSource(location.path, location.name ?? 'The file', location.byteLength ?? 0, (slice) =>
            owner.call('slice', slice),
          )
    const filePath = location.kind === 'path' ? location.path : null
    const opened = await openSource(
      source,
      filePath ?? location.name ?? location.path,
      {
        inside: location.inside.map((step) => ({ view: step.view ?? null, path: step.path })),
        ...(request.charset === null ? {} : { charset: request.charset }),
      },
      filePath,
    )
    const keeping = new Keeping(hashes, algorithm)
    try {
      const reporter = new Reporter(owner, missing)
      const hasher = await ContentHasher.of(algorithm)
      const tree = opened.image.view(request.view)
      for (const file of missing) {
        await control.checkpoint()
        reporter.begin(file.path)
        try {
          const digest = await hashOne(hasher, tree, file, async (byteLength) => {
            reporter.bytes(byteLength)
            await control.checkpoint()
          })
          keeping.add(view.id * 2 ** 28 + file.entry, digest)
          answer.files++
          answer.byteLength += file.byteLength
        } catch (error) {
          const { code, message } = toErrorShape(error)
          // These end everything; a damaged file only has no hash.
          if (code === 'CANCELLED' || code === 'SOURCE_GONE') throw error
          if (answer.problems.length < PROBLEMS_KEPT) answer.problems.push({ path: file.path, message })
        }
        reporter.end(file.byteLength)
      }
      for (const { message } of opened.rewritten()) answer.problems.push({ path: request.location.path, message })
    } finally {
      keeping.flush()
      await opened.close()
    }
    return answer
  } finally {
    database.close()
  }
}

async function hashOne(
  hasher: ContentHasher,
  tree: ImageView,
  file: { path: string; byteLength: number },
  onBytes: (byteLength: number) => Promise<void>,
): Promise<string> {
  const located = await tree.lookup(file.path)
  if (!located?.content) throw new IsoldeError('ENTRY_GONE', `“${file.path}” is not in the image any more.`)
  try {
    return await hasher.hash(located.content, file.byteLength, file.path, onBytes)
  } finally {
    await located.content.close()
  }
}

/** Hashes of another file's content under this image's entries would be worse than none. */
function assertUnchanged(store: ImageStore, request: HashRequest): void {
  const facts = store.facts(request.imageId)
  const stat = fs.statSync(request.location.path, { throwIfNoEntry: false })
  if (!stat)
    throw new IsoldeError(
      'SOURCE_GONE',
      `${request.location.path} is not there just now. Connect its disk to compute hashes.`,
    )
  const isSame =
    facts?.generation === request.generation &&
    (!stat.isFile() || (facts.byteLength === stat.size && facts.modified === Math.round(stat.mtimeMs)))
  if (!isSame) throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
}

class Keeping {
  private waiting: { id: number; digest: string }[] = []
  private keptAt = Date.now()

  constructor(
    private readonly hashes: HashStore,
    private readonly algorithm: HashAlgorithm,
  ) {}

  add(id: number, digest: string): void {
    this.waiting.push({ id, digest })
    if (Date.now() - this.keptAt >= KEEP_EVERY_MS) this.flush()
  }

  flush(): void {
    if (this.waiting.length > 0) this.hashes.keep(this.algorithm, this.waiting)
    this.waiting = []
    this.keptAt = Date.now()
  }
}

class Reporter {
  private readonly progress: TaskProgress
  private doneBefore = 0
  private toldAt = 0

  constructor(
    private readonly owner: Peer<HashOwnerMethods>,
    files: readonly { byteLength: number }[],
  ) {
    const bytesTotal = files.reduce((sum, file) => sum + file.byteLength, 0)
    this.progress = { current: '', entriesDone: 0, entriesTotal: files.length, bytesDone: 0, bytesTotal }
  }

  begin(path: string): void {
    this.progress.current = path
    this.tell()
  }

  bytes(byteLength: number): void {
    this.progress.bytesDone += byteLength
    this.tell()
  }

  /** @param byteLength of the whole file, whether all of it could be read or not */
  end(byteLength: number): void {
    this.progress.entriesDone++
    this.doneBefore += byteLength
    this.progress.bytesDone = this.doneBefore
    this.tell()
  }

  private tell(): void {
    const now = Date.now()
    if (now - this.toldAt < TELL_EVERY_MS) return
    this.toldAt = now
    this.owner.tell('progress', { ...this.progress })
  }
}
