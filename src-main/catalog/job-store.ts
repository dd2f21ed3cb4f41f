import type { JobSnapshot, JobSpec } from '../../src-shared/model'
import type { JobStore, StoredJob } from '../jobs/job-store'
import type { Connection } from './database'

interface Row {
  id: string
  spec: string
  snapshot: string
  lease_owner: string | null
  lease_until: number
}

/** The queue in the catalog. */
export class SqliteJobStore implements JobStore {
  constructor(private readonly database: Connection) {}

  load(): StoredJob[] {
    const rows = this.database.prepare('SELECT * FROM job ORDER BY position').all() as Row[]
    return rows.map((row) => ({
      id: row.id,
      spec: parsed(row.spec) as JobSpec,
      snapshot: parsed(row.snapshot) as JobSnapshot,
      leaseOwner: row.lease_owner,
      leaseUntil: row.lease_until,
    }))
  }

  insert(job: StoredJob): void {
    this.database
      .prepare(
        `INSERT INTO job (id, position, state, spec, snapshot, lease_owner, lease_until, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        job.id,
        job.snapshot.position,
        job.snapshot.state,
        JSON.stringify(job.spec),
        JSON.stringify(job.snapshot),
        job.leaseOwner,
        job.leaseUntil,
        job.snapshot.createdAt,
      )
  }

  update(snapshot: JobSnapshot): void {
    this.database
      .prepare('UPDATE job SET position = ?, state = ?, snapshot = ? WHERE id = ?')
      .run(snapshot.position, snapshot.state, JSON.stringify(snapshot), snapshot.id)
  }

  remove(id: string): void {
    this.database.prepare('DELETE FROM job WHERE id = ?').run(id)
  }

  takeLease(id: string, expected: string | null, owner: string, until: number): boolean {
    const result = this.database
      .prepare('UPDATE job SET lease_owner = ?, lease_until = ? WHERE id = ? AND lease_owner IS ?')
      .run(owner, until, id, expected)
    return result.changes === 1
  }

  countAttempt(id: string): number {
    const attempts = this.database
      .prepare('UPDATE job SET attempts = attempts + 1 WHERE id = ? RETURNING attempts')
      .pluck()
      .get(id)
    return Number(attempts ?? 0)
  }

  hasOthers(owner: string): boolean {
    return this.database.prepare('SELECT 1 FROM job WHERE lease_owner IS NOT ? LIMIT 1').get(owner) !== undefined
  }

  renewLeases(owner: string, until: number): void {
    this.database.prepare('UPDATE job SET lease_until = ? WHERE lease_owner = ?').run(until, owner)
  }
}

/** Null where it is not what was written here: who loads jobs looks at them before using them. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
