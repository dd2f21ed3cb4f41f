import { computed, onBeforeUnmount, shallowRef, type Ref } from 'vue'
import { reportErrors } from '../../data/errors'
import type { Tab } from '../../data/stores/panes'
import { KeySet } from '../../data/rows/key-set'

export interface BoxSelectOptions {
  container: Ref<HTMLElement | null>
  tab: () => Tab
  /** Where in the whole list the view begins, in pixels. */
  listTop: () => number
  scrollList: (top: number) => void
  rowHeight: () => number
  /** What sticks to the top of the container and hides rows, in pixels. */
  headerHeight: () => number
  /** How many stand side by side. */
  perLine: () => number
}

interface Point {
  x: number
  y: number
}

/** A press moves this far before it is a box: hands shake. */
const SLACK = 4
const EDGE = 28
/** How fast the list runs when the pointer is beyond its edge: pixels for each frame and pixel beyond. */
const PULL = 0.35

/**
 * The box that is drawn with the mouse to select what it touches. Rows out of sight count too: the list runs on at its
 * edges, and the engine says what lies between.
 */
export function useBoxSelect(options: BoxSelectOptions) {
  const { container, tab, listTop, scrollList, rowHeight, headerHeight, perLine } = options
  /** In pixels of the whole list, so that a corner stays where it was put while the list runs. */
  const corner = shallowRef<Point | null>(null)
  const end = shallowRef<Point | null>(null)
  let base = KeySet.NONE
  let isAdding = false
  let pointer: PointerEvent | null = null
  let frame = 0

  const isArmed = (): boolean => corner.value !== null
  const box = computed(() => {
    const from = corner.value
    const to = end.value
    if (!from || !to) return null
    return {
      left: Math.min(from.x, to.x),
      top: Math.min(from.y, to.y),
      width: Math.abs(from.x - to.x),
      height: Math.abs(from.y - to.y),
    }
  })

  /** Where an event is in the whole list. */
  function pointOf(event: PointerEvent): Point {
    const rect = container.value?.getBoundingClientRect()
    if (!rect) return { x: 0, y: 0 }
    const y = Math.max(rect.top + headerHeight(), Math.min(rect.bottom, event.clientY))
    return {
      x: Math.max(0, Math.min(rect.width, event.clientX - rect.left)),
      y: y - rect.top - headerHeight() + listTop(),
    }
  }

  /** A press where no drag of files begins. */
  function arm(event: PointerEvent): void {
    if (event.button !== 0 || event.shiftKey || event.pointerType === 'touch') return
    corner.value = pointOf(event)
    isAdding = event.ctrlKey || event.metaKey
    pointer = event
    window.addEventListener('pointermove', onMove)
    window.addEventListener('pointerup', stop)
    window.addEventListener('pointercancel', stop)
  }

  function onMove(event: PointerEvent): void {
    const from = corner.value
    if (!from) return
    if (!end.value) {
      const now = pointOf(event)
      if (Math.hypot(now.x - from.x, now.y - from.y) < SLACK) return
      base = isAdding ? tab().listing.selection.keys : KeySet.NONE
    }
    pointer = event
    end.value = pointOf(event)
    frame ||= requestAnimationFrame(run)
  }

  /** Once for each frame while the box is drawn: the list runs, and what is touched is selected. */
  function run(): void {
    frame = 0
    const rect = container.value?.getBoundingClientRect()
    if (!rect || !pointer || !end.value) return
    const above = rect.top + headerHeight() + EDGE - pointer.clientY
    const below = pointer.clientY - (rect.bottom - EDGE)
    const pull = above > 0 ? -above : below > 0 ? below : 0
    if (pull !== 0) {
      scrollList(listTop() + pull * PULL)
      end.value = pointOf(pointer)
      frame = requestAnimationFrame(run)
    }
    select()
  }

  function select(): void {
    const area = box.value
    const width = container.value?.clientWidth ?? 0
    if (!area || width === 0) return
    const { listing } = tab()
    const lines = perLine()
    const firstLine = Math.floor(area.top / rowHeight())
    const lastLine = Math.floor((area.top + area.height) / rowHeight())
    const column = (x: number): number => Math.max(0, Math.min(lines - 1, Math.floor((x / width) * lines)))
    let first = column(area.left)
    let last = column(area.left + area.width)
    if (document.documentElement.dir === 'rtl') [first, last] = [lines - 1 - last, lines - 1 - first]
    const offset = firstLine * lines
    const limit = Math.max(0, Math.min(listing.state.total, (lastLine + 1) * lines) - offset)
    const touches = (position: number): boolean => position % lines >= first && position % lines <= last
    void reportErrors(() => listing.selection.box(base, offset, limit, lines === 1 ? null : touches))
  }

  function stop(): void {
    if (end.value) {
      select()
      // The click that ends a box is none.
      window.addEventListener('click', swallow, { capture: true, once: true })
      setTimeout(() => window.removeEventListener('click', swallow, { capture: true }))
    }
    cancelAnimationFrame(frame)
    frame = 0
    corner.value = end.value = pointer = null
    window.removeEventListener('pointermove', onMove)
    window.removeEventListener('pointerup', stop)
    window.removeEventListener('pointercancel', stop)
  }
  onBeforeUnmount(stop)

  return { box, arm, isArmed }
}

function swallow(event: Event): void {
  event.stopPropagation()
}
