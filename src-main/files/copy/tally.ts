import path from 'node:path'
import type { EntryOutcome, JobSummary, Said } from '../../../src-shared/model'
import type { CopyRequest } from './request'

/** Why something was not done. */
type Told = Said & { code: string }

/** What was copied until everything was whole in the stage: a process that goes on with the rest has not seen it. */
export interface DoneSoFar extends Omit<JobSummary, 'problems'> {
  bytesDone: number
}

/** What a run has done so far, for its progress and its summary. */
export class Tally {
  readonly summary: JobSummary = { files: 0, directories: 0, symlinks: 0, bytesWritten: 0, problems: 0 }
  /** What was told of things that were not done, or not in full. */
  readonly problems: EntryOutcome[] = []
  private bytesDone = 0
  private entriesDone = 0
  /** Folders in which something was told of. */
  private readonly troubled = new Set<string>()

  constructor(private readonly request: CopyRequest) {}

  /** What this run and earlier ones of the same job have done, but for what was told: that is told again. */
  get done(): DoneSoFar {
    const { files, directories, symlinks, bytesWritten } = this.summary
    return { files, directories, symlinks, bytesWritten, bytesDone: this.bytesDone }
  }

  /** Counts what an earlier run of the same job has done. */
  take({ bytesDone, ...counts }: DoneSoFar): void {
    Object.assign(this.summary, counts)
    this.bytesDone = bytesDone
    this.entriesDone = counts.files + counts.directories + counts.symlinks
    this.request.progress({ bytesDone, entriesDone: this.entriesDone })
  }

  bytes(count: number, current: string): void {
    this.bytesDone += count
    this.request.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone, current })
  }

  entry(kind: 'files' | 'directories' | 'symlinks', current: string, count = 1): void {
    this.summary[kind] += count
    this.entriesDone += count
    this.request.progress({ bytesDone: this.bytesDone, entriesDone: this.entriesDone, current })
  }

  /** Something asked for was not done, or not in full. */
  problem(itemPath: string, status: 'failed' | 'skipped' | 'partial', { code, message, details }: Told): void {
    this.report({ path: itemPath, to: null, byteLength: 0, status, code, message, ...(details ? { details } : {}) })
  }

  /** As {@link problem}, of an earlier run of the same job. */
  report(outcome: EntryOutcome): void {
    this.summary.problems++
    this.problems.push(outcome)
    for (let folder = path.dirname(outcome.path); !this.troubled.has(folder); folder = path.dirname(folder))
      this.troubled.add(folder)
    this.request.onOutcome(outcome)
  }

  placed(source: string, target: string): void {
    const isRenamed = path.basename(source) !== path.basename(target)
    const to = path.relative(this.request.destination, target)
    this.request.onOutcome({ path: source, to, byteLength: 0, status: isRenamed ? 'renamed' : 'written' })
  }

  /** Whether something in the folder was told of: then nobody needs to be told that the folder stays. */
  isTroubled(folder: string): boolean {
    return this.troubled.has(folder)
  }
}
