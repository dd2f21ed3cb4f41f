import { because, saidOf, type Said } from '../../../src-shared/model'
import { IsoldeError } from '../../../src-shared/contract/errors'
import {
  catalogSize,
  cleanCatalog,
  compact,
  connect,
  Duplicates,
  duplicateCandidates,
  EntrySearch,
  findView,
  ImageStore,
  LibraryStore,
  NestedImages,
  SearchResults,
  TreeComparison,
  TrustStore,
  WatchedFolders,
  type CatalogSize,
  type CleaningRules,
  type ComparisonCounts,
  type ComparisonRow,
  type Connection,
  type DuplicateQuery,
  type DuplicateRow,
  type FileFacts,
  type ImageAsItIs,
  type HashAlgorithm,
  type KnownImage,
  type LibraryChanges,
  type LibraryQuery,
  type LibraryRecord,
  type ResultSorting,
  type SearchFilter,
  type SearchHit,
} from '../../catalog'
import { Presence } from '../../files/presence'
import { exportPieces, type ExportOf, type StoredViewRef, ExportFile } from '../images'
import { Peer, type PeerPort } from '../rpc'

type OnlineHit = SearchHit & { isOnline: boolean }
type Facet = { name: string; count: number }

/** What the engine asks of the thread that knows about all images at once. */
export type LibraryMethods = {
  search(request: { filter: SearchFilter; after: number; limit: number }): Promise<{
    hits: OnlineHit[]
    next: number | null
  }>
  openSearch(filter: SearchFilter): number
  searchRows(request: { search: number; sort: ResultSorting; offset: number; limit: number }): Promise<{
    total: number
    isDone: boolean
    isCut: boolean
    rows: OnlineHit[]
  }>
  list(request: {
    query: LibraryQuery
    state: 'all' | 'online' | 'offline'
    offset: number
    limit: number
  }): Promise<{ total: number; rows: (LibraryRecord & { isOnline: boolean })[]; groups: Facet[]; tags: Facet[] }>
  update(request: { ids: number[]; changes: LibraryChanges }): void
  forget(request: { ids: number[] }): void
  /** Where an image is and how its names were read; null where the catalog does not know it (any more). */
  source(request: { imageId: number }): { record: LibraryRecord; charset: string | null } | null
  /** What an image was when it was last there. */
  recall(request: { location: string }): Omit<KnownImage, 'indexed'> | null
  isIndexed(ref: StoredViewRef): boolean
  /** What was found when an image was last checked, whose file is like that; null without. */
  trustReport(image: Omit<ImageAsItIs, 'charset'>): unknown
  compare(request: { left: StoredViewRef; right: StoredViewRef; algorithm: HashAlgorithm | null }): Promise<{
    comparison: number
    total: number
    counts: ComparisonCounts
    candidates: { left: number[]; right: number[] }
  }>
  comparisonRows(request: { comparison: number; offset: number; limit: number }): ComparisonRow[]
  duplicateCandidates(
    query: DuplicateQuery,
  ): Promise<{ imageId: number; generation: number; view: string; entries: number[]; isOnline: boolean }[]>
  duplicates(query: DuplicateQuery): Promise<{
    duplicates: number
    total: number
    groupCount: number
    provenBytes: number
    possibleBytes: number
  }>
  duplicateRows(request: {
    duplicates: number
    offset: number
    limit: number
  }): Promise<((DuplicateRow & { row: 'group' }) | (DuplicateRow & { row: 'entry'; isOnline: boolean }))[]>
  writeExport(request: ExportOf): Promise<{ export: number; name: string; byteLength: number }>
  readExport(request: { export: number; byteOffset: number; byteLength: number }): Uint8Array
  close(request: { result: number }): void
  folders(): string[]
  addFolder(request: { path: string }): void
  removeFolder(request: { path: string }): void
  knownFiles(request: { folder: string }): Map<string, FileFacts>
  refuse(request: { path: string; facts: FileFacts; why: Said }): void
  forgive(request: { paths: string[] }): void
  refused(request: { folder: string }): { path: string; why: Said }[]
  /** Removes what is kept of an image's entries; that it is known stays. */
  dropEntries(request: { image: number }): void
  /** How far what an image carries was looked into; see NestedImages. */
  insideDepth(request: { location: string; facts: FileFacts }): number
  noteInsideDepth(request: { location: string; depth: number }): void
  /** Forgets images within another one that are not among those that are `there`, nor within those that were `left`. */
  forgetInside(request: { location: string; there: string[]; left: string[] }): void
  catalogSize(): CatalogSize
  /** Forgets what `rules` let go; answers which images that were. */
  clean(request: { rules: CleaningRules; inUse: number[]; isCompacting: boolean }): number[]
}

export type LibraryOwnerMethods = {
  searchProgress(progress: { search: number; total: number; isDone: boolean; isCut: boolean }): void
}

/** A search works this long before the thread answers others. */
const TURN_MS = 25
/** One `search` answers after this long with whatever it has. */
const ANSWER_MS = 80
const TELL_EVERY_MS = 100
/** The oldest goes when there are more: a window that vanished closes nothing. */
const RESULTS_KEPT = 24

type Result = SearchResults | TreeComparison | Duplicates | ExportFile

/** Serves what is known across images over `port`, in a thread of its own. */
export function serveLibrary(port: PeerPort, catalogPath: string): void {
  const service = new LibraryService(connect(catalogPath, 'write'))
  service.owner = new Peer<LibraryOwnerMethods>(port, service.methods)
}

class LibraryService {
  owner!: Peer<LibraryOwnerMethods>
  private readonly finder: EntrySearch
  private readonly library: LibraryStore
  private readonly images: ImageStore
  private readonly folders: WatchedFolders
  private readonly nested: NestedImages
  private readonly presence = new Presence()
  private readonly results = new Map<number, Result>()
  private lastResult = 0

  constructor(private readonly database: Connection) {
    this.finder = new EntrySearch(database)
    this.library = new LibraryStore(database)
    this.images = new ImageStore(database)
    this.folders = new WatchedFolders(database)
    this.nested = new NestedImages(database)
  }

  readonly methods: LibraryMethods = {
    search: async ({ filter, after, limit }) => {
      const { found, next } = this.finder.step(filter, after, limit, ANSWER_MS)
      return { hits: await this.withPresence(found.flatMap((id) => this.finder.describe(id) ?? [])), next }
    },
    openSearch: (filter) => {
      const results = new SearchResults(this.database, filter)
      const search = this.keep(results)
      void this.goOn(search, results)
      return search
    },
    searchRows: async ({ search, sort, offset, limit }) => {
      const results = this.result(search, SearchResults)
      const { total, isDone, isCut } = results
      return { total, isDone, isCut, rows: await this.withPresence(results.rows(sort, offset, limit)) }
    },
    list: (request) => this.list(request),
    update: ({ ids, changes }) => {
      this.library.update(ids, changes)
    },
    forget: ({ ids }) => {
      for (const id of ids) this.images.forget(id)
    },
    source: ({ imageId }) => {
      const record = this.library.get(imageId)
      return record && { record, charset: this.images.facts(imageId)?.charset ?? null }
    },
    recall: ({ location }) => {
      const known = this.images.recall(location)
      return known && { id: known.id, generation: known.generation, info: known.info }
    },
    trustReport: (image) => new TrustStore(this.database).find(image),
    isIndexed: (ref) => findView(this.database, ref)?.isComplete ?? false,
    compare: async ({ left, right, algorithm }) => {
      const [before, after] = [this.viewId(left), this.viewId(right)]
      const compared = await new TreeComparison(this.database, before, after, algorithm).run()
      const { counts, candidates, length } = compared
      return { comparison: this.keep(compared), total: length, counts, candidates }
    },
    comparisonRows: ({ comparison, offset, limit }) => this.result(comparison, TreeComparison).rows(offset, limit),
    duplicateCandidates: async (query) => {
      const candidates = await duplicateCandidates(this.database, query)
      const paths = candidates.map(({ imageId }) => this.library.get(imageId)?.path ?? '')
      const online = await this.presence.ask(paths)
      return candidates.map((candidate, i) => ({ ...candidate, isOnline: online[i] ?? false }))
    },
    duplicates: async (query) => {
      const found = await Duplicates.find(this.database, query)
      return {
        duplicates: this.keep(found),
        total: found.rowCount,
        groupCount: found.groups.length,
        ...found.shared,
      }
    },
    duplicateRows: async ({ duplicates, offset, limit }) => {
      const rows = this.result(duplicates, Duplicates).rows(offset, limit)
      const online = await this.presence.ask(rows.map((row) => (row.row === 'entry' ? row.imagePath : '')))
      return rows.map((row, i) => (row.row === 'entry' ? { ...row, isOnline: online[i] ?? false } : row))
    },
    writeExport: async (request) => {
      const search = request.what === 'search' ? this.result(request.search, SearchResults) : null
      const file = new ExportFile()
      await file.write(exportPieces(this.database, request, search))
      return { export: this.keep(file), ...file.facts(request) }
    },
    readExport: (request) => this.result(request.export, ExportFile).read(request.byteOffset, request.byteLength),
    close: ({ result }) => {
      this.drop(result)
    },
    folders: () => this.folders.list(),
    addFolder: ({ path }) => {
      this.folders.add(path, Date.now())
    },
    removeFolder: ({ path }) => {
      this.folders.remove(path)
    },
    knownFiles: ({ folder }) => this.folders.known(folder),
    refuse: ({ path, facts, why }) => {
      this.folders.refuse(path, facts, JSON.stringify(saidOf(why)))
    },
    forgive: ({ paths }) => {
      this.folders.forgive(paths)
    },
    refused: ({ folder }) => this.folders.refused(folder).map(({ path, reason }) => ({ path, why: readSaid(reason) })),
    dropEntries: ({ image }) => {
      this.images.dropEntries(image)
    },
    insideDepth: ({ location, facts }) => this.nested.depthOf(location, facts),
    noteInsideDepth: ({ location, depth }) => {
      this.nested.noteDepth(location, depth)
    },
    forgetInside: ({ location, there, left }) => {
      this.nested.forgetOthers(location, there, left)
    },
    catalogSize: () => catalogSize(this.database),
    clean: ({ rules, inUse, isCompacting }) => {
      const forgotten = cleanCatalog(this.database, rules, inUse, Date.now())
      if (isCompacting) compact(this.database)
      return forgotten
    },
  }

  private list: LibraryMethods['list'] = async ({ query, state, offset, limit }) => {
    let records = this.library.list(query)
    if (state !== 'all') {
      const online = await this.presence.ask(records.map((record) => record.path))
      records = records.filter((_, i) => online[i] === (state === 'online'))
    }
    const window = records.slice(offset, offset + limit)
    const online = await this.presence.ask(window.map((record) => record.path))
    const now = Date.now()
    const rows = window.map((record, i) => {
      const isOnline = online[i] ?? false
      return { ...record, isOnline, lastSeen: isOnline ? now : record.lastSeen }
    })
    this.library.seen(
      rows.filter((row) => row.isOnline).map((row) => row.id),
      now,
    )
    return { total: records.length, rows, ...this.library.facets() }
  }

  private async goOn(search: number, results: SearchResults): Promise<void> {
    let toldAt = Date.now()
    while (this.results.has(search)) {
      results.proceed(TURN_MS)
      if (results.isDone || Date.now() - toldAt >= TELL_EVERY_MS) {
        toldAt = Date.now()
        const { total, isDone, isCut } = results
        this.owner.report('searchProgress', { search, total, isDone, isCut })
      }
      if (results.isDone) return
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  private async withPresence(hits: SearchHit[]): Promise<OnlineHit[]> {
    const online = await this.presence.ask(hits.map((hit) => hit.imagePath))
    return hits.map((hit, i) => ({ ...hit, isOnline: online[i] ?? false }))
  }

  private viewId(ref: StoredViewRef): number {
    const view = findView(this.database, ref)
    if (!view) throw new IsoldeError('ENTRY_GONE', 'The image has changed since this was shown. Open it again.')
    return view.id
  }

  private keep(result: Result): number {
    const id = ++this.lastResult
    this.results.set(id, result)
    const oldest = this.results.keys().next().value
    if (this.results.size > RESULTS_KEPT && oldest !== undefined) this.drop(oldest)
    return id
  }

  private drop(id: number): void {
    const result = this.results.get(id)
    this.results.delete(id)
    if (result instanceof ExportFile) result.close()
  }

  private result<R extends Result>(id: number, kind: abstract new (...values: never[]) => R): R {
    const result = this.results.get(id)
    if (!(result instanceof kind))
      throw new IsoldeError('ENTRY_GONE', 'These results are gone. Ask for them again.', because('resultsGone', {}))
    // Used again: goes to the young end.
    this.results.delete(id)
    this.results.set(id, result)
    return result
  }
}

/** As it was noted; earlier versions have noted the sentence alone. */
function readSaid(noted: string): Said {
  try {
    const read = JSON.parse(noted) as Partial<Said> | null
    if (typeof read?.message === 'string') return { ...read, message: read.message }
  } catch {
    // A sentence.
  }
  return { message: noted }
}
