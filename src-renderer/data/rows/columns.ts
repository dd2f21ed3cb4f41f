import type { ResultSorting } from '../../../src-shared/contract'
import type { ColumnId } from '../../../src-shared/model'
import { formatBytes, formatCount, formatDate, formatExactDate, formatMode } from '../../base/format'
import { extensionOf } from '../../base/file-kinds/kinds'
import { locale, t } from '../../base/locales'
import { useFolderSizes } from '../stores/folder-sizes'
import { useSettings } from '../stores/settings'
import type { Tab } from '../stores/tabs'
import type { PaneAddress } from './address'
import { kindName } from './names'
import type { PaneRow } from './row-source'

/** Where a row is shown, and what is known of it besides. */
interface Cell {
  tab: Tab
  /** A check has found its file damaged. */
  isDamaged: boolean
}

type Place = 'folder' | 'image' | 'project' | 'search'

interface Definition {
  /** In pixels, unless the person chose another; none: it is no column of its own. */
  width: number | null
  align: 'start' | 'end'
  /** The rows that have something to say in it. */
  isOf: readonly Place[]
  /** What a two-pane manager has to put rows in its order. */
  sortKey: string
  /** Looked up from the top down: the largest, the newest. */
  descendsFirst?: true
  /** What results of a search are ordered by for it; without one they stay as they were found. */
  ofResults?: ResultSorting['column']
  text: (row: PaneRow, cell: Cell) => string
  /** More than there is room for. */
  hint?: (row: PaneRow) => string | undefined
}

const EVERYWHERE = ['folder', 'image', 'project', 'search'] as const
const LISTED = ['folder', 'image', 'project'] as const
const WRITTEN = ['image', 'project'] as const
const NONE = '–'

/** Each column once, in the order of the menus. Its words are `column.ID` and, for the menu, `command.sortID`. */
const DEFINITIONS: Record<ColumnId, Definition> = {
  name: {
    width: null,
    align: 'start',
    isOf: EVERYWHERE,
    sortKey: 'Mod+F3',
    ofResults: 'name',
    text: ({ name }) => name,
  },
  extension: {
    width: 72,
    align: 'start',
    isOf: EVERYWHERE,
    sortKey: 'Mod+F4',
    ofResults: 'name',
    text: ({ kind, name }) => (kind === 'directory' ? '' : extensionOf(name)),
  },
  size: {
    width: 84,
    align: 'end',
    isOf: EVERYWHERE,
    sortKey: 'Mod+F6',
    descendsFirst: true,
    ofResults: 'size',
    text: (row, { tab }) => (row.kind === 'directory' ? folderText(row, tab) : bytesText(row.byteLength)),
  },
  modified: {
    width: 116,
    align: 'end',
    isOf: EVERYWHERE,
    sortKey: 'Mod+F5',
    descendsFirst: true,
    ofResults: 'modified',
    text: ({ modified }) => (modified === null ? NONE : formatDate(modified, locale.value)),
    hint: ({ modified }) => (modified === null ? undefined : formatExactDate(modified, locale.value)),
  },
  kind: {
    width: 116,
    align: 'start',
    isOf: EVERYWHERE,
    sortKey: 'Mod+F7',
    ofResults: 'kind',
    text: kindName,
  },
  mode: {
    width: 92,
    align: 'start',
    isOf: LISTED,
    sortKey: 'Mod+F8',
    text: ({ mode }) => (mode === null ? NONE : formatMode(mode)),
  },
  owner: {
    width: 84,
    align: 'start',
    isOf: WRITTEN,
    sortKey: 'Mod+F9',
    text: ({ owner }) => owner ?? NONE,
  },
  status: {
    width: 92,
    align: 'start',
    isOf: WRITTEN,
    sortKey: 'Mod+F10',
    text: ({ mark, status }, { isDamaged }) =>
      mark ? t(`project.marks.${mark}`) : t(isDamaged && status === 'complete' ? 'status.damaged' : `status.${status}`),
  },
  hash: {
    width: 132,
    align: 'start',
    isOf: ['image'],
    sortKey: 'Mod+F11',
    text: ({ hash }) => hash?.slice(0, 16) ?? NONE,
    hint: ({ hash }) => hash ?? undefined,
  },
  target: {
    width: 148,
    align: 'start',
    isOf: LISTED,
    sortKey: 'Mod+F12',
    text: ({ target }) => target ?? '',
  },
  position: {
    width: 108,
    align: 'end',
    isOf: ['image'],
    sortKey: 'Mod+F2',
    text: ({ position }) => (position === null ? NONE : formatCount(position, locale.value)),
  },
}

/** Something that rows can be put in order by. */
export type SortColumn = Definition & { id: ColumnId }
/** What can stand beside the name. In which order is the person's choice. */
export type Column = SortColumn & { width: number }

export const SORT_COLUMNS: readonly SortColumn[] = (Object.keys(DEFINITIONS) as ColumnId[]).map((id) => ({
  id,
  ...DEFINITIONS[id],
}))
export const COLUMNS: readonly Column[] = SORT_COLUMNS.filter((column) => column.width !== null) as Column[]

export const columnOf = (id: ColumnId): Definition => DEFINITIONS[id]

/** Whether rows of an address have something to say in a column, and can be put in its order, shown or not. */
export function hasColumn(kind: PaneAddress['kind'], { isOf }: Definition): boolean {
  return (isOf as readonly string[]).includes(kind)
}

/** A folder's size where somebody asked for it, else how much is in it. */
function folderText(row: PaneRow, tab: Tab): string {
  const size = useFolderSizes().of(tab, row.key)
  if (size === 'waiting') return '…'
  if (size) return bytesText(size.byteLength)
  return row.childCount === null ? NONE : t('row.children', row.childCount)
}

function bytesText(byteLength: number): string {
  return formatBytes(byteLength, useSettings().units, locale.value)
}

/** Nobody reads less than this, nor needs more. */
export const COLUMN_MIN = 56
export const COLUMN_MAX = 480

export const NAME_COLUMN_MIN = 148
/** What was found is told by where it lies as much as by its name, and both stand in one column. */
export const RESULT_COLUMN_MIN = 300
