import type { Migration } from './migration'

/** How often a job was begun anew after its process had died over it. */
export const jobAttempts: Migration = {
  version: 4,
  name: 'job attempts',
  makes: [],
  up: 'ALTER TABLE job ADD COLUMN attempts INTEGER NOT NULL DEFAULT 0;',
}
