import { ref } from 'vue'
import type { ColumnId } from '../../../src-shared/model'

const SLACK = 6

/** Dragging a column's header to another place. `move` hears which column goes before which; null: to the end. */
export function useColumnDrag(move: (column: ColumnId, before: ColumnId | null) => void) {
  /** The column that the dragged one would go before. */
  const dropAt = ref<ColumnId | null>(null)

  function drag(event: PointerEvent, column: ColumnId): void {
    const head = event.currentTarget
    if (event.button !== 0 || !(head instanceof HTMLElement)) return
    const start = event.clientX
    let isDragging = false
    const onMove = ({ clientX }: PointerEvent): void => {
      isDragging ||= Math.abs(clientX - start) > SLACK
      if (isDragging) dropAt.value = columnAfter(head.parentElement, clientX)
    }
    const onUp = (): void => {
      window.removeEventListener('pointermove', onMove)
      if (isDragging) {
        if (dropAt.value !== column) move(column, dropAt.value)
        // The click that ends a drag does not sort.
        const swallow = (click: Event): void => click.stopPropagation()
        window.addEventListener('click', swallow, { capture: true, once: true })
        setTimeout(() => window.removeEventListener('click', swallow, { capture: true }))
      }
      dropAt.value = null
    }
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', onUp, { once: true })
  }

  return { dropAt, drag }
}

/** The first column whose middle lies behind a place, in reading direction. */
function columnAfter(header: HTMLElement | null, x: number): ColumnId | null {
  const isRightToLeft = document.documentElement.dir === 'rtl'
  for (const head of header?.querySelectorAll<HTMLElement>('[data-column]') ?? []) {
    const { left, width } = head.getBoundingClientRect()
    const middle = left + width / 2
    if (isRightToLeft ? x > middle : x < middle) return head.dataset.column as ColumnId
  }
  return null
}
