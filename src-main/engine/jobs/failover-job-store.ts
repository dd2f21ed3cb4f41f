import type { JobSnapshot } from '../../../src-shared/model'
import type { JobStore, StoredJob } from '../../jobs'

/**
 * The queue's store while its database can be used, and another afterwards: jobs go on, whatever becomes of the disk
 * that remembers them.
 */
export class FailoverJobStore implements JobStore {
  /** @param replace answers another store where the error means that this one is of no use any more; else null */
  constructor(
    private store: JobStore,
    private readonly replace: (error: unknown) => JobStore | null,
  ) {}

  load(): StoredJob[] {
    return this.withFailover((store) => store.load())
  }

  insert(job: StoredJob): void {
    this.withFailover((store) => {
      store.insert(job)
    })
  }

  update(snapshot: JobSnapshot): void {
    this.withFailover((store) => {
      store.update(snapshot)
    })
  }

  remove(id: string): void {
    this.withFailover((store) => {
      store.remove(id)
    })
  }

  takeLease(id: string, expected: string | null, owner: string, until: number): boolean {
    return this.withFailover((store) => store.takeLease(id, expected, owner, until))
  }

  countAttempt(id: string): number {
    return this.withFailover((store) => store.countAttempt(id))
  }

  hasOthers(owner: string): boolean {
    return this.withFailover((store) => store.hasOthers(owner))
  }

  renewLeases(owner: string, until: number): void {
    this.withFailover((store) => {
      store.renewLeases(owner, until)
    })
  }

  private withFailover<T>(work: (store: JobStore) => T): T {
    try {
      return work(this.store)
    } catch (error) {
      const other = this.replace(error)
      if (!other) throw error
      this.store = other
      return work(other)
    }
  }
}
