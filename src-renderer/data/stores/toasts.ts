import { defineStore } from 'pinia'
import { ref, shallowReactive } from 'vue'
import { useDialogs } from './dialogs'
import { useJobs } from './jobs'

export interface Toast {
  id: number
  /** `note`: why something cannot be done here. */
  tone: 'plain' | 'note' | 'damage' | 'error'
  title: string
  detail?: string
  action?: { label: string; run(): void }
}

const SHORT = 6_000
const LONG = 12_000
/** Asked again after this long, while one of them is pointed at or has the keyboard. */
const GRACE = 1_000

/** Short messages in the window's corner. Those that tell of trouble stay longer. */
export const useToasts = defineStore('toasts', () => {
  const toasts = shallowReactive<Toast[]>([])
  /** Whether somebody is at them. */
  const isHeld = ref(false)
  let lastId = 0

  function show(toast: Omit<Toast, 'id'>): void {
    const id = ++lastId
    // Said again, it is there once, for as long as if it were new.
    const before = toasts.findIndex((one) => !one.action && one.title === toast.title && one.detail === toast.detail)
    if (before >= 0 && !toast.action) toasts.splice(before, 1)
    toasts.push({ ...toast, id })
    if (toasts.length > 4) toasts.shift()
    setTimeout(() => expire(id), toast.tone === 'plain' || toast.tone === 'note' ? SHORT : LONG)
  }

  /** Nothing goes away under somebody's hand, nor behind a dialog, where nobody can reach it. */
  function expire(id: number): void {
    const isBehind = useDialogs().current !== null || useJobs().asking !== null
    if (isHeld.value || isBehind) setTimeout(() => expire(id), GRACE)
    else dismiss(id)
  }

  function dismiss(id: number): void {
    // What is taken away does not say that nobody is at it any more.
    isHeld.value = false
    const at = toasts.findIndex((toast) => toast.id === id)
    if (at >= 0) toasts.splice(at, 1)
  }

  return { toasts, isHeld, show, dismiss }
})
