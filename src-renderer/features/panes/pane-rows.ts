import { computed, useId, watch, type Ref } from 'vue'
import type { RowKey } from '../../data/rows/row-source'
import { usePanes, type Pane, type Tab } from '../../data/stores/panes'
import { useBoxSelect } from './box-select'
import { useRowKeys } from './row-keys'
import { useRowMouse } from './row-mouse'
import { useVirtualRows } from '../../base/components/virtual-rows'

export interface PaneRowsOptions {
  pane: () => Pane
  tab: () => Tab
  /** The element that scrolls. */
  container: Ref<HTMLElement | null>
  /** Of one line, in pixels. */
  rowHeight: () => number
  headerHeight?: () => number
  /** How many rows stand side by side. */
  perLine?: () => number
}

/** What every layout of a pane's rows has in common: which are in sight, the cursor, the keyboard and the mouse. */
export function usePaneRows(options: PaneRowsOptions) {
  const { pane, tab, container, rowHeight, headerHeight = () => 0, perLine = () => 1 } = options
  const panes = usePanes()
  const id = useId()
  const listing = computed(() => tab().listing)
  const state = computed(() => listing.value.state)
  const lines = useVirtualRows({
    container,
    total: () => Math.ceil(state.value.total / perLine()),
    rowHeight,
    headerHeight,
  })
  const first = computed(() => lines.first.value * perLine())
  const end = computed(() => Math.min(state.value.total, lines.end.value * perLine()))

  /** The rows in sight, with what is loaded of them. */
  const shown = computed(() => {
    // Rows and the selection live outside of the reactive world; these numbers stand for them.
    if (state.value.version < 0 || listing.value.selection.state.version < 0) return []
    const list = []
    const keys = new Set<RowKey>()
    for (let position = first.value; position < end.value; position++) {
      const row = listing.value.row(position)
      const isSelected = row !== null && listing.value.selection.has(row.key)
      // An element is one thing's, wherever that moves: a press and a release on it mean the same one.
      const isFirst = row !== null && !keys.has(row.key)
      if (isFirst) keys.add(row.key)
      const key = isFirst ? `${typeof row.key}:${row.key}` : `at:${position}`
      list.push({ position, row, key, isSelected, offset: lines.offsetOf(Math.floor(position / perLine())) })
    }
    return list
  })
  const cursorId = computed(() => {
    const { cursor, total } = state.value
    return cursor >= first.value && cursor < end.value && total > 0 ? `${id}-${cursor}` : undefined
  })

  watch([first, end, () => state.value.version, listing], () => listing.value.ensure(first.value, end.value - 1), {
    immediate: true,
  })
  watch(
    () => [state.value.cursor, listing.value, perLine()] as const,
    ([cursor]) => lines.reveal(Math.floor(cursor / perLine())),
    { flush: 'post' },
  )
  watch(
    () => tab().address,
    () => lines.scrollList(0),
  )

  const boxSelect = useBoxSelect({
    container,
    tab,
    listTop: () => lines.listTop.value,
    scrollList: lines.scrollList,
    rowHeight,
    headerHeight,
    perLine,
  })
  /** Where the box is drawn, as a style of an element among the rows. */
  const box = computed(() => {
    const area = boxSelect.box.value
    if (!area) return null
    return {
      left: `${area.left}px`,
      translate: `0 ${lines.offsetOf(area.top / rowHeight())}px`,
      inlineSize: `${area.width}px`,
      blockSize: `${area.height}px`,
    }
  })
  const { onKeydown } = useRowKeys({ tab, pageSize: () => lines.pageSize.value * perLine(), perLine })
  const mouse = useRowMouse({ pane, tab, box: boxSelect })

  return {
    id,
    state,
    shown,
    cursorId,
    box,
    mouse,
    onKeydown,
    height: lines.height,
    isActive: computed(() => panes.activeSide === pane().side),
    focus: () => container.value?.focus({ preventScroll: true }),
  }
}
