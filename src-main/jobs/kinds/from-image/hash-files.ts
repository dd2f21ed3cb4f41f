import fs from 'node:fs'
import { because, saidOf, type Said } from '../../../../src-shared/model'
import { IsoldeError, toErrorShape } from '../../../../src-shared/contract/errors'
import type { ImageView } from '../../../image'
import { Throttle } from '../../../task'
import type { HashBook, HashedFile, JobTask } from '../job-kind'
import { ContentHasher } from './content-hasher'
import type { ImageSource } from './image-source'

/** Which files of an image's view are to have a hash. */
export interface HashRequest {
  source: ImageSource
  /** As the catalog knows the view: its hashes are kept beside its entries. */
  imageId: number
  generation: number
  view: string
  /** Entries as pairs of a first one and how many; null: the whole view. */
  ranges: readonly number[] | null
  algorithm: 'sha256' | 'blake3'
}

export interface HashedFiles {
  /** Files whose hash is known now, and their lengths together in bytes. */
  files: number
  byteLength: number
  problems: number
  /** How many of the images could not be read at all. */
  offline: number
}

type Tally = HashedFiles & { bytesDone: number; entriesDone: number }

/** What was computed is kept this often: whatever ends the work, little has to be computed again. */
const KEEP_EVERY_MS = 1000
const INDEXING_POLL_MS = 100

/**
 * Computes the hashes that are not known yet, of one image after the other. A file that cannot be read whole has none, and
 * is a problem.
 * @param mayLack an image that is not there, or not as it was indexed, is left out and counted instead of ending the work
 * @throws {IsoldeError} `ENTRY_GONE` where an image is not as it was indexed, `SOURCE_GONE`
 */
export async function hashFiles(
  requests: readonly HashRequest[],
  task: JobTask,
  mayLack = false,
): Promise<HashedFiles> {
  const tally: Tally = { files: 0, byteLength: 0, problems: 0, offline: 0, bytesDone: 0, entriesDone: 0 }
  let bytesTotal = 0
  let entriesTotal = 0
  const within = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!mayLack || toErrorShape(error).code === 'CANCELLED') throw error
      tally.offline++
    }
  }
  const readable: HashRequest[] = []
  for (const request of requests)
    await within(async () => {
      for (const { byteLength } of await missingOf(request, task)) {
        bytesTotal += byteLength
        entriesTotal++
      }
      readable.push(request)
    })
  task.progress({ bytesTotal, entriesTotal, isCounting: false })
  for (const request of readable)
    await within(() =>
      withBook(request, task, async (book, files) => {
        const missing = files.filter(({ digest }) => digest === null)
        for (const { byteLength, digest } of files)
          if (digest !== null) {
            tally.files++
            tally.byteLength += byteLength
          }
        if (missing.length > 0) await new HashRun(request, task, book, missing, tally).all()
      }),
    )
  const { files, byteLength, problems, offline } = tally
  return { files, byteLength, problems, offline }
}

/** Waits until a view is known as a whole. @throws {IsoldeError} `ENTRY_GONE` where nothing indexes it */
export async function untilIndexed(
  ref: Pick<HashRequest, 'imageId' | 'generation' | 'view'>,
  task: JobTask,
): Promise<void> {
  const book = task.hashBook(ref)
  try {
    await untilKnown(book, task)
  } finally {
    book.close()
  }
}

async function untilKnown(book: HashBook, task: JobTask): Promise<void> {
  while (!(await book.isIndexed())) {
    await task.checkpoint()
    await new Promise((resolve) => setTimeout(resolve, INDEXING_POLL_MS))
  }
}

async function missingOf(request: HashRequest, task: JobTask): Promise<HashedFile[]> {
  let missing: HashedFile[] = []
  await withBook(request, task, (_, files) => {
    missing = files.filter(({ digest }) => digest === null)
    return Promise.resolve()
  })
  return missing
}

async function withBook(
  request: HashRequest,
  task: JobTask,
  work: (book: HashBook, files: HashedFile[]) => Promise<void>,
): Promise<void> {
  const book = task.hashBook(request)
  try {
    await untilKnown(book, task)
    await work(book, book.files(request.ranges, request.algorithm))
  } finally {
    book.close()
  }
}

/** The files of one image. */
class HashRun {
  private readonly keeping = new Throttle(KEEP_EVERY_MS)
  private waiting: { entry: number; digest: string }[] = []

  constructor(
    private readonly request: HashRequest,
    private readonly task: JobTask,
    private readonly book: HashBook,
    private readonly missing: readonly HashedFile[],
    private readonly tally: Tally,
  ) {}

  async all(): Promise<void> {
    const { request: spec, task, missing, tally } = this
    if (spec.source.kind === 'path') this.assertUnchanged(spec.source.path)
    const opened = await task.open(spec.source)
    try {
      const hasher = await ContentHasher.of(spec.algorithm)
      const tree = opened.image.view(spec.view)
      let doneBefore = tally.bytesDone
      for (const file of missing) {
        await task.checkpoint()
        await this.one(hasher, tree, file)
        // Whether all of it could be read or not.
        doneBefore += file.byteLength
        tally.bytesDone = doneBefore
        tally.entriesDone++
        this.report(file)
      }
      for (const { message } of opened.rewritten()) this.problem(spec.source.path, { code: 'SOURCE_CHANGED', message })
    } finally {
      this.keep()
      await opened.close()
    }
  }

  private async one(hasher: ContentHasher, tree: ImageView, file: HashedFile): Promise<void> {
    try {
      const located = await tree.lookup(file.path)
      if (!located?.content)
        throw new IsoldeError(
          'ENTRY_GONE',
          `“${file.path}” is not in the image any more.`,
          because('notInImage', { path: file.path }),
        )
      const digest = await hasher
        .hash(located.content, file.byteLength, file.path, (byteLength) => {
          this.tally.bytesDone += byteLength
          this.report(file)
          return this.task.checkpoint()
        })
        .finally(() => located.content?.close())
      this.waiting.push({ entry: file.entry, digest })
      this.tally.files++
      this.tally.byteLength += file.byteLength
      if (this.keeping.isDue()) this.keep()
    } catch (error) {
      const shape = toErrorShape(error)
      // These end everything; a damaged file only has no hash.
      if (shape.code === 'CANCELLED' || shape.code === 'SOURCE_GONE') throw error
      this.problem(file.path, shape)
    }
  }

  private problem(path: string, { code, message, details }: Said): void {
    this.tally.problems++
    this.task.problem({
      path,
      to: null,
      byteLength: 0,
      status: 'failed',
      ...saidOf({ code, message, details }),
    })
  }

  private report({ path }: HashedFile): void {
    this.task.progress({ bytesDone: this.tally.bytesDone, entriesDone: this.tally.entriesDone, current: path })
  }

  private keep(): void {
    this.book.keep(this.request.algorithm, this.waiting.splice(0))
  }

  /** Hashes of another file's content under this image's entries would be worse than none. */
  private assertUnchanged(filePath: string): void {
    const facts = this.book.facts()
    const stat = fs.statSync(filePath, { throwIfNoEntry: false })
    if (!stat)
      throw new IsoldeError(
        'SOURCE_GONE',
        `“${filePath}” is offline. Connect its disk to compute hashes.`,
        because('imageOffline', { name: filePath }),
      )
    const isSame =
      facts?.generation === this.request.generation &&
      (!stat.isFile() || (facts.byteLength === stat.size && facts.modified === Math.round(stat.mtimeMs)))
    if (!isSame) throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
  }
}
