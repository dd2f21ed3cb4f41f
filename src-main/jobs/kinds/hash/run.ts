import fs from 'node:fs'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { IsoldeError, toErrorShape } from '../../../../src-shared/contract/errors'
import type { ImageView } from '../../../image'
import { Throttle } from '../../../task'
import { ContentHasher } from '../from-image/content-hasher'
import type { HashBook, HashedFile, JobOutcome, JobTask } from '../job-kind'
import type { HashSpec } from './spec'

type Outcome = JobOutcome<JobResultOf<'hash'>>

/** What was computed is kept this often: whatever ends the work, little has to be computed again. */
const KEEP_EVERY_MS = 1000
const INDEXING_POLL_MS = 100

/**
 * Computes the hashes that are not known yet. A file that cannot be read whole has none, and is a problem.
 * @throws {IsoldeError} `ENTRY_GONE` where the image is not as it was indexed, `SOURCE_GONE`
 */
export async function runHashing(spec: HashSpec, task: JobTask): Promise<Outcome> {
  // Nothing is written at any place that would have to be cleared.
  task.begin()
  const book = task.hashBook(spec)
  try {
    await untilIndexed(book, task)
    const files = book.files(spec.ranges, spec.algorithm)
    const missing = files.filter(({ digest }) => digest === null)
    const known = files.length - missing.length
    const knownBytes = files.reduce((sum, { byteLength, digest }) => sum + (digest === null ? 0 : byteLength), 0)
    const run = new HashRun(spec, task, book, missing)
    if (missing.length > 0) await run.all()
    const { problems } = run
    const result = {
      kind: 'hash' as const,
      files: known + run.files,
      byteLength: knownBytes + run.byteLength,
      problems,
    }
    return { result, destination: '' }
  } finally {
    book.close()
  }
}

/** Waits while the view is being indexed. */
async function untilIndexed(book: HashBook, task: JobTask): Promise<void> {
  while (!(await book.isIndexed())) {
    await task.checkpoint()
    await new Promise((resolve) => setTimeout(resolve, INDEXING_POLL_MS))
  }
}

class HashRun {
  files = 0
  byteLength = 0
  problems = 0
  private bytesDone = 0
  private entriesDone = 0
  private readonly keeping = new Throttle(KEEP_EVERY_MS)
  private waiting: { entry: number; digest: string }[] = []

  constructor(
    private readonly spec: HashSpec,
    private readonly task: JobTask,
    private readonly book: HashBook,
    private readonly missing: readonly HashedFile[],
  ) {}

  async all(): Promise<void> {
    const { spec, task, missing } = this
    if (spec.source.kind === 'path') this.assertUnchanged(spec.source.path)
    const opened = await task.open(spec.source)
    try {
      const bytesTotal = missing.reduce((sum, file) => sum + file.byteLength, 0)
      task.progress({ bytesTotal, entriesTotal: missing.length, isCounting: false })
      const hasher = await ContentHasher.of(spec.algorithm)
      const tree = opened.image.view(spec.view)
      let doneBefore = 0
      for (const file of missing) {
        await task.checkpoint()
        await this.one(hasher, tree, file)
        // Whether all of it could be read or not.
        doneBefore += file.byteLength
        this.bytesDone = doneBefore
        this.entriesDone++
        this.tell(file)
      }
      for (const { message } of opened.rewritten()) this.problem(spec.source.path, 'SOURCE_CHANGED', message)
    } finally {
      this.keep()
      await opened.close()
    }
  }

  private async one(hasher: ContentHasher, tree: ImageView, file: HashedFile): Promise<void> {
    try {
      const located = await tree.lookup(file.path)
      if (!located?.content) throw new IsoldeError('ENTRY_GONE', `“${file.path}” is not in the image any more.`)
      const digest = await hasher
        .hash(located.content, file.byteLength, file.path, (byteLength) => {
          this.bytesDone += byteLength
          this.tell(file)
          return this.task.checkpoint()
        })
        .finally(() => located.content?.close())
      this.waiting.push({ entry: file.entry, digest })
      this.files++
      this.byteLength += file.byteLength
      if (this.keeping.isDue()) this.keep()
    } catch (error) {
      const { code, message } = toErrorShape(error)
      // These end everything; a damaged file only has no hash.
      if (code === 'CANCELLED' || code === 'SOURCE_GONE') throw error
      this.problem(file.path, code, message)
    }
  }

  private problem(path: string, code: string, message: string): void {
    this.problems++
    this.task.problem({ path, to: null, byteLength: 0, status: 'failed', code, message })
  }

  private tell({ path }: HashedFile): void {
    this.task.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone, current: path })
  }

  private keep(): void {
    this.book.keep(this.spec.algorithm, this.waiting.splice(0))
  }

  /** Hashes of another file's content under this image's entries would be worse than none. */
  private assertUnchanged(filePath: string): void {
    const facts = this.book.facts()
    const stat = fs.statSync(filePath, { throwIfNoEntry: false })
    if (!stat) throw new IsoldeError('SOURCE_GONE', `“${filePath}” is offline. Connect its disk to compute hashes.`)
    const isSame =
      facts?.generation === this.spec.generation &&
      (!stat.isFile() || (facts.byteLength === stat.size && facts.modified === Math.round(stat.mtimeMs)))
    if (!isSame) throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
  }
}
