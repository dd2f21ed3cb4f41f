import type { Migration } from './migration'

/**
 * Which letters and pairs of letters the names of 65 536 entries hold: see BigramFilter. What was indexed before has no
 * such rows, and is looked through name by name.
 */
export const letters: Migration = {
  version: 10,
  name: 'letters',
  makes: ['letter_set'],
  up: `
    CREATE TABLE letter_set (
      -- An entry's rowid / 2^16.
      stretch INTEGER PRIMARY KEY,
      bits BLOB NOT NULL
    ) STRICT;
  `,
}
