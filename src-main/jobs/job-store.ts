import type { JobSnapshot, JobSpec } from '../../src-shared/model'

export interface StoredJob {
  id: string
  spec: JobSpec
  snapshot: JobSnapshot
  /** Null where nobody works on it. */
  leaseOwner: string | null
  /** Milliseconds since 1970. */
  leaseUntil: number
}

/** Where the queue is kept, so that it outlives its process. The catalog implements it. */
export interface JobStore {
  /** In the queue's order. What the file holds may be anything: see `read` of the queue. */
  load(): StoredJob[]
  insert(job: StoredJob): void
  update(snapshot: JobSnapshot): void
  remove(id: string): void
  /**
   * Takes the job for `owner` until `until`, but only from the owner it was last seen with. One statement, so that two
   * running programs cannot both get it.
   */
  takeLease(id: string, expected: string | null, owner: string, until: number): boolean
  /** Notes that the job is begun again after its process died over it. @returns how often that has happened now */
  countAttempt(id: string): number
  /** Whether there are jobs that `owner` has no lease of: cheap, since it is asked every few seconds. */
  hasOthers(owner: string): boolean
  renewLeases(owner: string, until: number): void
}
