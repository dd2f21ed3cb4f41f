import type { Connection } from './database'
import { ImageStore } from './image-store'
import { KNOWN_TO_PEOPLE } from './nested-images'

/** What a person lets the catalog forget. */
export interface CleaningRules {
  /** Bytes that the catalog may take; 0: as many as it needs. */
  byteLimit: number
  /** Days after which an image is forgotten that nobody has opened; 0: never. */
  keepDays: number
}

export interface CatalogSize {
  /** What is in use: room that was left behind and will be used again does not count. */
  byteLength: number
  imageCount: number
}

const DAY_MS = 86_400_000
/** Whatever was opened within it may still be in use: by another copy of the program, or about to be. */
const RECENT_MS = 3_600_000

export function catalogSize(database: Connection): CatalogSize {
  const pages = (name: string): number => database.pragma(name, { simple: true }) as number
  const imageCount = database.prepare(`SELECT count(*) FROM image WHERE ${KNOWN_TO_PEOPLE}`).pluck().get() as number
  return { byteLength: (pages('page_count') - pages('freelist_count')) * pages('page_size'), imageCount }
}

/**
 * Forgets images that the rules let go, those first that were opened longest ago. An image that is open stays, and so
 * does one in a watched folder, which would come back at once, and one that a person has said something about.
 * @param inUse images that are open
 * @returns the images that were forgotten
 */
export function cleanCatalog(
  database: Connection,
  rules: CleaningRules,
  inUse: readonly number[],
  now: number,
): number[] {
  const images = new ImageStore(database)
  const forgotten: number[] = []
  const before = rules.keepDays > 0 ? now - rules.keepDays * DAY_MS : -Infinity
  for (const { id, lastUsed } of dispensable(database, inUse, now - RECENT_MS)) {
    const isTooOld = lastUsed < before
    const isTooLarge = rules.byteLimit > 0 && catalogSize(database).byteLength > rules.byteLimit
    if (!isTooOld && !isTooLarge) break
    images.forget(id)
    forgotten.push(id)
  }
  return forgotten
}

/** Gives the room of what was forgotten back to the disk; takes as long as copying the rest. */
export function compact(database: Connection): void {
  database.exec('VACUUM')
  database.pragma('wal_checkpoint(TRUNCATE)')
}

/** Images that may go, the one that was opened longest ago first. */
function dispensable(
  database: Connection,
  inUse: readonly number[],
  before: number,
): { id: number; lastUsed: number }[] {
  return database
    .prepare(
      `SELECT id, iif(last_opened > 0, last_opened, last_seen) AS lastUsed FROM image
       WHERE collection = '' AND notes = ''
         AND max(last_opened, last_seen) < ? AND id NOT IN (SELECT value FROM json_each(?))
         AND NOT EXISTS (SELECT 1 FROM image_tag WHERE image_id = image.id)
         AND NOT EXISTS (
           SELECT 1 FROM watched_folder AS folder WHERE substr(image.path, 1, length(folder.path)) = folder.path
             AND substr(image.path, length(folder.path) + 1, 1) IN ('/', '\\'))
       ORDER BY lastUsed, id`,
    )
    .all(before, JSON.stringify(inUse)) as { id: number; lastUsed: number }[]
}
