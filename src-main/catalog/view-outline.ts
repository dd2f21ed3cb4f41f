import type { Connection } from './database'
import { DIRECTORY_CODE, KIND_MASK, rowidOf } from './entry-codes'
import { EntryGoneError } from './entry-reader'

/** Rows that are taken over from the database at once; more of them live long enough to cost a collection of garbage. */
const SLICE = 4_000
/** Flags are less than this. */
const FLAGS_SPAN = 256
/** No disc reaches so far; a position above it could not share a number with flags. */
const FARTHEST = 2 ** 44

/** What sums over a whole view need of its entries, as columns by entry number; 21 bytes for each. */
export interface ViewOutline {
  readonly length: number
  readonly isComplete: boolean
  readonly parent: Uint32Array
  /** Content, in bytes; 0 for whatever is no file. */
  readonly byteLength: Float64Array
  /** Where the content begins, in bytes of the volume; NaN where it lies nowhere. */
  readonly position: Float64Array
  /** See entry-codes. */
  readonly flags: Uint8Array
}

export interface OutlineQuery {
  imageId: number
  generation: number
  view: string
}

/** Bytes and files below each directory of a view; a file counts itself. */
export interface FolderSums {
  readonly byteLength: Float64Array
  readonly fileCount: Uint32Array
}

/** Reads outlines, and keeps the last one: pictures of a view are asked for again and again while one looks at it. */
export class OutlineReader {
  private kept: { key: string; outline: ViewOutline; sums: FolderSums | null } | null = null

  constructor(private readonly database: Connection) {}

  /** @throws {EntryGoneError} where the generation is no longer the one in the catalog */
  outline(query: OutlineQuery): ViewOutline {
    return this.get(query).outline
  }

  sums(query: OutlineQuery): FolderSums {
    const kept = this.get(query)
    kept.sums ??= sumFolders(kept.outline)
    return kept.sums
  }

  /** Lets go of what is kept: 21 bytes for each entry, or 33 with sums. */
  forget(): void {
    this.kept = null
  }

  private get(query: OutlineQuery): NonNullable<OutlineReader['kept']> {
    const view = this.database
      .prepare(
        'SELECT id, is_complete AS isComplete, entry_count AS entryCount FROM view WHERE image_id = ? AND generation = ? AND key = ?',
      )
      .get(query.imageId, query.generation, query.view) as
      { id: number; isComplete: number; entryCount: number } | undefined
    if (!view) throw new EntryGoneError('The image has changed since this was shown. Open it again.')
    const key = `${view.id}:${view.entryCount}:${view.isComplete}`
    if (this.kept?.key !== key)
      this.kept = {
        key,
        outline: readOutline(this.database, view.id, view.entryCount + 1, view.isComplete === 1),
        sums: null,
      }
    return this.kept
  }
}

/**
 * Reads a view's columns. Single columns cross from the database twice as fast as rows, and the fewer the faster: what
 * fits into one number comes as one, and parents, which the map of a disc needs nothing of, only when they are asked for.
 */
function readOutline(database: Connection, viewId: number, length: number, isComplete: boolean): ViewOutline {
  const byteLength = new Float64Array(length)
  const position = new Float64Array(length).fill(NaN)
  const flags = new Uint8Array(length)
  readColumn(database, viewId, length, 'byte_length', (entry, value) => {
    byteLength[entry] = value
  })
  const both = `min(coalesce(disc_position, -1), ${FARTHEST}) * ${FLAGS_SPAN} + flags`
  readColumn(database, viewId, length, both, (entry, value) => {
    const place = Math.floor(value / FLAGS_SPAN)
    flags[entry] = value - place * FLAGS_SPAN
    if (place >= 0) position[entry] = place
  })
  let parent: Uint32Array | null = null
  return {
    length,
    isComplete,
    byteLength,
    position,
    flags,
    get parent() {
      if (parent) return parent
      const column = new Uint32Array(length)
      readColumn(database, viewId, length, 'parent', (entry, value) => {
        column[entry] = value
      })
      return (parent = column)
    },
  }
}

function readColumn(
  database: Connection,
  viewId: number,
  length: number,
  sql: string,
  take: (entry: number, value: number) => void,
): void {
  const base = rowidOf(viewId, 0)
  const statement = (what: string) =>
    database.prepare(`SELECT ${what} FROM entry WHERE id BETWEEN ? AND ? ORDER BY id`).pluck()
  const [values, ids] = [statement(sql), statement('id')]
  for (let first = 0; first < length; first += SLICE) {
    const last = Math.min(length, first + SLICE) - 1
    const slice = values.all(base + first, base + last) as number[]
    // As many rows as numbers: then row and number agree. Only a tree that is still being read has holes.
    const rowids = slice.length === last - first + 1 ? null : (ids.all(base + first, base + last) as number[])
    for (let row = 0; row < slice.length; row++)
      take(rowids ? (rowids[row] ?? base) - base : first + row, slice[row] ?? 0)
  }
}

/** What entries hold with everything below them; what lies in a directory that is named too is counted once. */
export function contentsOf(
  { parent, length }: ViewOutline,
  sums: FolderSums,
  entries: readonly number[],
): { byteLength: number; fileCount: number } {
  const isNamed = new Uint8Array(length)
  for (const entry of entries) isNamed[entry] = 1
  const isInside = (entry: number): boolean => {
    // Parents have smaller numbers than their children, so this ends.
    for (let at = parent[entry] ?? 0, below = entry; at < below; below = at, at = parent[at] ?? 0)
      if (isNamed[at] === 1) return true
    return false
  }
  const contents = { byteLength: 0, fileCount: 0 }
  for (const entry of entries) {
    if (entry >= length || isInside(entry)) continue
    contents.byteLength += sums.byteLength[entry] ?? 0
    contents.fileCount += sums.fileCount[entry] ?? 0
  }
  return contents
}

/** Children have larger numbers than their parents: one sweep from the end adds everything up. */
export function sumFolders({ length, parent, byteLength, flags }: ViewOutline): FolderSums {
  const sums = { byteLength: byteLength.slice(), fileCount: new Uint32Array(length) }
  for (let entry = length - 1; entry > 0; entry--) {
    if (((flags[entry] ?? 0) & KIND_MASK) !== DIRECTORY_CODE)
      sums.fileCount[entry] = ((flags[entry] ?? 0) & KIND_MASK) === 0 ? 1 : 0
    const above = parent[entry] ?? 0
    if (above >= entry) continue
    sums.byteLength[above] = (sums.byteLength[above] ?? 0) + (sums.byteLength[entry] ?? 0)
    sums.fileCount[above] = (sums.fileCount[above] ?? 0) + (sums.fileCount[entry] ?? 0)
  }
  return sums
}
