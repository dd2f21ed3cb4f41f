import { nextTick } from 'vue'
import type { ColumnId } from '../../../src-shared/model'

/** In pixels, for each press. */
const WIDER = 16

/**
 * The keyboard in the headers of columns: the arrows go along, Enter sorts, Shift with the arrows makes a column wider or
 * narrower, Ctrl with them moves it, and Escape goes back to the rows.
 */
export function useHeaderKeys(options: {
  sortBy: (column: ColumnId) => Promise<void>
  resize: (column: ColumnId, by: number) => void
  move: (column: ColumnId, by: 1 | -1) => void
  leave: () => void
}) {
  function onKeydown(event: KeyboardEvent): void {
    const head = event.target
    if (!(head instanceof HTMLElement) || head.getAttribute('role') !== 'columnheader' || event.altKey) return
    const column = head.dataset.column as ColumnId
    const isRightToLeft = getComputedStyle(head).direction === 'rtl'
    const step = { ArrowLeft: isRightToLeft ? 1 : -1, ArrowRight: isRightToLeft ? -1 : 1 }[event.key]
    if (step !== undefined) along(head, column, step as 1 | -1, event)
    else if (event.key === 'Enter' || event.key === ' ') void options.sortBy(column)
    else if (event.key === 'Home' || event.key === 'End')
      headsOf(head)
        .at(event.key === 'Home' ? 0 : -1)
        ?.focus()
    else if (['Escape', 'ArrowDown', 'Tab'].includes(event.key)) options.leave()
    else return
    event.preventDefault()
    event.stopPropagation()
  }

  function along(head: HTMLElement, column: ColumnId, step: 1 | -1, event: KeyboardEvent): void {
    const isOwn = column !== 'name'
    if (event.shiftKey && isOwn) options.resize(column, step * WIDER)
    else if ((event.ctrlKey || event.metaKey) && isOwn) {
      const { parentElement } = head
      options.move(column, step)
      // It is another element by now, where it stands.
      void nextTick(() => parentElement?.querySelector<HTMLElement>(`[data-column="${column}"]`)?.focus())
    } else {
      const heads = headsOf(head)
      heads[heads.indexOf(head) + step]?.focus()
    }
  }

  return { onKeydown }
}

const headsOf = (head: HTMLElement): HTMLElement[] => [
  ...(head.parentElement?.querySelectorAll<HTMLElement>('[role=columnheader]') ?? []),
]
