import type { Connection } from './database'
import { decodeFlags, FIRST_PASSING, rowidOf, VIEW_SPAN } from './entry-codes'
import { insideOf } from './entry-search'

/** What a column holds; times are in milliseconds since 1970 UTC. */
export type ExportType = 'integer' | 'text' | 'boolean' | 'time'

export interface ExportColumn {
  name: string
  type: ExportType
  /** Whether it may be unknown. */
  isOptional?: boolean
}

export type ExportValue = number | string | boolean | null

/** A table as it leaves the catalog, with rows of the images that are asked for. */
export interface ExportTable {
  name: string
  columns: readonly ExportColumn[]
  /** Its rows, one by one, each with a value for every column. */
  rows(database: Connection, images: readonly number[]): Iterable<readonly ExportValue[]>
}

const integer = (name: string): ExportColumn => ({ name, type: 'integer' })
const text = (name: string): ExportColumn => ({ name, type: 'text' })
const time = (name: string): ExportColumn => ({ name, type: 'time', isOptional: true })
const optional = (column: ExportColumn): ExportColumn => ({ ...column, isOptional: true })

const images: ExportTable = {
  name: 'images',
  columns: [
    integer('image_id'),
    text('path'),
    // The way into an image within another, its steps with // between them.
    optional(text('inside')),
    text('name'),
    integer('byte_length'),
    time('modified'),
    text('label'),
    text('formats'),
    text('status'),
    text('identity'),
    text('collection'),
    text('tags'),
    text('notes'),
    time('first_opened'),
    time('last_opened'),
    time('last_seen'),
  ],
  *rows(database, ids) {
    const select = database
      .prepare(
        `SELECT id, location, path, name, byte_length, modified, label, formats, status, identity, collection,
           coalesce((SELECT group_concat(tag, ',') FROM image_tag WHERE image_id = image.id), ''), notes,
           nullif(first_opened, 0), nullif(last_opened, 0), last_seen
         FROM image WHERE id = ?`,
      )
      .raw()
    for (const id of ids) {
      const row = select.get(id) as ExportValue[] | undefined
      if (row === undefined) continue
      const [own, location, path, ...rest] = row
      const way = insideOf(String(location)).map((step) => step.path)
      yield [own ?? null, path ?? null, way.length === 0 ? null : way.join('//'), ...rest]
    }
  },
}

const views: ExportTable = {
  name: 'views',
  columns: [
    integer('view_id'),
    integer('image_id'),
    text('view'),
    { name: 'is_main', type: 'boolean' },
    integer('entry_count'),
  ],
  *rows(database, ids) {
    for (const { id, imageId, key, isMain, entryCount } of wholeViews(database, ids))
      yield [id, imageId, key, isMain === 1, entryCount]
  },
}

const entries: ExportTable = {
  name: 'entries',
  columns: [
    integer('view_id'),
    integer('image_id'),
    integer('entry'),
    integer('parent'),
    text('path'),
    text('name'),
    text('kind'),
    { name: 'hidden', type: 'boolean' },
    text('status'),
    integer('byte_length'),
    time('modified'),
    optional(integer('mode')),
    optional(integer('uid')),
    optional(integer('gid')),
    optional(text('target')),
  ],
  *rows(database, ids) {
    const select = database
      .prepare(
        `SELECT id, name, parent, flags, byte_length, modified, mode, uid, gid, target FROM entry
         WHERE id BETWEEN ? AND ? ORDER BY id`,
      )
      .raw()
    for (const view of wholeViews(database, ids)) {
      // Folders come before what is in them.
      const folders = new Map<number, string>([[0, '']])
      const [first, last] = [rowidOf(view.id, 1), rowidOf(view.id, FIRST_PASSING - 1)]
      for (const row of select.iterate(first, last) as Iterable<EntryRow>) {
        const [id, name, parent, flags, ...rest] = row
        const entry = id - view.id * VIEW_SPAN
        const { kind, hidden, status } = decodeFlags(flags)
        const path = `${folders.get(parent) ?? ''}${name}`
        if (kind === 'directory') folders.set(entry, `${path}/`)
        yield [view.id, view.imageId, entry, parent, path, name, kind, hidden, status, ...rest]
      }
    }
  },
}

const hashes: ExportTable = {
  name: 'hashes',
  columns: [integer('view_id'), integer('image_id'), integer('entry'), text('algorithm'), text('digest')],
  *rows(database, ids) {
    const select = database
      .prepare(
        `SELECT entry_id, iif(algorithm = 1, 'sha256', 'blake3'), lower(hex(digest)) FROM entry_hash
         WHERE entry_id BETWEEN ? AND ? ORDER BY entry_id, algorithm`,
      )
      .raw()
    for (const view of wholeViews(database, ids)) {
      const range = [rowidOf(view.id, 0), rowidOf(view.id, VIEW_SPAN - 1)] as const
      for (const [id, algorithm, digest] of select.iterate(...range) as Iterable<[number, string, string]>)
        yield [view.id, view.imageId, id - view.id * VIEW_SPAN, algorithm, digest]
    }
  },
}

/** Every table that is exported; each row of the others belongs to an image. */
export const EXPORT_TABLES: readonly ExportTable[] = [images, views, entries, hashes]

/** All images that the catalog knows, by their numbers, in order. */
export function exportedImages(database: Connection): number[] {
  return database.prepare('SELECT id FROM image ORDER BY id').pluck().all() as number[]
}

type EntryRow = [id: number, name: string, parent: number, flags: number, ...rest: ExportValue[]]

interface WholeView {
  id: number
  imageId: number
  key: string
  /** 1 for the one of an image that search looks in. */
  isMain: number
  entryCount: number
}

/** The views that were read to their end, of images as they are now. */
function wholeViews(database: Connection, ids: readonly number[]): WholeView[] {
  const select = database.prepare(
    `SELECT view.id, image_id AS imageId, key, is_searchable AS isMain, entry_count AS entryCount FROM view
     JOIN image ON image.id = image_id AND image.generation = view.generation
     WHERE image_id = ? AND is_complete = 1 ORDER BY view.id`,
  )
  return ids.flatMap((id) => select.all(id) as WholeView[])
}
