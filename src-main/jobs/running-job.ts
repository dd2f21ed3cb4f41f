import type {
  ConflictAnswer,
  EntryOutcome,
  JobProblem,
  JobQuestion,
  JobSnapshot,
  JobSpec,
} from '../../src-shared/model'
import type { JobOutcome } from './kinds/job-kind'

/** What has changed at a running job. */
export type JobProgress = Partial<
  Pick<
    JobSnapshot,
    'bytesDone' | 'bytesTotal' | 'entriesDone' | 'entriesTotal' | 'current' | 'isCounting' | 'phase' | 'result'
  >
>

/** What a running job tells. Every call may come late; calls after the end are ignored. */
export interface JobHooks {
  progress(progress: JobProgress): void
  question(question: JobQuestion): void
  end(end: JobEnd): void
}

export type JobEnd =
  | (JobOutcome & { state: 'done'; problems: EntryOutcome[]; canRetryFailed?: boolean })
  | { state: 'cancelled' }
  | { state: 'failed'; error: JobProblem }

/** A job at work somewhere else. */
export interface RunningJob {
  pause(): void
  resume(): void
  cancel(): void
  answer(answer: ConflictAnswer): void
}

/** @param isTakenOver an earlier process worked on it and ended over it: it may have got as far as its last step */
export type JobRunner = (
  id: string,
  spec: JobSpec,
  hooks: JobHooks,
  secret: string | null,
  isTakenOver: boolean,
) => RunningJob

/** A request that does not fit the job's state, or names no job. */
export class JobError extends Error {
  constructor(
    readonly code: 'NO_SUCH_JOB' | 'JOB_STATE',
    message: string,
  ) {
    super(message)
    this.name = 'JobError'
  }
}

export function noSuchJob(): JobError {
  return new JobError('NO_SUCH_JOB', 'This job is not in the list any more.')
}
