import type { SortColumn } from '../../src-shared/contract'

export interface Column {
  id: SortColumn
  /** In pixels, unless the person chose another. */
  width: number
  align: 'start' | 'end'
  /** Only the inside of an image has it. */
  isOfImages?: boolean
}

/** What can stand beside the name. In which order is the person's choice. */
export const COLUMNS: readonly Column[] = [
  { id: 'extension', width: 72, align: 'start' },
  { id: 'size', width: 84, align: 'end' },
  { id: 'modified', width: 116, align: 'end' },
  { id: 'kind', width: 116, align: 'start' },
  { id: 'mode', width: 92, align: 'start' },
  { id: 'owner', width: 84, align: 'start', isOfImages: true },
  { id: 'status', width: 92, align: 'start', isOfImages: true },
  { id: 'hash', width: 132, align: 'start', isOfImages: true },
  { id: 'target', width: 148, align: 'start' },
  { id: 'position', width: 108, align: 'end', isOfImages: true },
]

export const NAME_COLUMN_MIN = 148
