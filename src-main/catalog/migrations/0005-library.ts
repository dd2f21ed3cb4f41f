import type { Migration } from './migration'

/** What people say about an image, and what the image says it is for. */
export const library: Migration = {
  version: 5,
  name: 'library',
  makes: ['image_tag', 'image_tag_by_tag'],
  up: `
    -- One line such as “Debian GNU/Linux 12.1 amd64”; empty where nothing is known.
    ALTER TABLE image ADD COLUMN identity TEXT NOT NULL DEFAULT '';
    -- The generation that was looked at for it.
    ALTER TABLE image ADD COLUMN identified INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE image ADD COLUMN collection TEXT NOT NULL DEFAULT '';
    ALTER TABLE image ADD COLUMN notes TEXT NOT NULL DEFAULT '';
    CREATE TABLE image_tag (
      image_id INTEGER NOT NULL REFERENCES image (id) ON DELETE CASCADE,
      tag TEXT NOT NULL,
      PRIMARY KEY (image_id, tag)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX image_tag_by_tag ON image_tag (tag);
  `,
}
