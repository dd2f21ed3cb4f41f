import type { ConflictQuestion, EntryOutcome, JobSummary } from '../../src-shared/model'
import { hasAppeared, type ReadyFile } from '../extract/archive-file'
import { CancelledError } from '../extract/extract-error'
import { freeName, nameRulesFor } from '../extract/safe-names'
import { copyTrees } from '../files/copy/copy-tree'
import type { CopyDecision } from '../files/copy/request'
import { keptStageName } from '../sinks/stage-name'
import { FileByteSource } from '../files/file-byte-source'
import {
  isImageJob,
  type JobProgress,
  type ConflictAnswer,
  type CopySpec,
  type ImageJobSpec,
  type JobSpec,
} from '../jobs'
import { runImageJob } from './image-jobs'
import { JobControl } from './job-control'
import { noteEnd, readEnd, ReportWriter } from './job-report'
import { askTakenOver } from './taken-over'
import { openSource } from './open-location'
import { Peer, type PeerPort } from './peer'
import { UploadByteSource } from './upload-source'

export interface RunRequest {
  id: string
  spec: JobSpec
  /** A password, where the job has one. */
  secret: string | null
  /** An earlier process worked on it, and may have got as far as its last step. */
  isTakenOver: boolean
  /** See {@link JobControl}. */
  control: SharedArrayBuffer
  /** Where to keep what did not simply get written. */
  reportFile: string
}

export interface RunAnswer {
  summary: JobSummary
  problems: EntryOutcome[]
  destination: string
}

export type JobMethods = {
  run(request: RunRequest): Promise<RunAnswer>
  answer(answer: ConflictAnswer): void
}

export type JobOwnerMethods = {
  /** The thread is at work. */
  begun(nothing: Record<string, never>): void
  progress(progress: JobProgress): void
  question(question: ConflictQuestion): void
  /** Cancelled: nothing is written any more, and the traces are being removed. */
  stopped(nothing: Record<string, never>): void
  slice(request: { upload: string; byteOffset: number; byteLength: number }): Promise<Uint8Array>
}

/** A summary shows the first problems; the count tells of the rest. */
const PROBLEMS_KEPT = 100
const PROGRESS_EVERY_MS = 50
/** FAT keeps times in steps of two seconds; less apart than that is the same time. */
const SAME_TIME_MS = 2000n

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
  const ask = (question: ConflictQuestion): Promise<ConflictAnswer> =>
    new Promise((resolve) => {
      answered = resolve
      owner.tell('question', question)
    })
}

class JobRun {
  private readonly control: JobControl
  private readonly problems: EntryOutcome[] = []
  private readonly report: ReportWriter
  private readonly known: RunAnswer | null
  private toldAt = 0

  constructor(
    private readonly owner: Peer<JobOwnerMethods>,
    private readonly request: RunRequest,
    private readonly ask: (question: ConflictQuestion) => Promise<ConflictAnswer>,
  ) {
    this.control = new JobControl(request.control)
    this.known = request.isTakenOver ? knownEnd(request.reportFile) : null
    this.report = new ReportWriter(request.reportFile, this.known !== null)
  }

  async run(): Promise<RunAnswer> {
    const { spec, reportFile } = this.request
    this.owner.tell('begun', {})
    if (this.known) return this.known
    try {
      const answer = await (isImageJob(spec) ? this.onImage(spec) : this.copy(spec))
      noteEnd(reportFile, answer)
      return answer
    } finally {
      this.report.flush()
    }
  }

  private async onImage(spec: ImageJobSpec): Promise<RunAnswer> {
    const { source } = spec
    const bytes =
      source.kind === 'path'
        ? FileByteSource.open(source.path)
        : new UploadByteSource(source.path, source.name, source.byteLength ?? 0, (slice) =>
            this.owner.call('slice', slice),
          )
    const filePath = source.kind === 'path' ? source.path : null
    const options = {
      inside: source.inside.map((step) => ({ view: step.view ?? null, path: step.path })),
      ...(source.charset === null ? {} : { charset: source.charset }),
    }
    const opened = await openSource(bytes, filePath ?? source.name, options, filePath)
    try {
      const answer = await runImageJob(spec, opened, {
        id: this.request.id,
        secret: this.request.secret,
        checkpoint: () => this.control.checkpoint(),
        tell: (bytesDone, entriesDone, current) => {
          this.tell(bytesDone, entriesDone, current)
        },
        totals: (totals) => {
          this.owner.tell('progress', { ...totals, isCounting: false })
        },
        begin: () => {
          this.control.begin()
        },
        commit: () => {
          this.control.commit()
        },
        counted: (entriesTotal) => {
          this.tellCount(entriesTotal)
        },
        note: (outcome) => {
          this.note(outcome)
        },
        stopped: () => {
          this.owner.tell('stopped', {})
        },
        ask: this.ask,
        ready: (file, answer) => {
          this.report.flush()
          noteEnd(this.request.reportFile, { ...answer, problems: this.problems, file })
        },
        ...(this.request.isTakenOver && spec.kind === 'extract' && !spec.smart
          ? askTakenOver(spec.conflicts, this.ask)
          : {}),
      })
      return { ...answer, problems: this.problems }
    } finally {
      await opened.close()
    }
  }

  private async copy(spec: CopySpec): Promise<RunAnswer> {
    this.control.begin()
    // What is copied is in place as it is copied.
    this.control.commit()
    const rules = nameRulesFor(process.platform)
    let policy = spec.conflicts
    const summary = await copyTrees({
      paths: spec.paths,
      destination: spec.destination,
      move: spec.kind === 'move',
      stageName: keptStageName(this.request.id),
      onFinished: (done) => {
        noteEnd(this.request.reportFile, this.answerOf(spec, done))
      },
      freeName: (name, isTaken) => freeName(name, isTaken, rules),
      checkpoint: () => this.control.checkpoint(),
      decide: async (source, target, from, to): Promise<CopyDecision> => {
        let choice = policy
        if (choice === 'ask') {
          const answer = await this.ask({
            path: source,
            destinationPath: target,
            incoming: { byteLength: lengthOf(from), modified: Number(from.mtimeMs), kind: kindOf(from) },
            existing: { byteLength: lengthOf(to), modified: Number(to.mtimeMs), kind: kindOf(to) },
          })
          if (answer.choice === 'cancel') throw new CancelledError()
          if (answer.forAll) policy = answer.choice
          choice = answer.choice
        }
        if (choice === 'newer') return from.mtimeMs > to.mtimeMs + SAME_TIME_MS ? 'overwrite' : 'skip'
        if (choice === 'different')
          return from.size === to.size && isWithin(from.mtimeMs - to.mtimeMs, SAME_TIME_MS) ? 'skip' : 'overwrite'
        return choice
      },
      onTotals: (totals) => {
        this.owner.tell('progress', totals)
      },
      progress: (bytesDone, entriesDone, current) => {
        this.tell(bytesDone, entriesDone, () => current)
      },
      onOutcome: (outcome) => {
        this.note(outcome)
      },
    })
    return this.answerOf(spec, summary)
  }

  private answerOf({ destination }: CopySpec, summary: JobSummary): RunAnswer {
    return { summary, problems: this.problems, destination }
  }

  private tell(bytesDone: number, entriesDone: number, current: () => string): void {
    const now = Date.now()
    if (now - this.toldAt < PROGRESS_EVERY_MS) return
    this.toldAt = now
    const name = current()
    this.owner.tell('progress', { bytesDone, entriesDone, ...(name === '' ? {} : { current: name }) })
  }

  private tellCount(entriesTotal: number): void {
    const now = Date.now()
    if (now - this.toldAt < PROGRESS_EVERY_MS) return
    this.toldAt = now
    this.owner.tell('progress', { entriesTotal })
  }

  private note(outcome: EntryOutcome): void {
    if (outcome.status === 'written') return
    this.report.note(outcome)
    if (this.problems.length < PROBLEMS_KEPT) this.problems.push(outcome)
  }
}

/**
 * How a job ended whose process did before it could say so; null where it has to be done. What was noted before the last
 * rename of a file holds once the file is there.
 */
function knownEnd(reportFile: string): RunAnswer | null {
  const end = readEnd(reportFile) as (RunAnswer & { file?: ReadyFile }) | null
  if (end === null || (end.file !== undefined && !hasAppeared(end.file))) return null
  const { summary, problems, destination } = end
  return { summary, problems, destination }
}

function kindOf(stat: { isDirectory(): boolean; isSymbolicLink(): boolean }): string {
  return stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : 'file'
}

function lengthOf(stat: { isFile(): boolean; size: bigint }): number {
  return stat.isFile() ? Number(stat.size) : 0
}

function isWithin(difference: bigint, limit: bigint): boolean {
  return difference <= limit && -difference <= limit
}
