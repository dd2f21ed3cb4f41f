import path from 'node:path'
import type { CommandRequest, HashAlgorithm, libraryCommands, ViewRef } from '../../src-shared/contract'
import { IsoldeError } from '../../src-shared/contract/errors'
import { NumberRanges } from '../../src-shared/model'
import type { SearchFilter } from '../catalog'
import { entriesIn } from './entry-selection'
import type { Call, Handlers } from './handler-types'
import type { StoredViewRef } from './export-request'
import type { EngineParts } from './parts'
import { startJob } from './start-job'

type LibraryCommand = keyof typeof libraryCommands

const INDEXING_POLL_MS = 100
const EXPORT_PIECE = 1 << 20

/** One small function for every command about what the catalog knows across images. */
export function makeLibraryHandlers(parts: EngineParts): Pick<Handlers, LibraryCommand> {
  const library = () => parts.library().peer
  const hashing = new Hashing(parts)

  return {
    'search.run': async ({ limit, after, ...filter }) => {
      const { hits, next } = await library().call('search', { filter: filterOf(filter), after, limit })
      return { hits, next, hasMore: next !== null }
    },
    'search.open': async (filter) => ({ search: await library().call('openSearch', filterOf(filter)) }),
    'search.rows': (request) => library().call('searchRows', request),

    'library.list': ({ state, offset, limit, ...query }) => library().call('list', { query, state, offset, limit }),
    'library.update': async ({ ids, ...changes }) => {
      await library().call('update', { ids, changes })
      parts.emit('library.changed', {})
      return {}
    },
    'library.forget': async ({ ids }) => {
      for (const id of ids) await parts.images.end(id)
      await library().call('forget', { ids })
      parts.emit('library.changed', {})
      return {}
    },
    'catalog.status': () => library().call('catalogSize', undefined),
    'catalog.clean': async () => {
      const forgotten = await parts.cleanCatalog(true)
      return { ...(await library().call('catalogSize', undefined)), forgotten }
    },
    'library.folders': async () => ({ folders: await parts.keeper.list() }),
    'library.addFolder': async ({ path: folder }) => {
      await parts.keeper.add(path.resolve(folder))
      return {}
    },
    'library.removeFolder': async ({ path: folder }) => {
      await parts.keeper.remove(path.resolve(folder))
      return {}
    },

    'compare.open': async ({ left, right, content }, call) => {
      for (const ref of [left, right]) await untilIndexed(parts, stored(ref), call.signal)
      const sides = { left: stored(left), right: stored(right) }
      const compare = () => library().call('compare', { ...sides, algorithm: content })
      let found = await compare()
      if (content && found.candidates.left.length + found.candidates.right.length > 0) {
        for (const side of ['left', 'right'] as const)
          if (found.candidates[side].length > 0)
            // An image that is away leaves its files unproven, which the counts say.
            await hashing.runWherePossible(sides[side], found.candidates[side], content, call)
        await library().call('close', { result: found.comparison })
        found = await compare()
      }
      const { comparison, total, counts } = found
      return { comparison, total, counts }
    },
    'compare.rows': async (request) => ({ rows: await library().call('comparisonRows', request) }),

    'duplicates.open': async ({ image, minByteLength, byContent }, call) => {
      const query = { imageId: image, minByteLength, algorithm: 'blake3' as const }
      let offlineCount = 0
      const open = image === null ? null : parts.images.get(image).opened
      // Nothing can be said of an image that is still being read.
      if (open) {
        const { generation, info } = open
        await untilIndexed(parts, { imageId: open.image, generation, view: info.defaultViewId }, call.signal)
      }
      const isOpen = (id: number): boolean => parts.images.find(id)?.opened.isRemembered === false
      if (byContent)
        for (const { entries, isOnline, ...ref } of await library().call('duplicateCandidates', query))
          if (!(isOnline || isOpen(ref.imageId)) || !(await hashing.runWherePossible(ref, entries, 'blake3', call)))
            offlineCount++
      return { ...(await library().call('duplicates', query)), offlineCount }
    },
    'duplicates.rows': async (request) => ({ rows: await library().call('duplicateRows', request) }),

    'result.close': async ({ result }) => {
      await library().call('close', { result })
      return {}
    },
    'export.open': async (request) => {
      if (request.what === 'search') return library().call('writeExport', request)
      const { image, entries, ...rest } = request
      return library().call('writeExport', { ...rest, entries: entries && entriesIn(entries), imageId: image })
    },
    'export.read': async ({ export: id, byteOffset }) => ({
      bytes: await library().call('readExport', { export: id, byteOffset, byteLength: EXPORT_PIECE }),
    }),
  }
}

/** Hashing on behalf of commands: jobs of the queue, which are watched, paused and cancelled there too. */
class Hashing {
  constructor(private readonly parts: EngineParts) {}

  /**
   * Computes the hashes of entries that are not known yet; answers whether the image could be read, instead of failing.
   * @throws {IsoldeError} `CANCELLED`
   */
  async runWherePossible(
    ref: StoredViewRef,
    entries: number[],
    algorithm: HashAlgorithm,
    { signal }: Call,
  ): Promise<boolean> {
    const { jobs } = this.parts
    const { imageId: image, generation, view } = ref
    const ranges = NumberRanges.of(entries).flat()
    signal.throwIfAborted()
    const spec = { image, generation, view, entries: { ranges }, algorithm }
    const job = await startJob(this.parts, { kind: 'hash', spec }, true).catch(() => null)
    if (job === null) return false
    const cancel = (): void => {
      jobs.cancel(job)
    }
    signal.addEventListener('abort', cancel, { once: true })
    if (signal.aborted) cancel()
    const { state } = await jobs.ended(job)
    signal.removeEventListener('abort', cancel)
    if (state === 'cancelled') throw new IsoldeError('CANCELLED', 'Cancelled.')
    // What asked for it tells how it came out.
    jobs.dismiss(job)
    return state === 'done'
  }
}

/** Waits while a view is being indexed. @throws {IsoldeError} `ENTRY_GONE` where nothing indexes it */
async function untilIndexed(parts: EngineParts, ref: StoredViewRef, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) throw new IsoldeError('CANCELLED', 'Cancelled.')
    if (await parts.library().peer.call('isIndexed', ref)) return
    if (parts.images.find(ref.imageId)?.opened.generation !== ref.generation)
      throw new IsoldeError('ENTRY_GONE', 'The image is not indexed as it is now. Open it again.')
    await new Promise((resolve) => setTimeout(resolve, INDEXING_POLL_MS))
  }
}

function stored({ image, generation, view }: ViewRef): StoredViewRef {
  return { imageId: image, generation, view }
}

function filterOf({ image, ...filter }: CommandRequest<'search.open'>): SearchFilter {
  return { ...filter, imageId: image }
}
