import { worded } from '../errors'
import { call, on } from '../api'
import { IsoldeError, type EntryDetails } from '../../../src-shared/contract'
import { t } from '../../base/locales'
import { useImages } from '../stores/images'
import type { ImageAddress } from './address'

/** Where an engine says nothing for so long, it is asked again. */
const PATIENCE_MS = 2000

/**
 * Finds what a path of an image names. While the view is still being read, a path that is not there may only not be
 * there yet: it is waited for until it turns up, or until the whole view has been read.
 * @param onWait called once, if there is something to wait for
 * @throws {IsoldeError} `NO_SUCH_PATH` where the view has been read and there is no such path
 */
export async function findPath(
  { location, path }: Pick<ImageAddress, 'location' | 'path'>,
  view: string,
  signal: AbortSignal,
  onWait: () => void,
): Promise<EntryDetails> {
  const images = useImages()
  let isWaiting = false
  for (;;) {
    const opened = images.get(location)
    if (!opened) throw worded('IMAGE_CLOSED', t('error.imageClosed'))
    const { image, generation, info } = opened
    // Asked before: what is read to its end afterwards deserves one more look.
    const isRead = info.views.find(({ id }) => id === view)?.entryCount !== null
    try {
      return await call('entry.resolve', { image, generation, view, path }, { signal })
    } catch (error) {
      if (isRead || !(error instanceof IsoldeError) || error.code !== 'NO_SUCH_PATH') throw error
    }
    if (!isWaiting) onWait()
    isWaiting = true
    await nextNews(image, signal)
  }
}

/** Until more of an image has been read, it is gone, or nobody waits any more. */
function nextNews(image: number, signal: AbortSignal): Promise<void> {
  return new Promise((settle) => {
    const done = (): void => {
      for (const stop of stops) stop()
      clearTimeout(timer)
      signal.removeEventListener('abort', done)
      settle()
    }
    const about = (news: { image: number }): void => {
      if (news.image === image) done()
    }
    const stops = [on('image.progress', about), on('image.changed', about), on('image.gone', about)]
    const timer = setTimeout(done, PATIENCE_MS)
    signal.addEventListener('abort', done, { once: true })
    if (signal.aborted) done()
  })
}
