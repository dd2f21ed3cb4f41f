import type { Connection } from './database'
import { ImageStore, within } from './image-store'
import type { FileFacts } from './watched-folders'

/** In SQL over `image`: those that people know of. What was found inside of an image, and was never opened, is a part of it. */
export const KNOWN_TO_PEOPLE = '(json_array_length(location) = 2 OR last_opened > 0)'

/** Images that lie in images, as the catalog has them: each an image of its own, under its way in. */
export class NestedImages {
  constructor(private readonly database: Connection) {}

  /** Whether an image was looked at since its outermost file is as it is now, whatever came of it. */
  isKnown(location: string, facts: FileFacts): boolean {
    const row = this.database
      .prepare('SELECT byte_length AS byteLength, modified FROM image WHERE location = ?')
      .get(location) as FileFacts | undefined
    return row?.byteLength === facts.byteLength && row.modified === Math.round(facts.modified)
  }

  /**
   * Forgets what the catalog has of images within another one, but for those that are still there, what lies in these,
   * and those that a person has opened or said something about.
   * @param location of the outer one; see {@link locationKey}
   * @param there keys of those that are there
   */
  forgetOthers(location: string, there: readonly string[]): void {
    const [low, high] = within(location)
    const rows = this.database
      .prepare(
        `SELECT id, location FROM image WHERE location >= ? AND location < ? AND last_opened = 0
           AND collection = '' AND notes = '' AND NOT EXISTS (SELECT 1 FROM image_tag WHERE image_id = image.id)`,
      )
      .all(low, high) as { id: number; location: string }[]
    const store = new ImageStore(this.database)
    for (const row of rows)
      if (!there.some((one) => row.location === one || row.location.startsWith(within(one)[0]))) store.forget(row.id)
  }
}
