import { computed, onBeforeUnmount, onMounted, ref, watch, type Ref } from 'vue'

/**
 * Browsers cap the height of an element (near 16 million CSS pixels on a dense screen). Taller lists are squeezed into
 * this much, and the offset of the scroll bar is scaled.
 */
const HEIGHT_LIMIT = 8_000_000
const OVERSCAN = 6

export interface VirtualRowsOptions {
  /** The element that scrolls. */
  container: Ref<HTMLElement | null>
  total: () => number
  /** In pixels; the same for every row. */
  rowHeight: () => number
  /** What sticks to the top of the container and hides rows. */
  headerHeight?: () => number
}

/** Rows of equal height, of which only those in sight exist. A million of them scroll like a hundred. */
export function useVirtualRows({ container, total, rowHeight, headerHeight = () => 0 }: VirtualRowsOptions) {
  const viewHeight = ref(0)
  /** Where the scroll bar is. */
  const scrollTop = ref(0)
  /** Where in the unsqueezed list that is. */
  const listTop = ref(0)
  let expected = -1

  const listHeight = computed(() => total() * rowHeight())
  const height = computed(() => Math.min(listHeight.value, HEIGHT_LIMIT))
  const rowsHeight = computed(() => Math.max(0, viewHeight.value - headerHeight()))
  const ratio = computed(() => {
    const squeezed = height.value - rowsHeight.value
    return height.value === listHeight.value || squeezed <= 0 ? 1 : (listHeight.value - rowsHeight.value) / squeezed
  })
  const first = computed(() => Math.max(0, Math.floor(listTop.value / rowHeight()) - OVERSCAN))
  const end = computed(() => Math.min(total(), Math.ceil((listTop.value + rowsHeight.value) / rowHeight()) + OVERSCAN))
  const pageSize = computed(() => Math.max(1, Math.floor(rowsHeight.value / rowHeight()) - 1))

  /** How far below the top of the (squeezed) list a row lies. */
  function offsetOf(position: number): number {
    return scrollTop.value + position * rowHeight() - listTop.value
  }

  function scrollList(top: number): void {
    const element = container.value
    if (!element) return
    const bounded = Math.max(0, Math.min(top, listHeight.value - rowsHeight.value))
    listTop.value = bounded
    element.scrollTop = bounded / ratio.value
    expected = element.scrollTop
    scrollTop.value = expected
  }

  /** Brings a row into sight, moving no more than needed. */
  function reveal(position: number): void {
    const top = position * rowHeight()
    if (top < listTop.value) scrollList(top)
    else if (top + rowHeight() > listTop.value + rowsHeight.value) scrollList(top + rowHeight() - rowsHeight.value)
  }

  function onScroll(): void {
    const element = container.value
    if (!element) return
    // What we set ourselves is known more exactly than the scroll bar can say it.
    if (Math.abs(element.scrollTop - expected) < 1) return
    expected = -1
    scrollTop.value = element.scrollTop
    listTop.value = Math.min(element.scrollTop * ratio.value, Math.max(0, listHeight.value - rowsHeight.value))
  }

  function onWheel(event: WheelEvent): void {
    // A notch of the wheel moves by a few rows however long the list is.
    if (ratio.value === 1 || event.ctrlKey || event.deltaY === 0) return
    event.preventDefault()
    scrollList(listTop.value + event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? rowHeight() : 1))
  }

  let observer: ResizeObserver | null = null
  onMounted(() => {
    observer = new ResizeObserver(() => {
      viewHeight.value = container.value?.clientHeight ?? 0
    })
    watch(
      container,
      (element, _before, onCleanup) => {
        if (!element) return
        viewHeight.value = element.clientHeight
        observer?.observe(element)
        element.addEventListener('scroll', onScroll, { passive: true })
        element.addEventListener('wheel', onWheel, { passive: false })
        onCleanup(() => {
          observer?.unobserve(element)
          element.removeEventListener('scroll', onScroll)
          element.removeEventListener('wheel', onWheel)
        })
      },
      { immediate: true, flush: 'post' },
    )
  })
  onBeforeUnmount(() => observer?.disconnect())
  // A list that got shorter must not leave its end out of sight.
  watch(listHeight, (now) => {
    if (listTop.value > Math.max(0, now - rowsHeight.value)) scrollList(now - rowsHeight.value)
  })

  return { first, end, height, pageSize, listTop, offsetOf, reveal, scrollList }
}
