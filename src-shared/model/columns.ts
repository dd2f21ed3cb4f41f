/**
 * What rows can be shown and put in order by. A column is an id here, what the catalog and the folders order it by
 * (`catalog/row-order.ts`, `engine/library/folder-rows.ts`), and how the window shows it (`data/rows/columns.ts`): the
 * compiler names the places that lack a new one.
 */
export const COLUMN_IDS = [
  'name',
  'extension',
  'size',
  'modified',
  'kind',
  'mode',
  'owner',
  'status',
  'target',
  'position',
  'hash',
] as const
export type ColumnId = (typeof COLUMN_IDS)[number]
