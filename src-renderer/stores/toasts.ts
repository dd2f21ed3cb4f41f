import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'

export interface Toast {
  id: number
  tone: 'plain' | 'damage' | 'error'
  title: string
  detail?: string
  action?: { label: string; run(): void }
}

const SHORT = 6_000
const LONG = 12_000

/** Short messages in the window's corner. Those that tell of trouble stay longer. */
export const useToasts = defineStore('toasts', () => {
  const toasts = shallowReactive<Toast[]>([])
  let lastId = 0

  function show(toast: Omit<Toast, 'id'>): void {
    const id = ++lastId
    toasts.push({ ...toast, id })
    if (toasts.length > 4) toasts.shift()
    setTimeout(() => dismiss(id), toast.tone === 'plain' ? SHORT : LONG)
  }

  function dismiss(id: number): void {
    const at = toasts.findIndex((toast) => toast.id === id)
    if (at >= 0) toasts.splice(at, 1)
  }

  return { toasts, show, dismiss }
})
