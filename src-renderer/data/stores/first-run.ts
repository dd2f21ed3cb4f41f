import { defineStore } from 'pinia'
import { computed } from 'vue'
import { call } from '../api'
import { useSettings } from './settings'

/** Whether a disc image was ever opened here: until one was, the start page says what can be done. */
export const useFirstRun = defineStore('firstRun', () => {
  const settings = useSettings()
  const isFirst = computed(() => settings.current.window.hasOpened !== true)

  /** An image was opened. */
  function end(): void {
    if (isFirst.value) settings.remember('hasOpened', true)
  }

  /** A profile of before this was kept has images that were opened. */
  async function recall(): Promise<void> {
    if (!isFirst.value) return
    // Without a catalog nothing is known, and the page is right for everybody.
    const { images } = await call('recent.list', { limit: 1 }).catch(() => ({ images: [] }))
    if (images.length > 0) end()
  }

  return { isFirst, end, recall }
})
