import type { Connection } from './database'
import { VIEW_SPAN } from './entry-codes'

/** Where an image lies, and what its file is like now. */
export interface ImageAsItIs {
  /** See `locationKey`. */
  location: string
  /** Of the outermost file, in bytes. */
  byteLength: number
  /** Of the outermost file, in milliseconds since 1970. */
  modified: number
  charset: string | null
}

/**
 * The SHA-256 of every file of a view that was hashed, by path, in hexadecimal. Empty where the image is not known, or
 * its file is not as it was then.
 */
export function knownHashes(database: Connection, image: ImageAsItIs, view: string): Map<string, string> {
  const found = new Map<string, string>()
  const id = database
    .prepare(
      `SELECT view.id FROM image JOIN view ON view.image_id = image.id AND view.generation = image.generation
       WHERE location = @location AND byte_length = @byteLength AND modified = @modified AND charset IS @charset
         AND view.key = @view AND view.is_complete = 1`,
    )
    .pluck()
    .get({ ...image, modified: Math.round(image.modified), view }) as number | undefined
  if (id === undefined) return found
  const base = id * VIEW_SPAN
  const entry = database.prepare('SELECT name, parent FROM entry WHERE id = ?').raw()
  const folders = new Map<number, string>([[0, '']])
  const folderPath = (at: number): string => {
    const known = folders.get(at)
    if (known !== undefined) return known
    const [name, parent] = entry.get(base + at) as [string, number]
    // Parents have smaller numbers than their children, so this ends.
    const path = parent < at ? below(folderPath(parent), name) : name
    folders.set(at, path)
    return path
  }
  const hashed = database
    .prepare(
      `SELECT name, parent, lower(hex(digest)) FROM entry_hash JOIN entry ON entry.id = entry_id
       WHERE entry_id BETWEEN ? AND ? AND algorithm = 1`,
    )
    .raw()
  for (const row of hashed.iterate(base, base + VIEW_SPAN - 1)) {
    const [name, parent, digest] = row as [string, number, string]
    found.set(below(folderPath(parent), name), digest)
  }
  return found
}

function below(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`
}
