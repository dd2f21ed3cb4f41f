import type { ConflictQuestion, EntryOutcome, JobSnapshot, JobSummary } from '../../src-shared/model'
import { CancelledError } from '../extract/extract-error'
import { freeName, nameRulesFor } from '../extract/safe-names'
import { keptStageName } from '../extract/stage'
import { copyTrees, type CopyDecision } from '../files/copy-tree'
import { FileByteSource } from '../files/file-byte-source'
import type { ConflictAnswer, CopySpec, ExtractSpec, JobSpec } from '../jobs'
import { extractImage, smartDestination } from './extract-image'
import { JobControl } from './job-control'
import { openSource } from './open-location'
import { Peer, type PeerPort } from './peer'
import { UploadByteSource } from './upload-source'

export interface RunRequest {
  id: string
  spec: JobSpec
  /** See {@link JobControl}. */
  control: SharedArrayBuffer
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

type Progress = Partial<Pick<JobSnapshot, 'bytesDone' | 'bytesTotal' | 'entriesDone' | 'entriesTotal' | 'current'>>

export type JobOwnerMethods = {
  progress(progress: Progress): void
  question(question: ConflictQuestion): void
  /** Cancelled: nothing is written any more, and the traces are being removed. */
  stopped(nothing: Record<string, never>): void
  slice(request: { upload: string; byteOffset: number; byteLength: number }): Promise<Uint8Array>
}

/** A summary shows the first problems; the count tells of the rest. */
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
  const ask = (question: ConflictQuestion): Promise<ConflictAnswer> =>
    new Promise((resolve) => {
      answered = resolve
      owner.tell('question', question)
    })
}

class JobRun {
  private readonly control: JobControl
  private readonly problems: EntryOutcome[] = []
  private toldAt = 0

  constructor(
    private readonly owner: Peer<JobOwnerMethods>,
    private readonly request: RunRequest,
    private readonly ask: (question: ConflictQuestion) => Promise<ConflictAnswer>,
  ) {
    this.control = new JobControl(request.control)
  }

  run(): Promise<RunAnswer> {
    const { spec } = this.request
    return spec.kind === 'extract' ? this.extract(spec) : this.copy(spec)
  }

  private async extract(spec: ExtractSpec): Promise<RunAnswer> {
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
    let { destination } = spec
    try {
      const summary = await extractImage({
        opened,
        view: opened.image.view(spec.view),
        selection: { paths: spec.paths },
        layout: { kind: spec.paths === null || spec.keepPaths ? 'full' : 'selected' },
        where: (table, selection) => {
          if (!spec.smart) return { destination, folder: null }
          const smart = smartDestination(table, selection, destination, opened.image.info.name)
          ;({ destination } = smart)
          return smart
        },
        conflicts: spec.smart ? 'rename' : spec.conflicts,
        keepsTopApart: spec.smart,
        ask: this.ask,
        control: {
          checkpoint: () => this.control.checkpoint(),
          progress: (bytesDone, entriesDone, current) => {
            this.tell(bytesDone, entriesDone, current)
          },
        },
        onTotals: (totals) => {
          this.owner.tell('progress', totals)
        },
        onOutcome: (outcome) => {
          this.note(outcome)
        },
        keptStageName: keptStageName(this.request.id),
        // The disk may come back; what was written so far is kept for the retry.
        onStopped: (error) => {
          if (error instanceof CancelledError) this.owner.tell('stopped', {})
        },
        keepStageOn: (error) => (error as { code?: string }).code === 'SOURCE_GONE',
      })
      return { summary, problems: this.problems, destination }
    } finally {
      await opened.close()
    }
  }

  private async copy(spec: CopySpec): Promise<RunAnswer> {
    const rules = nameRulesFor(process.platform)
    let policy = spec.conflicts
    const summary = await copyTrees({
      paths: spec.paths,
      destination: spec.destination,
      move: spec.kind === 'move',
      freeName: (name, isTaken) => freeName(name, isTaken, rules),
      checkpoint: () => this.control.checkpoint(),
      decide: async (source, target, from, to): Promise<CopyDecision> => {
        let choice = policy
        if (choice === 'ask') {
          const answer = await this.ask({
            path: source,
            destinationPath: target,
            incoming: { byteLength: from.isFile() ? from.size : 0, modified: from.mtimeMs, kind: kindOf(from) },
            existing: { byteLength: to.isFile() ? to.size : 0, modified: to.mtimeMs, kind: kindOf(to) },
          })
          if (answer.choice === 'cancel') throw new CancelledError()
          if (answer.forAll) policy = answer.choice
          choice = answer.choice
        }
        if (choice === 'newer') return from.mtimeMs > to.mtimeMs + 2000 ? 'overwrite' : 'skip'
        if (choice === 'different')
          return from.size === to.size && Math.abs(from.mtimeMs - to.mtimeMs) <= 2000 ? 'skip' : 'overwrite'
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
    return { summary, problems: this.problems, destination: spec.destination }
  }

  private tell(bytesDone: number, entriesDone: number, current: () => string): void {
    const now = Date.now()
    if (now - this.toldAt < PROGRESS_EVERY_MS) return
    this.toldAt = now
    const name = current()
    this.owner.tell('progress', { bytesDone, entriesDone, ...(name === '' ? {} : { current: name }) })
  }

  private note(outcome: EntryOutcome): void {
    if (outcome.status !== 'written' && this.problems.length < PROBLEMS_KEPT) this.problems.push(outcome)
  }
}

function kindOf(stat: { isDirectory(): boolean; isSymbolicLink(): boolean }): string {
  return stat.isDirectory() ? 'directory' : stat.isSymbolicLink() ? 'symlink' : 'file'
}
