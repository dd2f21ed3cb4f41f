import type { RecentImage } from '../../src-shared/contract/shapes'
import {
  connect,
  EntryReader,
  EntrySearch,
  ImageStore,
  nameOrderKey,
  type DirectoryQuery,
  type EntryRecord,
  type SearchHit,
  type SearchQuery,
} from '../catalog'
import { pathIsThere } from '../files/listing'
import { Peer, type Methods, type PeerPort } from './peer'

type ViewRef = Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>

/** What the engine asks of the thread that reads the catalog. */
export type QueryMethods = {
  rows(request: { query: DirectoryQuery; offset: number; limit: number }): {
    total: number
    byteTotal: number
    isComplete: boolean
    rows: EntryRecord[]
  }
  rowIds(request: { query: DirectoryQuery; offset: number; limit: number }): { entries: number[]; byteTotal: number }
  findRow(request: { query: DirectoryQuery; prefix: string; from: number }): { position: number | null }
  entry(request: { view: ViewRef; entry: number }): EntryRecord & { path: string }
  ancestors(request: { view: ViewRef; entry: number }): { entry: number; name: string }[]
  resolve(request: { view: ViewRef; path: string }): number | null
  paths(request: { view: ViewRef; entries: number[] }): string[]
  search(request: SearchQuery): { hits: (SearchHit & { isOnline: boolean })[]; hasMore: boolean }
  recent(request: { limit: number }): RecentImage[]
  forget(request: { id: number }): void
}

/** Serves reads of the catalog over `port`, in a thread of its own: a sort of a million rows blocks nobody else. */
export function serveQueries(port: PeerPort, catalogPath: string): void {
  const connection = connect(catalogPath, 'write')
  const reader = new EntryReader(connection)
  const finder = new EntrySearch(connection)
  const store = new ImageStore(connection)
  const methods: QueryMethods = {
    rows({ query, offset, limit }) {
      const ordered = reader.order(query)
      const window = ordered.entries.subarray(offset, offset + limit)
      return {
        total: ordered.entries.length,
        byteTotal: ordered.byteTotal,
        isComplete: ordered.isComplete,
        rows: reader.rows(query, window),
      }
    },
    rowIds({ query, offset, limit }) {
      const entries = Array.from(reader.order(query).entries.subarray(offset, offset + limit))
      const byteTotal = entries.reduce((sum, entry) => sum + reader.row(query, entry).byteLength, 0)
      return { entries, byteTotal }
    },
    findRow({ query, prefix, from }) {
      const { entries } = reader.order(query)
      const wanted = nameOrderKey(prefix)
      for (let step = 0; step < entries.length; step++) {
        const position = (from + step) % entries.length
        const { name } = reader.row(query, entries[position] ?? 0)
        if (nameOrderKey(name).startsWith(wanted)) return { position }
      }
      return { position: null }
    },
    entry: ({ view, entry }) => ({ ...reader.row(view, entry), path: reader.pathOf(view, entry) }),
    ancestors: ({ view, entry }) => reader.ancestors(view, entry),
    resolve: ({ view, path }) => reader.resolve(view, path),
    paths: ({ view, entries }) => entries.map((entry) => reader.pathOf(view, entry)),
    search(request) {
      const { hits, hasMore } = finder.search(request)
      return { hits: hits.map((hit) => ({ ...hit, isOnline: pathIsThere(hit.imagePath) })), hasMore }
    },
    recent: ({ limit }) => store.recent(limit).map((image) => ({ ...image, isOnline: pathIsThere(image.path) })),
    forget: ({ id }) => {
      store.forget(id)
    },
  }
  new Peer<Methods>(port, methods)
}
