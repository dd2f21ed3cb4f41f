import type { EntryKind, EntryStatus } from '../../src-shared/model'
import type { Connection } from './database'
import { decodeFlags, VIEW_SPAN } from './entry-codes'

export interface SearchQuery {
  /** Part of a name, or a glob where it holds `*` or `?`; whatever case. */
  text: string
  /** Only in this image; null for all. */
  imageId: number | null
  kinds: EntryKind[] | null
  minByteLength: number | null
  maxByteLength: number | null
  limit: number
  offset: number
}

export interface SearchHit {
  imageId: number
  imageName: string
  imagePath: string
  generation: number
  view: string
  entry: number
  name: string
  path: string
  kind: EntryKind
  byteLength: number
  modified: number | null
  status: EntryStatus
}

interface Row {
  id: number
  name: string
  flags: number
  byteLength: number
  modified: number | null
}

/** Finds entries by name across every image that was ever opened. */
export class EntrySearch {
  private readonly selectParent
  private readonly selectView

  constructor(private readonly database: Connection) {
    this.selectParent = database.prepare('SELECT name, parent FROM entry WHERE id = ?').raw()
    this.selectView = database.prepare(
      `SELECT view.key AS view, view.generation, image.id AS imageId, image.name AS imageName, image.path AS imagePath
       FROM view JOIN image ON image.id = view.image_id AND image.generation = view.generation WHERE view.id = ?`,
    )
  }

  /** Hits in no order but their place in the catalog, so that the first ones come at once. */
  search(query: SearchQuery): { hits: SearchHit[]; hasMore: boolean } {
    const matches = nameMatcher(query.text)
    const hits: SearchHit[] = []
    let skip = query.offset
    for (const row of this.candidates(query)) {
      if (!matches(row.name) || !passes(row, query)) continue
      const hit = this.describe(row)
      if (!hit) continue
      if (skip-- > 0) continue
      if (hits.length === query.limit) return { hits, hasMore: true }
      hits.push(hit)
    }
    return { hits, hasMore: false }
  }

  /** Rows whose names hold every trigram of the text; with fewer than three letters, every name. */
  private candidates(query: SearchQuery): IterableIterator<Row> {
    const trigrams = trigramsOf(query.text)
    const columns = 'entry.id, entry.name, flags, byte_length AS byteLength, modified'
    const ranges = query.imageId === null ? '' : 'AND entry.id BETWEEN @first AND @last'
    const range = query.imageId === null ? {} : this.rangeOf(query.imageId)
    if (trigrams.length > 0)
      return this.database
        .prepare(
          `SELECT ${columns} FROM entry_name JOIN entry ON entry.id = entry_name.rowid WHERE entry_name MATCH @match ${ranges}`,
        )
        .iterate({
          match: trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND '),
          ...range,
        }) as IterableIterator<Row>
    // LIKE folds ASCII only, which is right for narrowing down as long as the text is ASCII.
    const narrowed = /^[\x20-\x7e]+$/.test(query.text) && !isGlob(query.text)
    return this.database
      .prepare(
        `SELECT ${columns} FROM view JOIN entry ON entry.id BETWEEN view.id * ${VIEW_SPAN} + 1 AND view.id * ${VIEW_SPAN} + ${VIEW_SPAN - 1}
         WHERE view.is_searchable = 1 ${narrowed ? "AND name LIKE @like ESCAPE '\\'" : ''} ${ranges}`,
      )
      .iterate({
        ...(narrowed ? { like: `%${query.text.replace(/[\\%_]/g, '\\$&')}%` } : {}),
        ...range,
      }) as IterableIterator<Row>
  }

  private rangeOf(imageId: number): { first: number; last: number } {
    const view = this.database
      .prepare(
        `SELECT view.id FROM view JOIN image ON image.id = view.image_id AND image.generation = view.generation
         WHERE image.id = ? AND is_searchable = 1`,
      )
      .pluck()
      .get(imageId) as number | undefined
    const id = view ?? -1
    return { first: id * VIEW_SPAN, last: (id + 1) * VIEW_SPAN - 1 }
  }

  private describe(row: Row): SearchHit | null {
    const viewId = Math.floor(row.id / VIEW_SPAN)
    const view = this.selectView.get(viewId) as
      Pick<SearchHit, 'view' | 'generation' | 'imageId' | 'imageName' | 'imagePath'> | undefined
    // Of a generation that is being replaced just now.
    if (!view) return null
    const { kind, status } = decodeFlags(row.flags)
    return {
      ...view,
      entry: row.id - viewId * VIEW_SPAN,
      name: row.name,
      path: this.pathOf(row.id, viewId),
      kind,
      byteLength: row.byteLength,
      modified: row.modified,
      status,
    }
  }

  private pathOf(id: number, viewId: number): string {
    const names: string[] = []
    let at = id
    // Parents have smaller numbers than their children, so this ends.
    while (at > viewId * VIEW_SPAN) {
      const row = this.selectParent.get(at) as [string, number] | undefined
      if (!row) break
      names.push(row[0])
      const parent = viewId * VIEW_SPAN + row[1]
      if (parent >= at) break
      at = parent
    }
    return names.reverse().join('/')
  }
}

function passes(row: Row, query: SearchQuery): boolean {
  if (query.minByteLength !== null && row.byteLength < query.minByteLength) return false
  if (query.maxByteLength !== null && row.byteLength > query.maxByteLength) return false
  return query.kinds === null || query.kinds.includes(decodeFlags(row.flags).kind)
}

function isGlob(text: string): boolean {
  return /[*?]/.test(text)
}

/** How names are compared: case aside in every script, and whichever way accents are put together. */
function folded(text: string): string {
  return text.normalize('NFC').toLowerCase()
}

/** Whether a name holds the text, or fits the glob as a whole. */
export function nameMatcher(text: string): (name: string) => boolean {
  const wanted = folded(text)
  if (!isGlob(text)) return (name) => folded(name).includes(wanted)
  const pattern = wanted
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const glob = new RegExp(`^${pattern}$`, 'su')
  return (name) => glob.test(folded(name))
}

/** The trigrams of the text's literal parts, each once; none where no part has three letters. */
export function trigramsOf(text: string): string[] {
  const trigrams = new Set<string>()
  for (const part of text.split(/[*?]+/)) {
    const characters = Array.from(part)
    for (let i = 0; i + 3 <= characters.length; i++) trigrams.add(characters.slice(i, i + 3).join(''))
  }
  return [...trigrams]
}
