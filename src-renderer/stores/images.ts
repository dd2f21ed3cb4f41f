import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import { call, on } from '../api'
import type { EventPayload, ImageLocation, OpenedImage } from '../../src-shared/contract'
import { locationKey } from '../panes/address'

type Unpacking = EventPayload<'image.unpacking'>

/** The images that are open in the engine, by where they came from. */
export const useImages = defineStore('images', () => {
  const opened = shallowReactive(new Map<string, OpenedImage>())
  const underway = new Map<string, Promise<OpenedImage>>()
  /** Views that are being indexed: entries found so far, by `image view`. */
  const indexing = shallowReactive(new Map<string, number>())
  const unpacking = shallowReactive(new Map<string, Unpacking>())

  /** Opens an image, or answers the one that is open from there. */
  async function open(location: ImageLocation): Promise<OpenedImage> {
    const key = locationKey(location)
    const known = opened.get(key)
    if (known) return known
    const request = underway.get(key) ?? call('image.open', { location })
    underway.set(key, request)
    try {
      const image = await request
      opened.set(key, image)
      return image
    } finally {
      underway.delete(key)
      unpacking.delete(location.path)
    }
  }

  /** Forgets what an image was, so that the next `open` asks the engine anew. */
  function forget(location: ImageLocation): void {
    opened.delete(locationKey(location))
  }

  function get(location: ImageLocation): OpenedImage | null {
    return opened.get(locationKey(location)) ?? null
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
    for (const [key, known] of opened) {
      if (known.image === image) opened.set(key, { ...known, generation, info })
    }
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
    for (const [key, known] of opened) if (known.image === image) opened.delete(key)
  })
  on('engine.restarted', () => {
    opened.clear()
    underway.clear()
    indexing.clear()
    unpacking.clear()
  })

  return { opened, indexing, unpacking, open, forget, get, closeUnused }
})
