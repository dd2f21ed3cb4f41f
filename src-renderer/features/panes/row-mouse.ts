import { contentAddress, host } from '../../data/api'
import { openRow } from '../../commands/actions'
import { reportErrors } from '../../data/errors'
import { openImageOf } from '../../commands/transfer'
import { usePanes, type Pane, type Tab } from '../../data/stores/panes'
import { beginDragOut, dragged, expectDragOut, explainDragOut } from './drag'
import type { PaneRow } from '../../data/rows/row-source'

/** What of a row stands for the file itself. */
const HANDLES = '.label, .icon, .picture, .name-text'

/** The mouse on a pane's rows: selecting as everywhere, opening, and dragging to the other pane. */
export function useRowMouse({
  pane,
  tab,
  box,
}: {
  pane: () => Pane
  tab: () => Tab
  /** Selects by drawing a box; where that begins, no files are dragged. */
  box: { arm: (event: PointerEvent) => void; isArmed: () => boolean }
}) {
  const panes = usePanes()
  /** A press on a row of a larger selection: it narrows on release, unless a drag came of it. */
  let narrowsOnClick = false

  function onDown(event: PointerEvent, position: number, row: PaneRow | null): void {
    panes.activeSide = pane().side
    narrowsOnClick = false
    if (event.button !== 0 || !row) return
    const { listing } = tab()
    const isAdding = event.ctrlKey || event.metaKey
    // Files are dragged by their names and pictures; the room beside those is for drawing a box.
    const isOnName = event.target instanceof Element && event.target.closest(HANDLES) !== null
    if (!isOnName && !listing.selection.has(row.key)) box.arm(event)
    void reportErrors(async () => {
      if (event.shiftKey) await listing.selection.extendTo(position, isAdding)
      else if (isAdding) {
        listing.moveCursor(position)
        await listing.selection.toggle(position)
      } else if (listing.selection.has(row.key)) {
        listing.moveCursor(position)
        narrowsOnClick = true
      } else await listing.selection.only(position)
      if (isOnName && !isAdding) expectDragOut(tab())
    })
  }

  function onClick(_event: MouseEvent, position: number): void {
    if (narrowsOnClick) void reportErrors(() => tab().listing.selection.only(position))
    narrowsOnClick = false
  }

  function onOpen(row: PaneRow | null): void {
    if (row) void reportErrors(() => openRow(tab(), row))
  }

  function onContext(position: number, row: PaneRow | null): void {
    panes.activeSide = pane().side
    const { listing } = tab()
    if (row && !listing.selection.has(row.key)) void reportErrors(() => listing.selection.only(position))
  }

  /** A press below the last row takes the selection away. */
  function onBackground(event: PointerEvent): void {
    panes.activeSide = pane().side
    const target = event.target instanceof Element ? event.target : null
    if (event.button !== 0 || target?.closest('[role=columnheader]')) return
    box.arm(event)
    if (!event.ctrlKey && !event.metaKey && !event.shiftKey) void tab().listing.selection.clear()
  }

  function onDragStart(event: DragEvent, row: PaneRow | null): void {
    narrowsOnClick = false
    if (box.isArmed()) event.preventDefault()
    if (box.isArmed() || !row || !event.dataTransfer) return
    dragged.value = { side: pane().side }
    if (beginDragOut(tab())) {
      event.preventDefault()
      return
    }
    event.dataTransfer.effectAllowed = 'copyMove'
    event.dataTransfer.setData('text/plain', row.name)
    // A single file can go straight to the desktop or another window of the browser.
    if (host === 'web' && tab().address.kind === 'image' && row.kind === 'file' && typeof row.key === 'number') {
      const address = new URL(contentAddress({ ...openImageOf(tab()), entry: row.key }, row.name), location.href)
      event.dataTransfer.setData(
        'DownloadURL',
        `application/octet-stream:${row.name.replaceAll(':', '_')}:${address.href}?download`,
      )
    }
  }

  function onDragEnd(event: DragEvent): void {
    dragged.value = null
    explainDragOut(tab(), event)
  }

  return { onDown, onClick, onOpen, onContext, onBackground, onDragStart, onDragEnd }
}
