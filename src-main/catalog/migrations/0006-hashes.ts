import type { Migration } from './migration'

/** Hashes of entries' contents, once they were computed. They go with their view. */
export const hashes: Migration = {
  version: 6,
  name: 'hashes',
  makes: ['entry_hash', 'entry_hash_by_digest'],
  up: `
    CREATE TABLE entry_hash (
      -- As in entry.
      entry_id INTEGER NOT NULL,
      -- 1 SHA-256, 2 BLAKE3; see hash-store.
      algorithm INTEGER NOT NULL,
      digest BLOB NOT NULL,
      PRIMARY KEY (entry_id, algorithm)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX entry_hash_by_digest ON entry_hash (digest);
  `,
}
