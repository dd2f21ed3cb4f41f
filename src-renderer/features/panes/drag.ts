import { shallowRef } from 'vue'
import { call, desktop } from '../../data/api'
import { report } from '../../data/errors'
import { entriesOf } from '../../commands/meant'
import { openImageOf } from '../../commands/transfer'
import { formatBytes } from '../../base/format'
import { locale, t } from '../../base/locales'
import type { PaneSide, Tab } from '../../data/stores/panes'
import { useSettings } from '../../data/stores/settings'
import { useToasts } from '../../data/stores/toasts'
import { DragOut } from './drag-out'

/** The pane whose selection is being dragged, while it is. */
export const dragged = shallowRef<{ side: PaneSide } | null>(null)

/** A click is shorter: nothing is written for it. */
const HOLD_MS = 120

const dragOut =
  desktop &&
  new DragOut({
    stage: (selection) => call('entry.stage', { ...selection, byteLimit: useSettings().current.stageDragByteLimit }),
    start: (paths) => desktop?.startDrag(paths),
  })

const selectionOf = (tab: Tab) => ({ ...openImageOf(tab), entries: entriesOf(tab) })

/** A name is held down: what is selected may be dragged out of the window next. */
export function expectDragOut(tab: Tab): void {
  if (!dragOut || tab.address.kind !== 'image') return
  const timer = setTimeout(() => void dragOut.prepare(selectionOf(tab)), HOLD_MS)
  window.addEventListener('pointerup', () => clearTimeout(timer), { once: true })
}

/** @returns whether the system's drag has taken over */
export function beginDragOut(tab: Tab): boolean {
  if (!dragOut || tab.address.kind !== 'image' || !dragOut.begin(selectionOf(tab))) return false
  // Nobody is told when it ends; while it lasts the pointer does not move in here.
  window.addEventListener('pointermove', () => (dragged.value = null), { once: true })
  return true
}

/** The page's own drag has ended: beyond the window's edge it can give nothing to anybody, and why is said. */
export function explainDragOut(tab: Tab, event: DragEvent): void {
  const isInside = event.clientX >= 0 && event.clientY >= 0 && event.clientX < innerWidth && event.clientY < innerHeight
  if (!dragOut || tab.address.kind !== 'image' || isInside || event.dataTransfer?.dropEffect !== 'none') return
  const { state } = dragOut
  const settings = useSettings()
  const limit = formatBytes(settings.current.stageDragByteLimit, settings.units, locale.value)
  if (state.kind === 'failed') report(state.error)
  else if (state.kind === 'tooLarge')
    useToasts().show({ tone: 'plain', title: t('dragOut.tooLarge', { limit }), detail: t('dragOut.instead') })
  else useToasts().show({ tone: 'plain', title: t('dragOut.preparing'), detail: t('dragOut.preparingDetail') })
}

/** Whether dropped files are copies that were dragged out of this window. */
export function areDraggedOut(files: readonly File[]): boolean {
  return dragOut?.owns(files.map((file) => desktop?.pathForFile(file) ?? '')) ?? false
}
