import { call, on } from '../api'
import { ROW_WINDOW_LIMIT, type ResultSorting, type SearchFilter, type Sorting } from '../../../src-shared/contract'
import type { PaneRow, RowKey, RowSource, RowWindow } from './row-source'
import { columnOf } from './columns'
import { keyOfHit } from './hit-key'

export interface ResultSource extends RowSource {
  /** The engine's number for the results; null where nothing was asked. */
  search: number | null
  close(): void
}

export function sortOfResults({ column, descending }: Sorting): ResultSorting {
  return { column: columnOf(column).ofResults ?? 'found', descending }
}

/** Searches that go on, by their number: who wants to know that there is more. */
const growing = new Map<number, () => void>()
on('search.progress', ({ search, isDone }) => {
  growing.get(search)?.()
  if (isDone) growing.delete(search)
})

const NOTHING: RowWindow = { total: 0, byteTotal: 0, isComplete: true, freeBytes: null, isWritable: false, rows: [] }

/** The rows of a search, which the engine keeps; an empty text finds nothing. */
export async function searchSource(filter: SearchFilter, onGrown: () => void): Promise<ResultSource> {
  if (filter.text.trim() === '')
    return {
      fetch: () => Promise.resolve(NOTHING),
      keys: () => Promise.resolve({ keys: [], byteTotal: 0 }),
      find: () => Promise.resolve(null),
      search: null,
      close: () => undefined,
    }
  const { search } = await call('search.open', filter)
  growing.set(search, onGrown)
  const fetch: RowSource['fetch'] = async (query, offset, limit, signal) => {
    const request = { search, sort: sortOfResults(query.sort), offset, limit }
    const answer = await call('search.rows', request, { signal })
    const rows = answer.rows.map((hit): PaneRow => ({
      key: keyOfHit(hit),
      name: hit.name,
      kind: hit.kind,
      byteLength: hit.byteLength,
      modified: hit.modified,
      mode: null,
      owner: null,
      target: null,
      hidden: false,
      status: hit.status,
      looksLikeImage: false,
      childCount: null,
      position: null,
      hit,
    }))
    return { ...NOTHING, total: answer.total, isComplete: answer.isDone, isCut: answer.isCut, rows }
  }
  return {
    fetch,
    async keys(query, offset, limit) {
      const keys: RowKey[] = []
      let byteTotal = 0
      for (let done = 0; done < limit; done += ROW_WINDOW_LIMIT) {
        const { rows } = await fetch(query, offset + done, Math.min(ROW_WINDOW_LIMIT, limit - done))
        for (const row of rows) {
          keys.push(row.key)
          byteTotal += row.byteLength
        }
        if (rows.length < ROW_WINDOW_LIMIT) break
      }
      return { keys, byteTotal }
    },
    async find(query, prefix, from) {
      const wanted = prefix.toLocaleLowerCase()
      for (let offset = from; ; offset += ROW_WINDOW_LIMIT) {
        const { rows } = await fetch(query, offset, ROW_WINDOW_LIMIT)
        const at = rows.findIndex((row) => row.name.toLocaleLowerCase().startsWith(wanted))
        if (at >= 0) return offset + at
        if (rows.length < ROW_WINDOW_LIMIT) return null
      }
    },
    search,
    close() {
      growing.delete(search)
      call('result.close', { result: search }).catch(() => undefined)
    },
  }
}
