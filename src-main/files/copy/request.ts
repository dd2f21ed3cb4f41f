import type fs from 'node:fs'
import type { EntryOutcome, JobSummary } from '../../../src-shared/model'
import type { Control } from '../../task'

/** What to do where a name is taken; the same words as everywhere. */
export type CopyDecision = 'fail' | 'skip' | 'overwrite' | 'rename'

export interface CopyRequest extends Control {
  paths: readonly string[]
  destination: string
  move: boolean
  /**
   * A name for the hidden folder in the destination that survives the process: the next run under the same name goes on
   * with what was whole, or begins anew. Absent: a name that later runs sweep up.
   */
  stageName?: string
  /** Asked for every file or folder that meets something of its name; two folders are merged without asking. */
  decide: (
    source: string,
    target: string,
    sourceStat: fs.BigIntStats,
    targetStat: fs.BigIntStats,
  ) => Promise<CopyDecision> | CopyDecision
  /** The free name that `rename` gives. */
  freeName: (name: string, isTaken: (candidate: string) => boolean) => string
  onOutcome: (outcome: EntryOutcome) => void
  /** Everything is done; told before the stage goes, so that who notes it is not outrun by the end of the process. */
  onFinished?: (summary: JobSummary) => void
}
