import { defineStore } from 'pinia'
import { ref } from 'vue'
import { call } from '../api'
import type { RecentImage } from '../../../src-shared/contract'

/** As many as a menu can be read at a glance. */
const SHOWN = 10

/** Images that were open lately, as they were asked for last. */
export const useRecents = defineStore('recents', () => {
  const images = ref<RecentImage[]>([])

  /** Recents are a kindness: without a catalog there are none. */
  async function load(): Promise<void> {
    images.value = (await call('recent.list', { limit: SHOWN }).catch(() => ({ images: [] }))).images
  }

  return { images, load }
})
