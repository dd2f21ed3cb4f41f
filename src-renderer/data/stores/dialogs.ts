import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'

export interface ConfirmRequest {
  title: string
  text: string
  /** Shown one below the other: names, paths. */
  details?: string[]
  confirm: string
  isDangerous?: boolean
}

export interface TextRequest {
  title: string
  label: string
  confirm: string
  value: string
  /** Selects the name without its extension, as one renames. */
  isFileName?: boolean
  /** Does the work; a thrown error is said below the field, and the dialog stays. */
  submit(value: string): Promise<void>
}

export type SettingsPage = 'general' | 'keys'

export type Dialog =
  | { kind: 'confirm'; request: ConfirmRequest; settle(isConfirmed: boolean): void }
  | { kind: 'text'; request: TextRequest }
  | { kind: 'open' }
  | { kind: 'palette' }
  | { kind: 'settings'; page: SettingsPage }
  | { kind: 'keys' }
  | { kind: 'about' }
  | { kind: 'columns' }
  | { kind: 'archive' }
  | { kind: 'createImage' }
  | { kind: 'pictures'; page: 'map' | 'sizes' }

/** The one dialog that is open, if any. */
export const useDialogs = defineStore('dialogs', () => {
  const current = shallowRef<Dialog | null>(null)

  /** The dialog whose work is being done: it makes room for a question about that. */
  const working = shallowRef<Dialog | null>(null)

  function show(dialog: Dialog): void {
    close()
    current.value = dialog
  }

  function close(): void {
    const dialog = current.value
    current.value = null
    if (dialog?.kind === 'confirm') dialog.settle(false)
  }

  /**
   * Asks a question; false when it is dismissed. It waits for a dialog in which somebody is at something else: a question
   * that comes late must not get the keys that were meant for that.
   */
  async function confirm(request: ConfirmRequest): Promise<boolean> {
    while (current.value && current.value !== working.value) await changed()
    return new Promise((settle) => show({ kind: 'confirm', request, settle }))
  }

  function changed(): Promise<void> {
    return new Promise((resolve) => {
      watch(current, () => resolve(), { once: true })
    })
  }

  function answer(isConfirmed: boolean): void {
    const dialog = current.value
    current.value = null
    if (dialog?.kind === 'confirm') dialog.settle(isConfirmed)
  }

  return { current, working, show, close, confirm, answer }
})
