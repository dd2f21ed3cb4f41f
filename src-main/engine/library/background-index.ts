import { IsoldeError } from '../../../src-shared/contract/errors'
import type { ImageLocation } from '../../../src-shared/contract'
import { unpackingLimit } from '../../files/scratch'
import type { Carried } from '../../identify/carried'
import type { ImageOwnerMethods } from '../images'
import { BackgroundThread } from './background-thread'

export interface IndexLimits {
  /** An image with more entries than this is given up, and none of them are kept. */
  entryLimit: number
  /** What has to be unpacked first may come to so many bytes; 0: as many as a person’s own limit allows. */
  unpackByteLimit: number
}

export interface BackgroundIndexOptions extends Partial<IndexLimits> {
  charset: string | null
  signal: AbortSignal
}

export interface BackgroundIndex {
  /** Its number in the catalog. */
  image: number
  /** The view that it is shown with. */
  view: string
  /** What lies in it; empty for one that was given up. */
  carried: Carried[]
  isTooLarge: boolean
}

/**
 * Brings the catalog up to date with one image that nobody looks at, in a thread apart.
 * @throws what opening it says, where it is no image or cannot be read
 */
export async function indexInBackground(
  catalogPath: string,
  location: ImageLocation,
  { charset, signal, entryLimit = Infinity, unpackByteLimit = 0 }: BackgroundIndexOptions,
): Promise<BackgroundIndex> {
  /** How many there are so far, by view. */
  const counts = new Map<string, number>()
  const given = { up: false }
  const own: ImageOwnerMethods = {
    progress: ({ view, entryCount }) => {
      counts.set(view, entryCount)
      if (given.up || sumOf(counts) <= entryLimit) return
      given.up = true
      void thread.peer.call('close', {}).catch(() => undefined)
    },
    info: () => undefined,
    failed: () => undefined,
    unpacking: () => undefined,
    slice: () =>
      Promise.reject(new IsoldeError('SOURCE_GONE', 'Only files of this computer are indexed by themselves.')),
  }
  const thread = BackgroundThread.take(own)
  const stop = (): void => void thread.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    const allowed = unpackingLimit()
    const { image, info } = await thread.peer.call('open', {
      catalogPath,
      location,
      charset,
      isLookedAt: false,
      unpackByteLimit:
        unpackByteLimit > 0 && allowed > 0 ? Math.min(allowed, unpackByteLimit) : unpackByteLimit || allowed,
    })
    await thread.peer.call('indexed', {})
    const carried = given.up ? [] : await thread.peer.call('carries', {}, signal)
    return { image, view: info.defaultViewId, carried, isTooLarge: given.up }
  } finally {
    signal.removeEventListener('abort', stop)
    const close = (): Promise<boolean> =>
      thread.peer.call('close', {}).then(
        () => true,
        () => false,
      )
    if (!signal.aborted && !given.up && (await close())) await thread.giveBack(sumOf(counts))
    else await thread.terminate()
  }
}

function sumOf(counts: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}
