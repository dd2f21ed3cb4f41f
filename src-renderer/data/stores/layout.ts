import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { z } from 'zod'
import { sortColumn } from '../../../src-shared/contract'
import type { ColumnId } from '../../../src-shared/model'
import { useSettings } from './settings'

const kept = z.object({
  split: z.number().min(0.15).max(0.85).default(0.5),
  previewWidth: z.number().min(240).max(1600).default(380),
  isPreviewOpen: z.boolean().default(false),
  isQueueOpen: z.boolean().default(false),
  isTreeOpen: z.boolean().default(false),
  isToolbarOpen: z.boolean().default(true),
  /** Where one pane goes, the other goes too. */
  isSynced: z.boolean().default(false),
  isTextWrapped: z.boolean().default(true),
  rowLayout: z.enum(['details', 'list', 'tiles']).default('details'),
  columns: z.array(sortColumn).default(['size', 'modified', 'kind']),
  columnWidths: z.partialRecord(sortColumn, z.number().min(48).max(800)).default({}),
})
type Layout = z.output<typeof kept>

/** How the window is arranged; the same at the next start. */
export const useLayout = defineStore('layout', () => {
  const settings = useSettings()
  const layout = ref<Layout>(kept.parse({}))
  /** Counts requests to put the keyboard into the path bar, so that each one is seen. */
  const pathEditRequests = ref(0)
  const filterRequests = ref(0)

  function restore(value: unknown): void {
    // Whatever an older or newer version left behind that does not fit is as good as nothing.
    const found = kept.safeParse(value ?? {})
    layout.value = found.success ? found.data : kept.parse({})
  }

  function change(changes: Partial<Layout>): void {
    layout.value = { ...layout.value, ...changes }
    settings.remember('layout', layout.value)
  }

  function toggleColumn(column: ColumnId): void {
    const { columns } = layout.value
    change({ columns: columns.includes(column) ? columns.filter((one) => one !== column) : [...columns, column] })
  }

  /** Puts a column before another one, or at the end. */
  function moveColumn(column: ColumnId, before: ColumnId | null): void {
    const others = layout.value.columns.filter((one) => one !== column)
    const at = before === null ? others.length : others.indexOf(before)
    change({ columns: others.toSpliced(at < 0 ? others.length : at, 0, column) })
  }

  /** Makes a column as wide as that many pixels; null: as it was at first. */
  function resizeColumn(column: ColumnId, width: number | null): void {
    const others = Object.entries(layout.value.columnWidths).filter(([id]) => id !== column)
    change({ columnWidths: Object.fromEntries(width === null ? others : [...others, [column, Math.round(width)]]) })
  }

  return {
    layout,
    split: computed(() => layout.value.split),
    isPreviewOpen: computed(() => layout.value.isPreviewOpen),
    isToolbarOpen: computed(() => layout.value.isToolbarOpen),
    isSynced: computed(() => layout.value.isSynced),
    isTreeOpen: computed(() => layout.value.isTreeOpen),
    rowLayout: computed(() => layout.value.rowLayout),
    isQueueOpen: computed(() => layout.value.isQueueOpen),
    columns: computed(() => layout.value.columns),
    pathEditRequests,
    filterRequests,
    restore,
    change,
    toggleColumn,
    moveColumn,
    resizeColumn,
    showPreview: () => change({ isPreviewOpen: true }),
    togglePreview: () => change({ isPreviewOpen: !layout.value.isPreviewOpen }),
    toggleQueue: () => change({ isQueueOpen: !layout.value.isQueueOpen }),
    toggleToolbar: () => change({ isToolbarOpen: !layout.value.isToolbarOpen }),
    toggleTree: () => change({ isTreeOpen: !layout.value.isTreeOpen }),
    showAs: (rowLayout: Layout['rowLayout']) => change({ rowLayout }),
    editPath: () => pathEditRequests.value++,
    editFilter: () => filterRequests.value++,
  }
})
