import type { Migration } from './migration'

/** Folders of images that are kept up to date by themselves, and the files in them that turned out to be no images. */
export const watchedFolders: Migration = {
  version: 7,
  name: 'watched folders',
  makes: ['watched_folder', 'refused_file'],
  up: `
    CREATE TABLE watched_folder (
      path TEXT PRIMARY KEY,
      added_at INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;
    -- Not tried again until they have changed.
    CREATE TABLE refused_file (
      path TEXT PRIMARY KEY,
      byte_length INTEGER NOT NULL,
      modified INTEGER NOT NULL,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
  `,
}
