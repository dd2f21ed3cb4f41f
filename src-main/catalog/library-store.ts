import type { InsideStep } from '../../src-shared/model'
import type { Connection } from './database'
import { insideOf } from './entry-search'
import { foldName } from './fold-name'
import { nameOrderKey } from './name-order'
import { KNOWN_TO_PEOPLE } from './nested-images'

export const LIBRARY_COLUMNS = [
  'name',
  'label',
  'identity',
  'size',
  'entries',
  'group',
  'path',
  'lastSeen',
  'lastOpened',
] as const
export type LibraryColumn = (typeof LIBRARY_COLUMNS)[number]

export interface LibraryQuery {
  /** Part of any of its texts; empty for all. */
  text: string
  /** Null for all; the empty string for those in none. */
  group: string | null
  tag: string | null
  sort: LibraryColumn
  descending: boolean
}

/** An image as the library shows it. */
export interface LibraryRecord {
  id: number
  name: string
  path: string
  inside: InsideStep[]
  label: string
  identity: string
  byteLength: number
  formats: string[]
  status: 'complete' | 'truncated'
  /** Of the default view; null until it has been indexed. */
  entryCount: number | null
  lastSeen: number
  /** Null where nobody has opened it: it came with a watched folder. */
  lastOpened: number | null
  group: string
  tags: string[]
  notes: string
}

/** What a person may say about an image; what is absent stays as it is. */
export interface LibraryChanges {
  group?: string | undefined
  tags?: string[] | undefined
  notes?: string | undefined
}

type Row = Omit<LibraryRecord, 'formats' | 'tags' | 'inside'> & { formats: string; tags: string; location: string }

const SELECT = `
  SELECT image.id, name, path, location, label, identity, byte_length AS byteLength, formats, status,
    last_seen AS lastSeen, nullif(last_opened, 0) AS lastOpened, collection AS "group", notes,
    (SELECT entry_count FROM view WHERE image_id = image.id AND generation = image.generation
       AND is_searchable = 1 AND is_complete = 1) AS entryCount,
    coalesce((SELECT json_group_array(tag) FROM image_tag WHERE image_id = image.id), '[]') AS tags
  FROM image WHERE json_extract(location, '$[0]') = 'path'`

/** Everything that is known of images as a library. */
export class LibraryStore {
  constructor(private readonly database: Connection) {}

  /** Every image that fits, in order. A library is some thousands of images: small enough to be sorted as a whole. */
  list(query: LibraryQuery): LibraryRecord[] {
    const wanted = foldName(query.text.trim())
    const records = (this.database.prepare(`${SELECT} AND ${KNOWN_TO_PEOPLE}`).all() as Row[])
      .map(asRecord)
      .filter((record) => {
        if (query.group !== null && record.group !== query.group) return false
        if (query.tag !== null && !record.tags.includes(query.tag)) return false
        return wanted === '' || foldName(textsOf(record).join('\n')).includes(wanted)
      })
    return inOrder(records, query)
  }

  /** Every image, also those that are known only because another one carries them; what was seen last comes first. */
  all(): LibraryRecord[] {
    return (this.database.prepare(`${SELECT} ORDER BY image.last_seen DESC`).all() as Row[]).map(asRecord)
  }

  get(id: number): LibraryRecord | null {
    const row = this.database.prepare(`${SELECT} AND image.id = ?`).get(id) as Row | undefined
    return row ? asRecord(row) : null
  }

  /** Every group and every tag, each with how many images have it. */
  facets(): { groups: { name: string; count: number }[]; tags: { name: string; count: number }[] } {
    const count = (sql: string) => this.database.prepare(sql).all() as { name: string; count: number }[]
    return {
      groups: count(
        `SELECT collection AS name, count(*) AS count FROM image WHERE collection <> '' GROUP BY collection ORDER BY collection`,
      ),
      tags: count('SELECT tag AS name, count(*) AS count FROM image_tag GROUP BY tag ORDER BY tag'),
    }
  }

  /** Changes what is said of images. */
  update(ids: readonly number[], changes: LibraryChanges): void {
    const update = this.database.transaction(() => {
      for (const id of ids) {
        if (changes.group !== undefined)
          this.database.prepare('UPDATE image SET collection = ? WHERE id = ?').run(changes.group.trim(), id)
        if (changes.notes !== undefined)
          this.database.prepare('UPDATE image SET notes = ? WHERE id = ?').run(changes.notes, id)
        if (changes.tags !== undefined) this.setTags(id, changes.tags)
      }
    })
    update.immediate()
  }

  /** Notes that these files are there just now. */
  seen(ids: readonly number[], now: number): void {
    if (ids.length === 0) return
    const update = this.database.prepare('UPDATE image SET last_seen = ? WHERE id = ? AND last_seen < ?')
    const seen = this.database.transaction(() => {
      for (const id of ids) update.run(now, id, now)
    })
    seen.immediate()
  }

  private setTags(id: number, tags: readonly string[]): void {
    this.database.prepare('DELETE FROM image_tag WHERE image_id = ?').run(id)
    const insert = this.database.prepare(
      'INSERT OR IGNORE INTO image_tag (image_id, tag) SELECT id, ? FROM image WHERE id = ?',
    )
    for (const tag of tags) if (tag.trim() !== '') insert.run(tag.trim(), id)
  }
}

function asRecord({ location, formats, tags, ...row }: Row): LibraryRecord {
  return {
    ...row,
    inside: insideOf(location),
    formats: JSON.parse(formats) as string[],
    tags: (JSON.parse(tags) as string[]).sort(),
  }
}

function textsOf(record: LibraryRecord): string[] {
  return [record.name, record.label, record.identity, record.path, record.group, record.notes, ...record.tags]
}

function inOrder(records: LibraryRecord[], query: LibraryQuery): LibraryRecord[] {
  const sign = query.descending ? -1 : 1
  const keyed = records.map((record) => ({
    record,
    key: keyOf(record, query.sort),
    name: nameOrderKey(record.name),
  }))
  keyed.sort((a, b) => {
    if (a.key !== b.key) return a.key < b.key ? -sign : sign
    return a.name < b.name ? -1 : a.name > b.name ? 1 : a.record.id - b.record.id
  })
  return keyed.map(({ record }) => record)
}

function keyOf(record: LibraryRecord, column: LibraryColumn): string | number {
  switch (column) {
    case 'size':
      return record.byteLength
    case 'entries':
      return record.entryCount ?? -1
    case 'lastSeen':
      return record.lastSeen
    case 'lastOpened':
      return record.lastOpened ?? 0
    default:
      return nameOrderKey(record[column])
  }
}
