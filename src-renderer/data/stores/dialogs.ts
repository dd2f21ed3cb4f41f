import { defineStore } from 'pinia'
import { shallowRef, watch } from 'vue'
import type { ArchiveLevel, ImageLocation, Settings, TakenAttributes } from '../../../src-shared/contract'
import type { NamePattern } from '../../../src-shared/model'
import type { Subject, Thing } from '../rows/thing'

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

/** What is said in the dialog for an extraction, while another one takes its place. */
export interface ExtractDraft {
  destination: string
  conflicts: Settings['conflictPolicy']
  keepPaths: boolean
  /** Several things of a whole image go into a folder of its name. */
  smart: boolean
  names: NamePattern
  attributes: TakenAttributes
}

/** As {@link ExtractDraft}, for an archive. */
export interface ArchiveDraft {
  destination: string
  name: string
  format: 'zip' | '7z'
  level: ArchiveLevel
  password: string
  repeated: string
}

/** As {@link ExtractDraft}, for a plain image. */
export interface ConvertDraft {
  destination: string
  name: string
  withTracks: boolean
}

export interface FolderRequest {
  title: string
  confirm: string
  /** Empty for where one was last. */
  startAt: string
  /** It is a disc image that is chosen, not a folder. */
  isImage?: boolean
  /** Does the work; a thrown error is said in the dialog, which stays. */
  submit(folder: string): Promise<void>
  /** It was left without a choice, or after one. */
  cancel?(): void
}

export type SettingsPage = 'general' | 'keys'

export type Dialog =
  | { kind: 'confirm'; request: ConfirmRequest; settle(isConfirmed: boolean): void }
  | { kind: 'text'; request: TextRequest }
  | { kind: 'open' }
  | { kind: 'folder'; request: FolderRequest }
  | { kind: 'history' }
  | { kind: 'palette' }
  | { kind: 'settings'; page: SettingsPage }
  | { kind: 'keys' }
  | { kind: 'handbook' }
  | { kind: 'about' }
  | { kind: 'columns' }
  | { kind: 'archive'; draft?: ArchiveDraft }
  | { kind: 'convert'; draft?: ConvertDraft }
  | { kind: 'extract'; draft?: ExtractDraft }
  | { kind: 'places' }
  | { kind: 'properties'; subject: Subject }
  | { kind: 'drive'; location: ImageLocation | null }
  | { kind: 'trust'; location: ImageLocation }
  | { kind: 'lostImages'; path: string | null }
  | { kind: 'checksums'; thing: Thing }
  | { kind: 'createImage' }
  | { kind: 'project'; page: 'write' | 'options' | 'names'; project: string; destination?: string }
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
    if (dialog?.kind === 'folder') dialog.request.cancel?.()
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
