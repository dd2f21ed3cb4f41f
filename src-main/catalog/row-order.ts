import type { Connection } from './database'
import { nameFilter, parseMask, type ColumnId } from '../../src-shared/model'
import { DIRECTORY_CODE, HIDDEN_MASK, KIND_MASK, rowidOf } from './entry-codes'
import { nameOrderKey } from './name-order'
import { orderByNumbers } from './radix-order'
import { orderOfTexts } from './text-order'

export interface RowSorting {
  column: ColumnId
  descending: boolean
  foldersFirst: boolean
}

interface OrderRequest {
  sort: RowSorting
  filter: string
  showHidden: boolean
  mask?: string
}

/** Entries of a view as ranges of their numbers: one is what a directory holds, several are what lies below it. */
export interface EntrySpan {
  viewId: number
  parts: readonly EntryRange[]
}

/** The entries `[first, first + count)`. */
export type EntryRange = readonly [first: number, count: number]

/** What every order of a directory needs, whatever it is sorted by; by position in the directory. */
export interface DirectoryFacts {
  /** Positions by name. */
  byName: Uint32Array
  flags: Uint8Array
}

const HASH = '(SELECT hex(digest) FROM entry_hash WHERE entry_hash.entry_id = entry.id ORDER BY algorithm LIMIT 1)'

/** An SQL number, and where entries without one go; or an SQL text, and what it becomes where it is compared. */
type OrderedBy =
  | { number: string; without: 'first' | 'last' }
  | { text: string; as: (value: string | null) => string }
  | 'the order by name'

const ORDERED_BY: Record<ColumnId, OrderedBy> = {
  name: 'the order by name',
  extension: { text: 'name', as: (name) => extensionOf(name ?? '') },
  size: { number: 'byte_length', without: 'first' },
  modified: { number: 'modified', without: 'first' },
  mode: { number: 'mode', without: 'first' },
  owner: { number: 'uid', without: 'first' },
  status: { number: 'flags >> 5', without: 'first' },
  kind: { number: `flags & ${KIND_MASK}`, without: 'first' },
  target: { text: 'target', as: (target) => target?.toLowerCase() ?? '' },
  position: { number: 'disc_position', without: 'last' },
  // Behind every hexadecimal digit: rows without a hash come last.
  hash: { text: HASH, as: (hash) => hash ?? '~' },
}

/** Values read at once. */
const CHUNK = 20_000

/** Reads what the orders of a directory have in common. Worth keeping: names are what takes long. */
export function readDirectoryFacts(database: Connection, span: EntrySpan): DirectoryFacts {
  const byName = orderOfTexts(mapped(names(database, span), nameOrderKey))
  return {
    byName,
    flags: Uint8Array.from(column(database, span, 'flags') as number[]),
  }
}

/**
 * A directory in the order a pane wants it. Ties, and everything that has no number of its own, go by name, so that the
 * order is the same every time.
 */
export function orderRows(
  database: Connection,
  span: EntrySpan,
  facts: DirectoryFacts,
  request: OrderRequest,
): { entries: Uint32Array; byteTotal: number } {
  const { column: sorted, descending, foldersFirst } = request.sort
  const isShown = shownRows(database, span, facts, request)
  const positions = isShown ? facts.byName.filter((position) => isShown[position] === 1) : facts.byName.slice()
  const keys = keysOf(database, span, sorted)
  if (keys) orderByNumbers(positions, keys)
  const entries = grouped(positions, facts, foldersFirst, descending)
  number(entries, span.parts)
  return { entries, byteTotal: byteTotalOf(database, span, isShown) }
}

/** Makes positions in a span the numbers of the entries that are there. */
function number(positions: Uint32Array, parts: readonly EntryRange[]): void {
  const begins: number[] = []
  let length = 0
  for (const [, count] of parts) {
    begins.push(length)
    length += count
  }
  for (let i = 0; i < positions.length; i++) {
    const position = positions[i] ?? 0
    // There are as many parts as a tree is deep.
    let part = begins.length - 1
    while (part > 0 && position < (begins[part] ?? 0)) part--
    positions[i] = position - (begins[part] ?? 0) + (parts[part]?.[0] ?? 0)
  }
}

/** One for each row that is shown; null where all are. */
function shownRows(
  database: Connection,
  span: EntrySpan,
  facts: DirectoryFacts,
  request: OrderRequest,
): Uint8Array | null {
  const matches = nameFilter(request.filter)
  const fits = request.mask ? parseMask(request.mask).fits : null
  if (request.showHidden && !matches && !fits) return null
  const isShown = new Uint8Array(facts.flags.length)
  let position = -1
  for (const name of names(database, span)) {
    position++
    const isHidden = ((facts.flags[position] ?? 0) & HIDDEN_MASK) !== 0 || name.startsWith('.')
    if ((isHidden && !request.showHidden) || (fits && !fits(name))) continue
    if (!matches || matches(name)) isShown[position] = 1
  }
  return isShown
}

/** Numbers to order by, by position; null for the order by name. */
function keysOf(database: Connection, span: EntrySpan, sorted: ColumnId): Float64Array | null {
  const by = ORDERED_BY[sorted]
  if (by === 'the order by name') return null
  if ('text' in by) return ranks([...mapped(chunks<string | null>(database, span, by.text), by.as)])
  const without = by.without === 'last' ? NaN : -Infinity
  const values = column(database, span, by.number) as (number | null)[]
  const keys = Float64Array.from(values, (value) => value ?? without)
  if (by.without === 'first') placeFirst(keys)
  return keys
}

/** Those without a number go right before the least one. */
function placeFirst(keys: Float64Array): void {
  let least = Infinity
  for (const key of keys) if (key > -Infinity && key < least) least = key
  if (least === Infinity) least = 0
  for (let i = 0; i < keys.length; i++) if (keys[i] === -Infinity) keys[i] = least - 1
}

/** The place of each text among the different ones: there are few, and numbers sort quickly. */
function ranks(texts: readonly string[]): Float64Array {
  const distinct = [...new Set(texts)].sort()
  const rankOf = new Map(distinct.map((text, rank) => [text, rank]))
  return Float64Array.from(texts, (text) => rankOf.get(text) ?? 0)
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.')
  return dot > 0 ? name.slice(dot + 1).toLowerCase() : ''
}

/** Folders before files where that is wanted; each group the other way round where that is. */
function grouped(
  positions: Uint32Array,
  facts: DirectoryFacts,
  foldersFirst: boolean,
  descending: boolean,
): Uint32Array {
  if (!foldersFirst) return descending ? positions.reverse() : positions
  const isFolder = (position: number): boolean => ((facts.flags[position] ?? 0) & KIND_MASK) === DIRECTORY_CODE
  const folders = positions.filter((position) => isFolder(position))
  const files = folders.length === 0 ? positions : positions.filter((position) => !isFolder(position))
  if (descending) {
    folders.reverse()
    files.reverse()
  }
  if (folders.length === 0) return files
  const all = new Uint32Array(folders.length + files.length)
  all.set(folders)
  all.set(files, folders.length)
  return all
}

function byteTotalOf(database: Connection, span: EntrySpan, isShown: Uint8Array | null): number {
  let total = 0
  if (!isShown) {
    for (const sum of column(database, span, 'coalesce(sum(byte_length), 0)')) total += Number(sum)
    return total
  }
  const lengths = column(database, span, 'byte_length') as number[]
  lengths.forEach((byteLength, position) => {
    if (isShown[position] === 1) total += byteLength
  })
  return total
}

/** One column at once: five times as fast as row by row. */
function column(database: Connection, { viewId, parts }: EntrySpan, sql: string): unknown[] {
  const statement = database.prepare(`SELECT ${sql} FROM entry WHERE id BETWEEN ? AND ?`).pluck()
  const [only] = parts
  const read = ([first, count]: EntryRange): unknown[] =>
    statement.all(rowidOf(viewId, first), rowidOf(viewId, first + count - 1))
  return parts.length === 1 && only ? read(only) : parts.flatMap(read)
}

function names(database: Connection, span: EntrySpan): Generator<string> {
  return chunks<string>(database, span, 'name')
}

/** Texts a chunk at a time: a million of them at once would be held for as long as the collector likes. */
function* chunks<Text>(database: Connection, { viewId, parts }: EntrySpan, sql: string): Generator<Text> {
  for (const [first, count] of parts)
    for (let done = 0; done < count; done += CHUNK) {
      const chunk: EntryRange = [first + done, Math.min(CHUNK, count - done)]
      yield* column(database, { viewId, parts: [chunk] }, sql) as Text[]
    }
}

function* mapped<Text>(texts: Iterable<Text>, change: (text: Text) => string): Generator<string> {
  for (const text of texts) yield change(text)
}
