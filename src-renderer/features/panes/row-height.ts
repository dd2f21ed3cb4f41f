import { nextTick, ref, watch, type Ref } from 'vue'
import { useSettings } from '../../data/stores/settings'

/** How tall a row is in the density that is set, in pixels, as the tokens have it. */
export function useRowHeight(): Ref<number> {
  const settings = useSettings()
  const height = ref(28)
  watch(
    () => settings.current.density,
    async () => {
      await nextTick()
      height.value = Number.parseInt(getComputedStyle(document.documentElement).getPropertyValue('--row'), 10)
    },
    { immediate: true },
  )
  return height
}
