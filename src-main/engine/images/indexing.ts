import type { ImageInfo } from '../../../src-shared/model'
import { EntryWriter, findView, ImageStore, ViewTakenOverError, type Connection } from '../../catalog'
import type { DiscImage, EntryTable } from '../../image'
import { collectGarbage } from '../../extract/collect-garbage'
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
  /** The tree of the default view, once it has been read; it is gone afterwards. */
  onDefaultTree: (table: EntryTable) => void
  onProgress: (progress: { view: string; entryCount: number; isDone: boolean }) => void
  /** Counts and diagnostics have grown. */
  onInfo: (info: ImageInfo) => void
}

/** From here on a table is worth clearing away as soon as it is written. */
const LARGE_TABLE = 200_000
const BATCH_ENTRIES = 20_000
/** Entries of one transaction: a folder of a million is shown as it grows, and ranges are answered in between. */
const WRITTEN_AT_ONCE = 100_000
const FLUSH_EVERY_MS = 250
/** Between batches the thread answers whatever came meanwhile: ranges for previews do not wait for an index. */
const TURN_EVERY_MS = 20
/** Another copy of the program that has written nothing for so long is not there any more. */
const OTHER_ENDED_AFTER_MS = 5000

/** Writes every view of an image into the catalog, the default one first. A closed image ends it quietly. */
export async function indexImage(request: IndexRequest): Promise<void> {
  const { image, database, imageId, generation } = request
  const store = new ImageStore(database)
  const { indexed } = request
  const differences = new ViewDifferences()
  if (indexed.has(image.info.defaultViewId)) request.onFirstRows()
  try {
    for (const view of inReadingOrder(image.info.views)) {
      if (indexed.has(view.id)) continue
      const entryCount = await indexView(request, view.id, (table) => {
        differences.add(image.view(view.id), table)
        if (view.id === image.info.defaultViewId) request.onDefaultTree(table)
      })
      if (entryCount === null) return
      // Gone by now: neither the next view nor a pane that sorts what was read shall have to do beside it.
      if (entryCount > LARGE_TABLE) collectGarbage()
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
    if (error instanceof ViewTakenOverError) await untilOtherIsDone(request)
    else if (!request.signal.aborted) throw error
  }
}

/**
 * Another copy of the program indexes the same image: its entries are as good, and are waited for. Where it comes no
 * further, it has ended, and this one goes on in its place.
 */
async function untilOtherIsDone(request: IndexRequest): Promise<void> {
  const { image, database, imageId, generation, signal } = request
  const store = new ImageStore(database)
  const indexed = new Map(request.indexed)
  request.onFirstRows()
  for (const view of inReadingOrder(image.info.views)) {
    const ref = { imageId, generation, view: view.id }
    let entryCount = -1
    let grownAt = Date.now()
    while (!signal.aborted && findView(database, ref)?.isComplete !== true) {
      await new Promise((resolve) => setTimeout(resolve, FLUSH_EVERY_MS))
      const now = store.entryCount(ref)
      if (now !== entryCount) grownAt = Date.now()
      else if (Date.now() - grownAt > OTHER_ENDED_AFTER_MS) return indexImage({ ...request, indexed })
      entryCount = now
    }
    if (signal.aborted) return
    indexed.set(view.id, store.entryCount(ref))
    const views = image.info.views.map((one) => ({ ...one, entryCount: indexed.get(one.id) ?? one.entryCount }))
    request.onInfo({ ...image.info, views })
    request.onProgress({ view: view.id, entryCount: store.entryCount(ref), isDone: true })
  }
}

/** @returns how many entries there are; null where the image was closed meanwhile */
async function indexView(
  request: IndexRequest,
  viewKey: string,
  onTable: (table: EntryTable) => void,
): Promise<number | null> {
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
  let isShown = false
  const turn = async (): Promise<void> => {
    if (Date.now() - lastTurn < TURN_EVERY_MS) return
    await new Promise((resolve) => setImmediate(resolve))
    lastTurn = Date.now()
  }
  const report = (entryCount: number): void => {
    if (!isShown) request.onFirstRows()
    isShown = true
    request.onProgress({ view: viewKey, entryCount: Math.max(0, entryCount), isDone: false })
  }
  const flush = async (table: EntryTable, end: number, isTold = true): Promise<void> => {
    while (written < end && !request.signal.aborted) {
      const until = Math.min(end, written + WRITTEN_AT_ONCE)
      writer.write(table, written, until)
      written = until
      lastFlush = Date.now()
      if (isTold) report(until - 1)
      await turn()
    }
  }
  const table = await request.image.view(viewKey).readTree({
    signal: request.signal,
    onBatch: async (batch, _first, end) => {
      if (written === 0 || end - written >= BATCH_ENTRIES || Date.now() - lastFlush >= FLUSH_EVERY_MS)
        await flush(batch, end)
      await turn()
    },
    onBeginning: async (batch, directory, first, end) => {
      await flush(batch, first, false)
      if (request.signal.aborted) return
      writer.writeBeginning(batch, directory, first, end)
      report(end - 1)
      await turn()
    },
  })
  if (!request.signal.aborted) await flush(table, table.length)
  if (request.signal.aborted) return null
  writer.finish()
  request.onProgress({ view: viewKey, entryCount: table.length - 1, isDone: true })
  onTable(table)
  return table.length
}
