import type { Connection } from './database'
import { EntrySearch, type SearchFilter, type SearchHit } from './entry-search'
import { nameOrderKey } from './name-order'

export const RESULT_COLUMNS = ['found', 'name', 'size', 'modified', 'kind', 'image', 'path'] as const
export type ResultColumn = (typeof RESULT_COLUMNS)[number]

export interface ResultSorting {
  column: ResultColumn
  descending: boolean
}

/** Found entries that are kept as numbers, eight bytes each; more than this nobody reads. */
export const RESULT_LIMIT = 1_000_000

const ORDERS: Record<Exclude<ResultColumn, 'found'>, string> = {
  name: 'entry.name',
  size: 'entry.byte_length',
  modified: 'coalesce(entry.modified, -9e15)',
  kind: 'entry.flags & 15',
  image: 'image.name',
  path: 'entry.name',
}

/** The results of one search, growing while it goes on: rowids in the order in which they were found. */
export class SearchResults {
  private readonly ids: number[] = []
  private after = -1
  private sorted: { key: string; ids: number[] } | null = null
  isDone = false
  private readonly search: EntrySearch

  constructor(
    private readonly database: Connection,
    private readonly filter: SearchFilter,
  ) {
    this.search = new EntrySearch(database)
  }

  get total(): number {
    return this.ids.length
  }

  /** Whether there was more than is kept. */
  get isCut(): boolean {
    return this.ids.length >= RESULT_LIMIT
  }

  /** Searches on for about `budgetMs`. */
  proceed(budgetMs: number): void {
    if (this.isDone) return
    const { found, next } = this.search.step(this.filter, this.after, RESULT_LIMIT - this.ids.length, budgetMs)
    for (const id of found) this.ids.push(id)
    if (next === null || this.isCut) this.isDone = true
    else this.after = next
  }

  rows(sort: ResultSorting, offset: number, limit: number): SearchHit[] {
    return this.inOrder(sort)
      .slice(offset, offset + limit)
      .flatMap((id) => this.search.describe(id) ?? [])
  }

  *all(sort: ResultSorting): Generator<SearchHit> {
    for (const id of this.inOrder(sort)) {
      const hit = this.search.describe(id)
      if (hit) yield hit
    }
  }

  private inOrder({ column, descending }: ResultSorting): number[] {
    if (column === 'found') return this.ids
    const key = `${column} ${descending} ${this.ids.length}`
    if (this.sorted?.key === key) return this.sorted.ids
    const keyOf = this.keys(column)
    const keyed = this.ids.map((id) => ({ id, key: keyOf(id) }))
    const sign = descending ? -1 : 1
    keyed.sort((a, b) => (a.key < b.key ? -sign : a.key > b.key ? sign : a.id - b.id))
    this.sorted = { key, ids: keyed.map(({ id }) => id) }
    return this.sorted.ids
  }

  private keys(column: Exclude<ResultColumn, 'found'>): (id: number) => string | number {
    if (column === 'path') return (id) => nameOrderKey(this.search.describe(id)?.path ?? '')
    const isImage = column === 'image'
    const select = this.database
      .prepare(
        `SELECT ${ORDERS[column]} FROM entry ${isImage ? 'JOIN view ON view.id = entry.id >> 28 JOIN image ON image.id = view.image_id' : ''} WHERE entry.id = ?`,
      )
      .pluck()
    return (id) => {
      const value = select.get(id) as string | number | undefined
      return typeof value === 'string' ? nameOrderKey(value) : (value ?? 0)
    }
  }
}
