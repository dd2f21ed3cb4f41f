import type { SortColumn } from '../../../src-shared/contract'
import type { PaneAddress } from './address'

export interface Column {
  id: SortColumn
  /** In pixels, unless the person chose another. */
  width: number
  align: 'start' | 'end'
  /** Only the inside of an image has it. */
  isOfImages?: boolean
  /** An image that is being put together has it too. */
  isOfProjects?: boolean
  /** What a search finds has it too. */
  isOfResults?: boolean
}

/** What can stand beside the name. In which order is the person's choice. */
export const COLUMNS: readonly Column[] = [
  { id: 'extension', width: 72, align: 'start', isOfResults: true },
  { id: 'size', width: 84, align: 'end', isOfResults: true },
  { id: 'modified', width: 116, align: 'end', isOfResults: true },
  { id: 'kind', width: 116, align: 'start', isOfResults: true },
  { id: 'mode', width: 92, align: 'start' },
  { id: 'owner', width: 84, align: 'start', isOfImages: true, isOfProjects: true },
  { id: 'status', width: 92, align: 'start', isOfImages: true, isOfProjects: true },
  { id: 'hash', width: 132, align: 'start', isOfImages: true },
  { id: 'target', width: 148, align: 'start' },
  { id: 'position', width: 108, align: 'end', isOfImages: true },
]

/** Whether rows of an address have something to say in a column. */
export function hasColumn(kind: PaneAddress['kind'], column: Column): boolean {
  if (kind === 'search') return column.isOfResults === true
  if (kind === 'project') return !column.isOfImages || column.isOfProjects === true
  return kind === 'image' || !column.isOfImages
}

/** Whether rows of an address can be put in the order of a column, shown or not. */
export function canSortBy(kind: PaneAddress['kind'], id: SortColumn): boolean {
  const column = COLUMNS.find((one) => one.id === id)
  return column === undefined || hasColumn(kind, column)
}

/** Nobody reads less than this, nor needs more. */
export const COLUMN_MIN = 56
export const COLUMN_MAX = 480

export const NAME_COLUMN_MIN = 148
/** What was found is told by where it lies as much as by its name, and both stand in one column. */
export const RESULT_COLUMN_MIN = 300
