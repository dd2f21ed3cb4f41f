import { onBeforeUnmount, onMounted, ref } from 'vue'
import { isConnected } from '../data/api'
import { useDialogs } from '../data/stores/dialogs'

/** Set once a part of the window that is loaded later is not where it was: the program has been updated meanwhile. */
export const isOutdated = ref(false)

/** Notices parts of the window that cannot be loaded any more; a dialog that would stay empty is closed. */
export function useLateCode(): void {
  function onFailure(event: Event): void {
    // While nothing answers, that is what is said already.
    if (!isConnected.value) return
    event.preventDefault()
    isOutdated.value = true
    useDialogs().close()
  }

  onMounted(() => window.addEventListener('vite:preloadError', onFailure))
  onBeforeUnmount(() => window.removeEventListener('vite:preloadError', onFailure))
}
