import type { Migration } from './migration'

/** How far what an image carries was looked into, in its generation; 0: not, or not to the end. See NestedImages. */
export const inside: Migration = {
  version: 12,
  name: 'inside',
  makes: [],
  up: `ALTER TABLE image ADD COLUMN inside INTEGER NOT NULL DEFAULT 0`,
}
