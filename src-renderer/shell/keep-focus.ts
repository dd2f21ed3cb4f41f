import { onBeforeUnmount, onMounted, watch } from 'vue'
import { useJobs } from '../data/stores/jobs'
import { useLayout } from '../data/stores/layout'
import { useToasts } from '../data/stores/toasts'

const FOCUSABLE = 'button:not(:disabled), [tabindex="0"]'

/**
 * The keyboard is somewhere at all times: where what had it goes away, it goes to what took its place in a list (marked
 * with `data-focus-home`), or else to the rows of the active pane.
 */
export function useKeptFocus(): void {
  let focused: Element | null = null
  let home: Element | null = null
  let place = 0

  function onFocusIn({ target }: FocusEvent): void {
    focused = target instanceof Element ? target : null
    home = focused?.closest('[data-focus-home]') ?? null
    place = home && focused ? [...home.querySelectorAll(FOCUSABLE)].indexOf(focused) : 0
  }

  function keep(): void {
    const { activeElement } = document
    const isLost = activeElement === null || activeElement === document.body
    // Whoever clicked beside everything wanted it nowhere.
    if (!isLost || !focused || focused.isConnected) return
    const others = home?.isConnected ? [...home.querySelectorAll<HTMLElement>(FOCUSABLE)] : []
    const next = others[Math.min(place, others.length - 1)]
    const rows = document.querySelector<HTMLElement>('.pane.active :is([data-rows], [data-start])')
    ;(next ?? rows)?.focus({ preventScroll: next === undefined })
  }

  const layout = useLayout()
  const jobs = useJobs()
  const toasts = useToasts()
  watch(
    () => [
      layout.isPreviewOpen,
      layout.isTreeOpen,
      layout.isQueueOpen,
      toasts.toasts.length,
      jobs.all.map(({ id, state }) => `${id} ${state}`).join(),
    ],
    keep,
    { flush: 'post' },
  )
  onMounted(() => document.addEventListener('focusin', onFocusIn))
  onBeforeUnmount(() => document.removeEventListener('focusin', onFocusIn))
}
