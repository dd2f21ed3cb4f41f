import type { JobSnapshot, JobState } from '../../../src-shared/model'
import type { ProgramLog } from './program-log'

/** Tells the log when jobs change their state: what kind they are and how they came out, nothing of their files. */
export class JobLog {
  private readonly states = new Map<string, JobState>()

  constructor(private readonly log: ProgramLog) {}

  note({ id, kind, state, bytesDone, entriesDone, problems, error, destination }: JobSnapshot): void {
    if (this.states.get(id) === state) return
    this.states.set(id, state)
    const fields = { job: id.slice(0, 8), kind, state }
    if (state === 'queued' || state === 'running' || state === 'paused') {
      this.log.debug('A job goes on.', { ...fields, destination })
      return
    }
    const sums = { bytes: bytesDone, entries: entriesDone, problems: problems.length, code: error?.code }
    this.log.info('A job has ended.', { ...fields, ...sums })
  }

  forget(id: string): void {
    this.states.delete(id)
  }
}
