import path from 'node:path'
import type { TrustReport } from '../../../src-shared/contract/jobs'
import type { ConflictAnswer, EntryOutcome, JobQuestion, JobResult, JobSpec } from '../../../src-shared/model'
import type { MadeItem } from '../../extract/made'
import { removeTraces } from '../../extract/stage'
import { FileByteSource } from '../../files/file-byte-source'
import {
  kindOf,
  type HashBook,
  type ImageSource,
  type JobOutcome,
  type JobTask,
  type OpenedLocation,
  type TaskLibrary,
} from '../../jobs'
import { hasAppeared, type ReadyFile } from '../../sinks/atomic-file'
import { findAppeared, type ReadyItem } from '../../sinks/ready-item'
import { SharedControl, throttled, type Progress } from '../../task'
import { type StoredViewRef, openLocation } from '../images'
import { locationKey } from '../../catalog'
import { keepTrustReport } from './trust-reports'
import { openHashBook, readKnownHashes } from './hash-book'
import { keepMade, madePath } from './job-history'
import { noteEnd, readEnd, ReportWriter } from './job-report'
import { Peer, type PeerPort } from '../rpc'

export interface RunRequest {
  id: string
  spec: JobSpec
  /** A password, where the job has one. */
  secret: string | null
  /** An earlier process worked on it, and may have got as far as its last step. */
  isTakenOver: boolean
  /** See {@link SharedControl}. */
  control: SharedArrayBuffer
  /** Where to keep what did not simply get written. */
  reportFile: string
  catalogPath: string
}

export interface RunAnswer extends JobOutcome {
  problems: EntryOutcome[]
  /** Whether a job for only what failed can be made. */
  canRetryFailed: boolean
}

export type JobMethods = {
  run(request: RunRequest): Promise<RunAnswer>
  answer(answer: ConflictAnswer): void
}

export type JobOwnerMethods = {
  /** The thread is at work. */
  begun(nothing: Record<string, never>): void
  progress(progress: Progress & { current?: string }): void
  soFar(result: JobResult): void
  question(question: JobQuestion): void
  /** Cancelled: nothing is written any more, and the traces are being removed. */
  stopped(nothing: Record<string, never>): void
  slice(request: { upload: string; byteOffset: number; byteLength: number }): Promise<Uint8Array>
  /** Whether an image is open in a generation. */
  isOpen(ref: { imageId: number; generation: number }): boolean
} & TaskLibrary

/** A snapshot shows the first problems; the count tells of the rest. */
const PROBLEMS_KEPT = 100
const PROGRESS_EVERY_MS = 50

/** Serves one job over `port`, in a thread of its own. */
export function serveJob(port: PeerPort): void {
  let answered: ((answer: ConflictAnswer) => void) | null = null
  const methods: JobMethods = {
    run: (request) => new JobRun(owner, request, ask).run(),
    answer(answer) {
      answered?.(answer)
      answered = null
    },
  }
  const owner = new Peer<JobOwnerMethods>(port, methods)
  const ask = (question: JobQuestion): Promise<ConflictAnswer> =>
    new Promise((resolve) => {
      answered = resolve
      owner.report('question', question)
    })
}

/** One run of a job: what its kind gets of the engine. */
class JobRun implements JobTask {
  readonly id: string
  readonly secret: string | null
  readonly profile: string
  readonly isTakenOver: boolean
  readonly progress: (progress: Progress) => void
  readonly library: TaskLibrary
  private readonly control: SharedControl
  private readonly problems: EntryOutcome[] = []
  private readonly report: ReportWriter
  private readonly known: RunAnswer | null
  private hasFailures = false

  constructor(
    private readonly owner: Peer<JobOwnerMethods>,
    private readonly request: RunRequest,
    readonly ask: (question: JobQuestion) => Promise<ConflictAnswer>,
  ) {
    const { id, secret, spec, isTakenOver, reportFile } = request
    this.id = id
    this.secret = secret
    this.profile = path.dirname(request.catalogPath)
    this.isTakenOver = isTakenOver && kindOf(spec).resume === 'continue'
    this.control = new SharedControl(request.control)
    this.progress = throttled(PROGRESS_EVERY_MS, (progress) => {
      owner.report('progress', progress)
    })
    this.library = {
      compare: (of) => owner.call('compare', of),
      duplicates: (of) => owner.call('duplicates', of),
      duplicateCandidates: (of) => owner.call('duplicateCandidates', of),
      source: (of) => owner.call('source', of),
      close: (of) => owner.call('close', of),
      nextToIndex: (of) => owner.call('nextToIndex', of),
      indexImage: (of) => owner.call('indexImage', of),
      nextInside: (of) => owner.call('nextInside', of),
      indexInside: (of) => owner.call('indexInside', of),
    }
    this.known = isTakenOver ? knownEnd(reportFile) : null
    this.report = new ReportWriter(reportFile, this.known !== null)
  }

  async run(): Promise<RunAnswer> {
    const { spec, reportFile } = this.request
    this.owner.report('begun', {})
    if (this.known) {
      // It ended while it cleared away what it needed on the way.
      await removeTraces(this.known.destination, this.id)
      return this.known
    }
    try {
      const answer = this.answerOf(await kindOf(spec).run(spec, this))
      noteEnd(reportFile, answer)
      return answer
    } finally {
      this.report.flush()
    }
  }

  checkpoint(): void | Promise<void> {
    return this.control.checkpoint()
  }

  begin(): void {
    this.control.begin()
  }

  commit(): void {
    this.control.commit()
  }

  stopping(): void {
    this.owner.report('stopped', {})
  }

  problem(outcome: EntryOutcome): void {
    if (outcome.status === 'written') return
    this.report.note(outcome)
    if (outcome.status === 'failed' || outcome.status === 'partial') this.hasFailures = true
    if (this.problems.length < PROBLEMS_KEPT) this.problems.push(outcome)
  }

  soFar(result: JobResult): void {
    this.owner.report('soFar', result)
  }

  made(items: readonly MadeItem[]): void {
    keepMade(madePath(this.profile, this.id), items)
  }

  ready(outcome: JobOutcome, made?: ReadyFile | ReadyItem): void {
    this.report.flush()
    const last = made === undefined ? {} : 'folder' in made ? { item: made } : { file: made }
    noteEnd(this.request.reportFile, { ...this.answerOf(outcome), ...last })
  }

  open(source: ImageSource): Promise<OpenedLocation> {
    const { charset } = source
    return openLocation({ ...source, ask: (slice) => this.owner.call('slice', slice) }, { charset })
  }

  hashBook(ref: StoredViewRef): HashBook {
    const { imageId, generation } = ref
    return openHashBook(this.request.catalogPath, ref, () => this.owner.call('isOpen', { imageId, generation }))
  }

  knownHashes({ file }: OpenedLocation, source: ImageSource, view: string): ReadonlyMap<string, string> {
    const { catalogPath } = this.request
    if (!(file instanceof FileByteSource) || catalogPath === '') return new Map()
    const location = locationKey(source.kind, source.path, source.inside)
    const { byteLength, modified } = file
    return readKnownHashes(catalogPath, { location, byteLength, modified, charset: source.charset }, view)
  }

  keepTrust({ file }: OpenedLocation, source: ImageSource, report: TrustReport): void {
    const { catalogPath } = this.request
    if (!(file instanceof FileByteSource) || catalogPath === '') return
    const location = locationKey(source.kind, source.path, source.inside)
    const { byteLength, modified } = file
    keepTrustReport(catalogPath, { location, byteLength, modified }, report)
  }

  private answerOf(outcome: JobOutcome): RunAnswer {
    const canRetryFailed = this.hasFailures && kindOf(this.request.spec).onlyFailed !== undefined
    return { ...outcome, problems: this.problems, canRetryFailed }
  }
}

/**
 * How a job ended whose process did before it could say so; null where it has to be done. What was noted before the last
 * step of a file, or of a folder, holds once that is there.
 */
function knownEnd(reportFile: string): RunAnswer | null {
  const end = readEnd(reportFile) as (Partial<RunAnswer> & { file?: ReadyFile; item?: ReadyItem }) | null
  // An earlier version noted it in another way: the job does its last steps once more.
  if (end?.result === undefined || (end.file !== undefined && !hasAppeared(end.file))) return null
  const { result, problems = [], canRetryFailed = false, item } = end
  let { destination = '' } = end
  if (item) {
    const found = findAppeared(item)
    if (found === null) return null
    // A new folder may have got another name than was meant.
    if (destination !== item.folder) destination = found
  }
  return { result, problems, destination, canRetryFailed }
}
