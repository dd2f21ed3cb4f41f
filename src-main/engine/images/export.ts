import { IsoldeError } from '../../../src-shared/contract/errors'
import { csvField, sumLine } from '../../../src-shared/model'
import {
  EntryListing,
  findView,
  HashStore,
  type Connection,
  type ListedEntry,
  type SearchHit,
  type SearchResults,
} from '../../catalog'
import type { ExportOf } from './export-request'

/** The text of an export, piece by piece. CSV has lines as RFC 4180 ends them; JSON is one array. */
export function* exportPieces(
  database: Connection,
  request: ExportOf,
  results: SearchResults | null,
): Generator<string> {
  if (request.what === 'search') {
    if (results) yield* inFormat(request.format, SEARCH_FIELDS, results.all(request.sort))
    return
  }
  const view = findView(database, request)
  if (!view) throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
  if (request.what === 'listing') {
    yield* inFormat(request.format, LISTING_FIELDS, new EntryListing(database).below(view.id, request.entries))
    return
  }
  for (const { path, digest } of new HashStore(database).filesBelow(view, request.entries, request.algorithm))
    if (digest !== null) yield `${sumLine(digest, path)}\n`
}

type Value = string | number | boolean | null
type Fields<T> = Record<string, (row: T) => Value>

const LISTING_FIELDS: Fields<ListedEntry> = {
  path: (row) => row.path,
  kind: (row) => row.kind,
  size: (row) => row.byteLength,
  modified: (row) => timeText(row.modified),
  mode: (row) => (row.mode === null ? null : row.mode.toString(8).padStart(4, '0')),
  uid: (row) => row.uid,
  gid: (row) => row.gid,
  target: (row) => row.target,
  hidden: (row) => row.hidden,
  status: (row) => row.status,
  sha256: (row) => row.sha256,
  blake3: (row) => row.blake3,
}

const SEARCH_FIELDS: Fields<SearchHit> = {
  image: (row) => row.imagePath,
  view: (row) => row.view,
  path: (row) => row.path,
  kind: (row) => row.kind,
  size: (row) => row.byteLength,
  modified: (row) => timeText(row.modified),
  status: (row) => row.status,
}

function* inFormat<T>(format: 'csv' | 'json', fields: Fields<T>, rows: Iterable<T>): Generator<string> {
  const columns = Object.entries(fields)
  if (format === 'csv') {
    yield `${columns.map(([name]) => name).join(',')}\r\n`
    for (const row of rows) yield `${columns.map(([, of]) => csvField(String(of(row) ?? ''))).join(',')}\r\n`
    return
  }
  let lead = '[\n'
  for (const row of rows) {
    yield lead + JSON.stringify(Object.fromEntries(columns.map(([name, of]) => [name, of(row)])))
    lead = ',\n'
  }
  yield lead === '[\n' ? '[]\n' : '\n]\n'
}

/** A date that JavaScript has no words for is left out. */
function timeText(modified: number | null): string | null {
  if (modified === null || Math.abs(modified) > 8.64e15) return null
  return new Date(modified).toISOString().replace(/\.\d+Z$/, 'Z')
}
