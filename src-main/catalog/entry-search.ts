import type { EntryKind, EntryStatus, InsideStep } from '../../src-shared/model'
import type { Connection } from './database'
import { decodeFlags, KIND_MASK, kindCode, VIEW_SPAN } from './entry-codes'
import { foldName, isPlainAscii } from './fold-name'
import { mayHold, CHUNK_SPAN } from './bigram-filter'
import { within } from './image-store'

/** What entries must be like to be found. */
export interface SearchFilter {
  /** Part of a name, or a glob where it holds `*` or `?`; whatever case. */
  text: string
  /** Only in this image and those inside of it; null for all. */
  imageId: number | null
  kinds: EntryKind[] | null
  /** Without the dot, whatever case; null for all. */
  extensions: string[] | null
  minByteLength: number | null
  maxByteLength: number | null
  /** Milliseconds since 1970, inclusive; entries without a date are not found where either is set. */
  modifiedFrom: number | null
  modifiedTo: number | null
}

export const EVERYTHING: Omit<SearchFilter, 'text'> = {
  imageId: null,
  kinds: null,
  extensions: null,
  minByteLength: null,
  maxByteLength: null,
  modifiedFrom: null,
  modifiedTo: null,
}

export interface SearchHit {
  imageId: number
  imageName: string
  imagePath: string
  /** The way into nested images; empty for most. */
  inside: InsideStep[]
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

/** What a chunk of searching gave: rowids of entries, and where to go on; null at the end. */
export interface SearchStep {
  found: number[]
  next: number | null
}

interface Row {
  id: number
  name: string
}

/** Finds entries by name across every image that was ever opened. */
export class EntrySearch {
  private readonly selectParent
  private readonly selectEntry
  private readonly selectView
  private readonly selectNextView
  private readonly selectNextOfAll
  private readonly selectLocation
  private readonly selectLetters

  constructor(private readonly database: Connection) {
    this.selectParent = database.prepare('SELECT name, parent FROM entry WHERE id = ?').raw()
    this.selectEntry = database.prepare('SELECT name, flags, byte_length, modified FROM entry WHERE id = ?').raw()
    this.selectView = database.prepare(
      `SELECT view.key AS view, view.generation, image.id AS imageId, image.name AS imageName, image.path AS imagePath,
         image.location FROM view JOIN image ON image.id = view.image_id AND image.generation = view.generation
       WHERE view.id = ?`,
    )
    this.selectNextView = database.prepare(
      `SELECT view.id, view.entry_count AS entryCount FROM view
       JOIN image ON image.id = view.image_id AND image.generation = view.generation
       WHERE is_searchable = 1 AND view.id >= @from
         AND (image.id = @id OR (image.location >= @low AND image.location < @high))
       ORDER BY view.id LIMIT 1`,
    )
    // Views come in their order; with images in front, each step would look at all of them.
    this.selectNextOfAll = database.prepare(
      `SELECT view.id, view.entry_count AS entryCount FROM view
       CROSS JOIN image ON image.id = view.image_id AND image.generation = view.generation
       WHERE is_searchable = 1 AND view.id >= ?
       ORDER BY view.id LIMIT 1`,
    )
    this.selectLocation = database.prepare('SELECT location FROM image WHERE id = ?').pluck()
    this.selectLetters = database.prepare('SELECT bits FROM letter_set WHERE stretch = ?').pluck()
  }

  /**
   * Searches on behind `after`, in the catalog's own order, until `limit` entries are found, `budgetMs` have passed, or
   * the end is reached: the first hits come at once, and a long search can be left at any step.
   */
  step(filter: SearchFilter, after: number, limit: number, budgetMs: number): SearchStep {
    const fits = fitting(filter)
    const until = performance.now() + budgetMs
    const found: number[] = []
    let at = after
    for (;;) {
      const chunk = this.chunk(filter, at)
      if (!chunk) return { found, next: null }
      for (const row of chunk.rows) {
        at = row.id
        if (fits(row.name)) found.push(row.id)
        if (found.length >= limit || performance.now() > until) return { found, next: at }
      }
      if (chunk.end === null) return { found, next: null }
      at = chunk.end
      if (performance.now() > until) return { found, next: at }
    }
  }

  /** The hit that a rowid stands for; null where its image has changed meanwhile. */
  describe(id: number): SearchHit | null {
    const viewId = Math.floor(id / VIEW_SPAN)
    const view = this.selectView.get(viewId) as
      | (Pick<SearchHit, 'view' | 'generation' | 'imageId' | 'imageName' | 'imagePath'> & { location: string })
      | undefined
    const row = this.selectEntry.get(id) as [string, number, number, number | null] | undefined
    // Of a generation that is being replaced just now.
    if (!view || !row) return null
    const { location, ...image } = view
    const [name, flags, byteLength, modified] = row
    const { kind, status } = decodeFlags(flags)
    return {
      ...image,
      inside: insideOf(location),
      entry: id - viewId * VIEW_SPAN,
      name,
      path: this.pathOf(id, viewId),
      kind,
      byteLength,
      modified,
      status,
    }
  }

  /** Rows behind `after` that may fit; `end` is where the chunk ends, null where nothing comes after it. */
  private chunk(filter: SearchFilter, after: number): { rows: Iterable<Row>; end: number | null } | null {
    const text = foldName(filter.text)
    const trigrams = trigramsOf(text)
    const { sql, values } = conditions(filter)
    if (trigrams.length > 0) {
      // One view after the other where only some are wanted: what is found by its trigrams lies in all of them.
      const view = filter.imageId === null ? null : this.nextView(after, filter.imageId)
      if (view === undefined) return null
      const last = view === null ? null : (view.id + 1) * VIEW_SPAN - 1
      const statement = this.database.prepare(
        `SELECT entry.id, entry.name FROM entry_name JOIN entry ON entry.id = entry_name.rowid
         WHERE entry_name MATCH @match AND entry_name.rowid > @after AND entry_name.rowid <= @last ${sql}`,
      )
      const match = trigrams.map((trigram) => `"${trigram.replaceAll('"', '""')}"`).join(' AND ')
      const first = Math.max(after, (view?.id ?? 0) * VIEW_SPAN - 1)
      const rows = statement.iterate({ ...values, match, after: first, last: last ?? Number.MAX_SAFE_INTEGER })
      return { rows: rows as IterableIterator<Row>, end: last }
    }
    const view = this.nextView(after, filter.imageId)
    if (!view) return null
    // The root has no name that anybody would search for.
    const first = Math.max(after + 1, view.id * VIEW_SPAN + 1)
    const chunk = Math.floor(first / CHUNK_SPAN)
    const last = (chunk + 1) * CHUNK_SPAN - 1
    const end = last >= view.id * VIEW_SPAN + view.entryCount ? (view.id + 1) * VIEW_SPAN - 1 : last
    const letters = this.selectLetters.get(chunk) as Uint8Array | undefined
    // Without letters: of a catalog from before they were kept.
    if (letters && !mayHold(letters, text)) return { rows: [], end }
    const rows = this.database
      .prepare(`SELECT id, name FROM entry WHERE id BETWEEN @first AND @last ${narrowing(text)} ${sql}`)
      .iterate({ ...values, first, last, like: likeOf(text) }) as IterableIterator<Row>
    return { rows, end }
  }

  private nextView(after: number, imageId: number | null): { id: number; entryCount: number } | undefined {
    const from = Math.floor((after + 1) / VIEW_SPAN)
    if (imageId === null) return this.selectNextOfAll.get(from) as { id: number; entryCount: number } | undefined
    const [low, high] = within(this.locationOf(imageId))
    return this.selectNextView.get({ from, id: imageId, low, high }) as { id: number; entryCount: number } | undefined
  }

  private locationOf(imageId: number): string {
    return (this.selectLocation.get(imageId) as string | undefined) ?? '[]'
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

/** The steps into nested images that a location holds; see locationKey. */
export function insideOf(location: string): InsideStep[] {
  const [, , ...steps] = JSON.parse(location) as [string, string, ...[string, string, number[]?][]]
  return steps.map(([view, path, runs]) => ({ ...(view === '' ? {} : { view }), path, ...(runs ? { runs } : {}) }))
}

/** What SQL can judge by itself. */
function conditions(filter: SearchFilter): { sql: string; values: Record<string, number> } {
  const parts: string[] = []
  const values: Record<string, number> = {}
  const bound = (condition: string, name: string, value: number | null): void => {
    if (value === null) return
    parts.push(`AND ${condition} @${name}`)
    values[name] = value
  }
  bound('byte_length >=', 'minByteLength', filter.minByteLength)
  bound('byte_length <=', 'maxByteLength', filter.maxByteLength)
  bound('modified >=', 'modifiedFrom', filter.modifiedFrom)
  bound('modified <=', 'modifiedTo', filter.modifiedTo)
  if (filter.kinds) parts.push(`AND (flags & ${KIND_MASK}) IN (${filter.kinds.map(kindCode).join(', ')})`)
  return { sql: parts.join(' '), values }
}

/**
 * LIKE folds ASCII only: right for ASCII text in ASCII names, and any other name is looked at closely afterwards. Other
 * text can only be in other names.
 */
function narrowing(text: string): string {
  const beyondAscii = "name GLOB '*[^ -~]*'"
  if (isGlob(text)) return ''
  return isPlainAscii(text) ? `AND (name LIKE @like ESCAPE '\\' OR ${beyondAscii})` : `AND ${beyondAscii}`
}

function likeOf(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`
}

function fitting(filter: SearchFilter): (name: string) => boolean {
  const matches = nameMatcher(filter.text)
  if (!filter.extensions) return matches
  const extensions = filter.extensions.map((extension) => `.${foldName(extension.replace(/^\./, ''))}`)
  return (name) => {
    const folded = foldName(name)
    return extensions.some((extension) => folded.endsWith(extension)) && matches(name)
  }
}

function isGlob(text: string): boolean {
  return /[*?]/.test(text)
}

/** Whether a name holds the text, or fits the glob as a whole. */
export function nameMatcher(text: string): (name: string) => boolean {
  const wanted = foldName(text)
  if (!isGlob(text)) return (name) => foldName(name).includes(wanted)
  const pattern = wanted
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const glob = new RegExp(`^${pattern}$`, 'su')
  return (name) => glob.test(foldName(name))
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
