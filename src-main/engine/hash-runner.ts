import { IsoldeError } from '../../src-shared/contract/errors'
import type { HashAnswer, HashMethods, HashOwnerMethods, HashRequest, TaskProgress } from './hash-service'
import { SharedControl } from '../task'
import { startThread } from './threads'

interface HashHooks {
  signal: AbortSignal
  onProgress: (progress: TaskProgress) => void
  slice: HashOwnerMethods['slice']
}

/**
 * Hashes files in a thread of its own until it is done or `signal` says stop; what was computed by then is kept.
 * @throws {IsoldeError} `CANCELLED`, `ENTRY_GONE`, `SOURCE_GONE`
 */
export async function runHashing(request: Omit<HashRequest, 'control'>, hooks: HashHooks): Promise<HashAnswer> {
  if (hooks.signal.aborted) throw new IsoldeError('CANCELLED', 'Cancelled.')
  const control = new SharedControl()
  const stop = (): void => {
    control.cancel()
  }
  const own: HashOwnerMethods = { progress: hooks.onProgress, slice: hooks.slice }
  const thread = startThread<HashMethods>('hash-worker', own)
  hooks.signal.addEventListener('abort', stop, { once: true })
  try {
    return await thread.peer.call('run', { ...request, control: control.memory })
  } finally {
    hooks.signal.removeEventListener('abort', stop)
    await thread.terminate()
  }
}
