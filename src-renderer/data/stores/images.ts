import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { call, isCancelled, on, onNewEngine } from '../api'
import type { EventPayload, ImageLocation, OpenedImage } from '../../../src-shared/contract'
import { locationKey } from '../rows/address'
import { useFirstRun } from './first-run'
import { useSettings } from './settings'

type Unpacking = EventPayload<'image.unpacking'>

/** The images that are open in the engine, by where they came from. */
export const useImages = defineStore('images', () => {
  const opened = shallowReactive(new Map<string, OpenedImage>())
  /** Encodings of names that were chosen by hand. */
  const charsets = shallowReactive(new Map<string, string>())
  const settings = useSettings()
  const firstRun = useFirstRun()
  const underway = new Map<string, Promise<OpenedImage>>()
  /** Views that are being indexed: entries found so far, by `image view`. */
  const indexing = shallowReactive(new Map<string, number>())
  const unpacking = shallowReactive(new Map<string, Unpacking>())

  /** How much of an image in a folder is there, where that is known: 0–1, or null for “not all”, undefined for no idea. */
  const known = shallowReactive(new Map<string, number | null>())

  function learn({ location, info }: OpenedImage): void {
    if (location.kind !== 'path' || location.inside.length > 0) return
    const { status, expectedByteLength, missingByteLength } = info.completeness
    if (status === 'truncated') known.set(location.path, 1 - missingByteLength / Math.max(1, expectedByteLength))
    else known.delete(location.path)
  }

  /** Asks the catalog which images were found damaged before. */
  async function recall(): Promise<void> {
    const { images } = await call('recent.list', { limit: 200 })
    for (const { path, status } of images) if (status === 'truncated' && !known.has(path)) known.set(path, null)
  }

  /** Opens an image, or answers the one that is open from there. */
  async function open(location: ImageLocation, signal?: AbortSignal): Promise<OpenedImage> {
    const key = locationKey(location)
    const already = opened.get(key)
    if (already) return already
    const request = underway.get(key) ?? call('image.open', { location, charset: charsets.get(key) }, { signal })
    underway.set(key, request)
    const isCurrent = (): boolean => underway.get(key) === request
    try {
      const image = await request
      // Read in another encoding since: the answer to that is the one that counts.
      if (!isCurrent()) return (await underway.get(key)) ?? opened.get(key) ?? image
      opened.set(key, image)
      learn(image)
      firstRun.end()
      return image
    } catch (error) {
      // Whoever asked first gave up; this one still wants it.
      if (isCancelled(error) && signal?.aborted === false) {
        if (isCurrent()) underway.delete(key)
        return await open(location, signal)
      }
      throw error
    } finally {
      if (isCurrent()) {
        underway.delete(key)
        unpacking.delete(location.path)
      }
    }
  }

  /** Forgets what an image was, so that the next `open` asks the engine anew. */
  function forget(location: ImageLocation): void {
    opened.delete(locationKey(location))
    underway.delete(locationKey(location))
  }

  /** Lets go of an image whose file is another one now: the next `open` reads that. */
  async function drop(location: ImageLocation): Promise<void> {
    const known = get(location)
    forget(location)
    if (known) await call('image.close', { image: known.image }).catch(() => undefined)
  }

  /** Reads the names of an image in another encoding from now on, or in the one that is `detected`. */
  async function setCharset(location: ImageLocation, charset: string): Promise<void> {
    charsets.set(locationKey(location), charset)
    forget(location)
    await open(location)
  }

  function charsetOf(location: ImageLocation): string {
    return charsets.get(locationKey(location)) ?? settings.current.charset
  }

  function get(location: ImageLocation): OpenedImage | null {
    return opened.get(locationKey(location)) ?? null
  }

  /** An open image by the engine's number for it. */
  function byNumber(image: number): OpenedImage | null {
    return [...opened.values()].find((one) => one.image === image) ?? null
  }

  /** Closes every image that no tab shows. */
  function closeUnused(used: ImageLocation[]): void {
    const keys = new Set(used.map(locationKey))
    for (const [key, { image }] of opened) {
      if (keys.has(key)) continue
      opened.delete(key)
      // It may be gone already: an engine that restarted has none of them.
      call('image.close', { image }).catch(() => undefined)
    }
  }

  on('image.changed', ({ image, generation, info }) => {
    for (const [key, one] of opened) if (one.image === image) opened.set(key, { ...one, generation, info })
  })
  on('image.progress', ({ image, view, entryCount, isDone }) => {
    if (isDone) indexing.delete(`${image} ${view}`)
    else indexing.set(`${image} ${view}`, entryCount)
  })
  on('image.unpacking', (progress) => {
    if (progress.bytesDone < progress.bytesTotal) unpacking.set(progress.path, progress)
    else unpacking.delete(progress.path)
  })
  on('image.gone', ({ image }) => {
    for (const [key, one] of opened) if (one.image === image) opened.delete(key)
  })
  const forgetAll = (): void => {
    opened.clear()
    underway.clear()
    indexing.clear()
    unpacking.clear()
  }
  onNewEngine(forgetAll)
  on('catalog.failed', forgetAll)

  return {
    opened,
    indexing,
    unpacking,
    known,
    recall,
    open,
    forget,
    drop,
    get,
    byNumber,
    setCharset,
    charsetOf,
    closeUnused,
  }
})
