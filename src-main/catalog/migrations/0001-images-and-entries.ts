import type { Migration } from './migration'

/**
 * Images, their views, and the entries of each view.
 *
 * An entry's rowid is `view.id × 2^28 + its number in the view`. Numbers are given breadth first, so the children of a
 * directory are one range of rowids: no index over parents is needed, and a directory is read in one sweep.
 */
export const imagesAndEntries: Migration = {
  version: 1,
  name: 'images and entries',
  makes: ['image', 'image_by_fingerprint', 'image_by_last_opened', 'view', 'entry', 'directory'],
  up: `
    CREATE TABLE image (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      -- Where it is, with the path into nested images: what “the same image” means. See locationKey.
      location TEXT NOT NULL UNIQUE,
      path TEXT NOT NULL,
      name TEXT NOT NULL,
      byte_length INTEGER NOT NULL,
      modified INTEGER,
      -- Of the descriptors, 16 bytes; recognises an image that moved.
      fingerprint BLOB NOT NULL,
      charset TEXT,
      label TEXT NOT NULL,
      formats TEXT NOT NULL,
      status TEXT NOT NULL,
      -- The whole ImageInfo as JSON.
      info TEXT NOT NULL,
      generation INTEGER NOT NULL,
      first_opened INTEGER NOT NULL,
      last_opened INTEGER NOT NULL,
      last_seen INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX image_by_fingerprint ON image (fingerprint);
    CREATE INDEX image_by_last_opened ON image (last_opened DESC);

    CREATE TABLE view (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
      generation INTEGER NOT NULL,
      -- As “rock-ridge” or “udf@2”.
      key TEXT NOT NULL,
      entry_count INTEGER NOT NULL DEFAULT 0,
      is_complete INTEGER NOT NULL DEFAULT 0,
      UNIQUE (image_id, generation, key)
    ) STRICT;

    CREATE TABLE entry (
      id INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      parent INTEGER NOT NULL,
      -- kind | hidden << 4 | status << 5; see entry-codes.
      flags INTEGER NOT NULL,
      byte_length INTEGER NOT NULL,
      modified INTEGER,
      mode INTEGER,
      uid INTEGER,
      gid INTEGER,
      target TEXT,
      disc_position INTEGER
    ) STRICT;

    -- The directories whose children have arrived: a range of numbers in the view.
    CREATE TABLE directory (
      id INTEGER PRIMARY KEY,
      first_child INTEGER NOT NULL,
      child_count INTEGER NOT NULL
    ) STRICT;
  `,
}
