import type { DiscBucket, SizeNode } from '../../../src-shared/contract/picture-commands'
import type { CommandOutput, CommandRequest } from '../../../src-shared/contract'
import type { RecentImage } from '../../../src-shared/contract/shapes'
import type { EntrySelection } from '../../../src-shared/contract/shapes'
import { NumberRanges } from '../../../src-shared/model'
import {
  connect,
  contentsOf,
  endOfFiles,
  EntryReader,
  ImageStore,
  mapDisc,
  mapSizes,
  nameOrderKey,
  OutlineReader,
  type DirectoryQuery,
  type DiscMeasures,
  type EntryRecord,
} from '../../catalog'
import { collectGarbage } from '../../extract/collect-garbage'
import { Presence } from '../../files/presence'
import { entriesIn, selectedEntries, type SelectedEntries } from './entry-selection'
import { FolderRows } from './folder-rows'
import { Peer, type Methods, type PeerPort, type Served } from '../rpc'

type ViewRef = Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>

/** What the engine asks of the thread that reads the catalog. */
export type QueryMethods = {
  rows(request: { query: DirectoryQuery; offset: number; limit: number }): {
    total: number
    byteTotal: number
    isComplete: boolean
    rows: (EntryRecord & { folder?: string })[]
  }
  rowIds(request: { query: DirectoryQuery; offset: number; limit: number }): { entries: number[]; byteTotal: number }
  rowRanges(request: { query: DirectoryQuery; offset: number; limit: number }): { ranges: number[]; byteTotal: number }
  findRow(request: { query: DirectoryQuery; prefix: string; from: number }): { position: number | null }
  entry(request: { view: ViewRef; entry: number }): EntryRecord & { path: string }
  ancestors(request: { view: ViewRef; entry: number }): { entry: number; name: string }[]
  resolve(request: { view: ViewRef; path: string }): number | null
  paths(request: { view: ViewRef; entries: number[] }): string[]
  /** Null for everything. */
  select(request: { view: ViewRef; entries: EntrySelection }): SelectedEntries | null
  map(request: { view: ViewRef; disc: DiscMeasures | null; buckets: number }): {
    byteTotal: number
    byteThere: number
    freeBytes: number
    isComplete: boolean
    buckets: DiscBucket[]
  }
  sizes(request: { view: ViewRef; directory: number; limit: number }): {
    byteTotal: number
    fileCount: number
    isComplete: boolean
    nodes: SizeNode[]
  }
  folderSizes(request: { view: ViewRef; directories: number[] }): {
    sizes: { entry: number; byteLength: number; fileCount: number }[]
  }
  contents(request: { view: ViewRef; entries: EntrySelection }): { byteLength: number; fileCount: number }
  recent(request: { limit: number }): Promise<RecentImage[]>
  forget(request: { id: number }): void
  folderRows(request: CommandRequest<'folder.rows'>): Promise<CommandOutput<'folder.rows'>>
  findFolderRow(request: CommandRequest<'folder.findRow'>): Promise<number | null>
  /** What a folder lists has changed. */
  forgetFolder(request: { path: string }): void
  /** Nobody looks at an image just now: what is kept for the next question is given back. */
  rest(request: Record<string, never>): void
}

/** Above this many rows their bytes are added up from columns instead of being read one by one. */
const MANY_ROWS = 5000
/** Columns of a large view are worth their memory while one looks at pictures of it. */
const OUTLINE_KEPT_MS = 60_000

/**
 * Serves reads of the catalog and of folders over `port`, in a thread of its own: a sort of a million rows, or a mask over
 * them, blocks nobody else.
 */
export function serveQueries(port: PeerPort, catalogPath: string): void {
  const connection = connect(catalogPath, 'write')
  const reader = new EntryReader(connection)
  const presence = new Presence()
  const store = new ImageStore(connection)
  const outlines = new OutlineReader(connection)
  const folders = new FolderRows()
  let forgetting: NodeJS.Timeout | undefined
  const outlined = (): OutlineReader => {
    clearTimeout(forgetting)
    forgetting = setTimeout(() => {
      outlines.forget()
    }, OUTLINE_KEPT_MS).unref()
    return outlines
  }
  const bytesOf = (query: DirectoryQuery, entries: Uint32Array): number => {
    const known = entries.length > MANY_ROWS ? outlined().outline(query).byteLength : null
    return entries.reduce((sum, entry) => sum + (known?.[entry] ?? reader.row(query, entry).byteLength), 0)
  }
  const methods: Served<QueryMethods> = {
    rows({ query, offset, limit }) {
      const ordered = reader.order(query)
      const window = ordered.entries.subarray(offset, offset + limit)
      return {
        total: ordered.entries.length,
        byteTotal: ordered.byteTotal,
        isComplete: ordered.isComplete,
        rows: query.isDeep ? reader.placedRows(query, window) : reader.rows(query, window),
      }
    },
    rowIds({ query, offset, limit }) {
      const entries = reader.order(query).entries.subarray(offset, offset + limit)
      return { entries: Array.from(entries), byteTotal: bytesOf(query, entries) }
    },
    rowRanges({ query, offset, limit }) {
      const ordered = reader.order(query)
      const isAll = offset === 0 && limit >= ordered.entries.length
      const children = isAll && !query.isDeep ? reader.wholeChildRange(query, query.directory) : null
      // Nothing is hidden: they are all that the directory has, and need not be looked at.
      if (children && children[1] > 0 && children[1] === ordered.entries.length)
        return { ranges: children, byteTotal: ordered.byteTotal }
      const entries = ordered.entries.slice(offset, offset + limit)
      const byteTotal = isAll ? ordered.byteTotal : bytesOf(query, entries)
      return { ranges: NumberRanges.ofSorted(entries.sort()).flat(), byteTotal }
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
    select: ({ view, entries }) => selectedEntries(reader, view, entries),
    paths: ({ view, entries }) => entries.map((entry) => reader.pathOf(view, entry)),
    map({ view, disc, buckets }) {
      const outline = outlined().outline(view)
      const end = endOfFiles(outline)
      const byteTotal = Math.max(end, disc?.byteTotal ?? 0)
      const measures = { structures: [], ...disc, byteTotal, byteThere: disc?.byteThere ?? byteTotal }
      const { buckets: list, freeBytes } = mapDisc(outline, measures, buckets)
      return {
        byteTotal,
        byteThere: Math.min(byteTotal, measures.byteThere),
        freeBytes,
        isComplete: outline.isComplete,
        buckets: list.map((bucket) => ({
          ...bucket,
          largest: bucket.largest && { ...bucket.largest, path: reader.pathOf(view, bucket.largest.entry) },
        })),
      }
    },
    sizes({ view, directory, limit }) {
      const outline = outlined().outline(view)
      const sums = outlines.sums(view)
      const nodes = mapSizes(outline, sums, directory, limit)
      return {
        byteTotal: sums.byteLength[directory] ?? 0,
        fileCount: sums.fileCount[directory] ?? 0,
        isComplete: outline.isComplete,
        nodes: nodes.map((node) => ({ ...node, name: node.entry === null ? '' : reader.row(view, node.entry).name })),
      }
    },
    folderSizes({ view, directories }) {
      const { byteLength, fileCount } = outlined().sums(view)
      return {
        sizes: directories.map((entry) => ({
          entry,
          byteLength: byteLength[entry] ?? 0,
          fileCount: fileCount[entry] ?? 0,
        })),
      }
    },
    contents({ view, entries }) {
      return contentsOf(outlined().outline(view), outlines.sums(view), entriesIn(entries))
    },
    async recent({ limit }) {
      const images = store.recent(limit)
      const online = await presence.ask(images.map((image) => image.path))
      return images.map((image, i) => ({ ...image, isOnline: online[i] ?? false }))
    },
    forget: ({ id }) => {
      store.forget(id)
    },
    folderRows: (request, { signal }) => folders.rows(request, signal),
    findFolderRow: (request, { signal }) => folders.find(request, signal),
    forgetFolder: (request) => {
      folders.forget(request.path)
    },
    rest: () => {
      outlines.forget()
      connection.pragma('shrink_memory')
      collectGarbage()
    },
  }
  new Peer<Methods>(port, methods)
}
