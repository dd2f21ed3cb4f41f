import { IsoldeError } from '../../../src-shared/contract/errors'
import type { HashAlgorithm } from '../../../src-shared/contract'
import { NumberRanges } from '../../../src-shared/model'
import type { StoredViewRef } from '../images'
import { startJob } from '../jobs'
import type { Call, Domain } from './handler-types'
import type { EngineServices } from './services'
import { storedView } from './stored-view'

const INDEXING_POLL_MS = 100

/** Trees against each other, and files that are there more than once. */
export function comparisonHandlers(services: EngineServices): Domain<'compare' | 'duplicates'> {
  const library = () => services.library().peer
  const hashing = new Hashing(services)

  return {
    'compare.open': async ({ left, right, content }, call) => {
      for (const ref of [left, right]) await untilIndexed(services, storedView(ref), call.signal)
      const sides = { left: storedView(left), right: storedView(right) }
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
      const open = image === null ? null : services.images.get(image).opened
      // Nothing can be said of an image that is still being read.
      if (open) {
        const { generation, info } = open
        await untilIndexed(services, { imageId: open.image, generation, view: info.defaultViewId }, call.signal)
      }
      const isOpen = (id: number): boolean => services.images.find(id)?.opened.isRemembered === false
      if (byContent)
        for (const { entries, isOnline, ...ref } of await library().call('duplicateCandidates', query))
          if (!(isOnline || isOpen(ref.imageId)) || !(await hashing.runWherePossible(ref, entries, 'blake3', call)))
            offlineCount++
      return { ...(await library().call('duplicates', query)), offlineCount }
    },
    'duplicates.rows': async (request) => ({ rows: await library().call('duplicateRows', request) }),
  }
}

/** Hashing on behalf of commands: jobs of the queue, which are watched, paused and cancelled there too. */
class Hashing {
  constructor(private readonly services: EngineServices) {}

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
    const { jobs } = this.services
    const { imageId: image, generation, view } = ref
    const ranges = NumberRanges.of(entries).flat()
    signal.throwIfAborted()
    const spec = { image, generation, view, entries: { ranges }, algorithm }
    const job = await startJob(this.services, { kind: 'hash', spec }, true).catch(() => null)
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
async function untilIndexed(services: EngineServices, ref: StoredViewRef, signal: AbortSignal): Promise<void> {
  for (;;) {
    if (signal.aborted) throw new IsoldeError('CANCELLED', 'Cancelled.')
    if (await services.library().peer.call('isIndexed', ref)) return
    if (services.images.find(ref.imageId)?.opened.generation !== ref.generation)
      throw new IsoldeError('ENTRY_GONE', 'The image is not indexed as it is now. Open it again.')
    await new Promise((resolve) => setTimeout(resolve, INDEXING_POLL_MS))
  }
}
