import type { Migration } from './migration'

/** What was found out when an image was last checked; it counts for the generation that was checked, and no other. */
export const trust: Migration = {
  version: 11,
  name: 'trust',
  makes: ['trust_report'],
  up: `
    CREATE TABLE trust_report (
      image_id INTEGER PRIMARY KEY REFERENCES image (id) ON DELETE CASCADE,
      generation INTEGER NOT NULL,
      -- JSON, as the contract has it.
      report TEXT NOT NULL
    ) STRICT;
  `,
}
