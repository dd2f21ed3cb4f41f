import type { Connection } from './database'
import { ImageStore, within } from './image-store'
import type { FileFacts } from './watched-folders'

/** In SQL over `image`: those that people know of. What was found inside of an image, and was never opened, is a part of it. */
export const KNOWN_TO_PEOPLE = '(json_array_length(location) = 2 OR last_opened > 0)'

/** Images that lie in images, as the catalog has them: each an image of its own, under its way in. */
export class NestedImages {
  constructor(private readonly database: Connection) {}

  /** Whether the catalog has an image as its outermost file is now. */
  private isKnown(location: string, facts: FileFacts): boolean {
    const row = this.database
      .prepare('SELECT byte_length AS byteLength, modified FROM image WHERE location = ?')
      .get(location) as FileFacts | undefined
    return row?.byteLength === facts.byteLength && row.modified === Math.round(facts.modified)
  }

  /**
   * How far what an image carries was looked into, since its outermost file is like this: 0 not to the end, 1 what is
   * small, 2 everything.
   */
  depthOf(location: string, facts: FileFacts): number {
    if (!this.isKnown(location, facts)) return 0
    return Number(this.database.prepare('SELECT inside FROM image WHERE location = ?').pluck().get(location) ?? 0)
  }

  /** Notes how far what an image carries was looked into. */
  noteDepth(location: string, depth: number): void {
    this.database.prepare('UPDATE image SET inside = ? WHERE location = ?').run(depth, location)
  }

  /**
   * Forgets what the catalog has of images within another one, but for those that are still there, and those that a person
   * has opened or said something about.
   * @param location of the outer one; see {@link locationKey}
   * @param there keys of those that are there
   * @param left keys of those among them that were not looked into: what is known to lie in them stays
   */
  forgetOthers(location: string, there: readonly string[], left: readonly string[]): void {
    const [low, high] = within(location)
    const rows = this.database
      .prepare(
        `SELECT id, location FROM image WHERE location >= ? AND location < ? AND last_opened = 0
           AND collection = '' AND notes = '' AND NOT EXISTS (SELECT 1 FROM image_tag WHERE image_id = image.id)`,
      )
      .all(low, high) as { id: number; location: string }[]
    const store = new ImageStore(this.database)
    const known = new Set(there)
    const unknown = left.map((one) => within(one)[0])
    for (const row of rows)
      if (!known.has(row.location) && !unknown.some((beginning) => row.location.startsWith(beginning)))
        store.forget(row.id)
  }
}
