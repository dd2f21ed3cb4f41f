import type { ImageInfo } from '../../src-shared/model'
import { EntryWriter, ImageStore, type Connection } from '../catalog'
import type { DiscImage, EntryTable } from '../image'
import { collectGarbage } from './collect-garbage'
import { inReadingOrder, ViewDifferences } from './view-differences'

export interface IndexRequest {
  image: DiscImage
  database: Connection
  imageId: number
  generation: number
  /** Views that are in the catalog already, with their counts of entries. */
  indexed: ReadonlyMap<string, number>
  signal: AbortSignal
  /** The first directory of the default view can be shown. */
  onFirstRows: () => void
  onProgress: (progress: { view: string; entryCount: number; isDone: boolean }) => void
  /** Counts and diagnostics have grown. */
  onInfo: (info: ImageInfo) => void
}

/** From here on a table is worth clearing away before the next view is read. */
const LARGE_TABLE = 200_000
const BATCH_ENTRIES = 20_000
const FLUSH_EVERY_MS = 250
/** Between batches the thread answers whatever came meanwhile: ranges for previews do not wait for an index. */
const TURN_EVERY_MS = 20

/** Writes every view of an image into the catalog, the default one first. A closed image ends it quietly. */
export async function indexImage(request: IndexRequest): Promise<void> {
  const { image, database, imageId, generation } = request
  const store = new ImageStore(database)
  const { indexed } = request
  const differences = new ViewDifferences()
  let isLarge = false
  if (indexed.has(image.info.defaultViewId)) request.onFirstRows()
  try {
    for (const view of inReadingOrder(image.info.views)) {
      if (indexed.has(view.id)) continue
      if (isLarge) collectGarbage()
      const table = await indexView(request, view.id)
      if (!table) return
      differences.add(view, table)
      isLarge = table.length > LARGE_TABLE
      const { info } = image
      const grown = {
        ...info,
        views: info.views.map((known) => ({ ...known, entryCount: known.entryCount ?? indexed.get(known.id) ?? null })),
        diagnostics: [...info.diagnostics, ...differences.diagnostics],
      }
      store.updateInfo(imageId, grown)
      request.onInfo(grown)
    }
    store.dropOldGenerations(imageId, generation)
    database.pragma('optimize')
  } catch (error) {
    if (!request.signal.aborted) throw error
  }
}

/** @returns null where the image was closed meanwhile */
async function indexView(request: IndexRequest, viewKey: string): Promise<EntryTable | null> {
  const writer = new EntryWriter(
    request.database,
    request.imageId,
    request.generation,
    viewKey,
    viewKey === request.image.info.defaultViewId,
  )
  let written = 0
  let lastFlush = 0
  let lastTurn = Date.now()
  const flush = (table: EntryTable, end: number): void => {
    writer.write(table, written, end)
    written = end
    lastFlush = Date.now()
    request.onProgress({ view: viewKey, entryCount: Math.max(0, end - 1), isDone: false })
  }
  const table = await request.image.view(viewKey).readTree({
    signal: request.signal,
    onBatch: async (batch, _first, end) => {
      const now = Date.now()
      if (written === 0 || end - written >= BATCH_ENTRIES || now - lastFlush >= FLUSH_EVERY_MS) {
        const isFirst = written === 0
        flush(batch, end)
        if (isFirst) request.onFirstRows()
      }
      if (now - lastTurn < TURN_EVERY_MS) return
      await new Promise((resolve) => setImmediate(resolve))
      lastTurn = Date.now()
    },
  })
  if (request.signal.aborted) return null
  if (table.length > written) flush(table, table.length)
  writer.finish()
  request.onProgress({ view: viewKey, entryCount: table.length - 1, isDone: true })
  return table
}
