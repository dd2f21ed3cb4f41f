import { IsoldeError } from '../../../src-shared/contract/errors'
import type { ImageLocation } from '../../../src-shared/contract'
import type { ImageMethods, ImageOwnerMethods } from '../images'
import { startThread } from '../rpc'

/**
 * Brings the catalog up to date with one image that nobody looks at, in a thread of its own.
 * @throws what opening it says, where it is no image or cannot be read
 */
export async function indexInBackground(
  catalogPath: string,
  location: ImageLocation,
  charset: string | null,
  signal: AbortSignal,
): Promise<void> {
  const own: ImageOwnerMethods = {
    progress: () => undefined,
    info: () => undefined,
    failed: () => undefined,
    unpacking: () => undefined,
    slice: () =>
      Promise.reject(new IsoldeError('SOURCE_GONE', 'Only files of this computer are indexed by themselves.')),
  }
  const thread = startThread<ImageMethods>('image-worker', own)
  const stop = (): void => void thread.terminate()
  signal.addEventListener('abort', stop, { once: true })
  try {
    await thread.peer.call('open', { catalogPath, location, charset, isLookedAt: false })
    await thread.peer.call('indexed', {})
    await thread.peer.call('close', {})
  } finally {
    signal.removeEventListener('abort', stop)
    await thread.terminate()
  }
}
