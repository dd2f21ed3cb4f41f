import type { Migration } from './migration'

/** The queue: what was asked for and how far it has come, so that a job survives its process. */
export const jobs: Migration = {
  version: 2,
  name: 'jobs',
  makes: ['job', 'job_by_position'],
  up: `
    CREATE TABLE job (
      id TEXT PRIMARY KEY,
      position REAL NOT NULL,
      state TEXT NOT NULL,
      -- The JobSpec as JSON.
      spec TEXT NOT NULL,
      -- The latest JobSnapshot as JSON.
      snapshot TEXT NOT NULL,
      -- Which running copy of the program works on it, and until when that holds without renewal.
      lease_owner TEXT,
      lease_until INTEGER NOT NULL DEFAULT 0,
      created_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX job_by_position ON job (position);
  `,
}
