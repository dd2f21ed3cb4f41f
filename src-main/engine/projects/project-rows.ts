import type { ProjectRow } from '../../../src-shared/contract/project-commands'
import type { Sorting } from '../../../src-shared/contract/shapes'
import { nameFilter, parseMask, type ColumnId } from '../../../src-shared/model'
import { markOf, type ProjectNode } from '../../author'
import { sortItems, sortKeyOf, type SortableItem } from '../library'

export interface ProjectQuery {
  sort: Sorting
  filter: string
  mask: string
}

interface Ordered {
  key: string
  rows: ProjectRow[]
  byteTotal: number
}

/** The order that was asked for last of each folder: one that is changed is another one, and has none yet. */
const orders = new WeakMap<ProjectNode, Ordered>()

/** The rows of a folder, filtered and sorted. @param hasMarks whether it says what became of them */
export function rowsOf(folder: ProjectNode, { sort, filter, mask }: ProjectQuery, hasMarks: boolean): Ordered {
  const key = JSON.stringify([sort, filter, mask])
  const known = orders.get(folder)
  if (known?.key === key) return known
  const matches = nameFilter(filter)
  const fits = mask === '' ? null : parseMask(mask).fits
  const rows: ProjectRow[] = []
  for (const node of folder.children?.values() ?? [])
    if ((matches === null || matches(node.name)) && (fits === null || fits(node.name))) rows.push(rowOf(node, hasMarks))
  const ordered = {
    key,
    rows: sortItems(rows, sort, sortedBy),
    byteTotal: rows.reduce((sum, { byteLength }) => sum + byteLength, 0),
  }
  orders.set(folder, ordered)
  return ordered
}

/** What a folder holds with everything below it, or those of its children that have these keys. */
export function contentsOf(
  folder: ProjectNode,
  has: ((key: number) => boolean) | null,
): { byteLength: number; fileCount: number } {
  if (has === null) return { byteLength: folder.byteLength, fileCount: folder.files }
  const chosen = [...(folder.children?.values() ?? [])].filter(({ key }) => has(key))
  return {
    byteLength: chosen.reduce((sum, { byteLength }) => sum + byteLength, 0),
    fileCount: chosen.reduce((sum, { files }) => sum + files, 0),
  }
}

/** The first row at or after `from` whose name starts so, going round. */
export function findRow(rows: readonly ProjectRow[], prefix: string, from: number): number | null {
  const wanted = prefix.toLowerCase()
  const starts = ({ name }: ProjectRow): boolean => name.toLowerCase().startsWith(wanted)
  const after = rows.findIndex((row, position) => position >= from && starts(row))
  const found = after >= 0 ? after : rows.findIndex(starts)
  return found < 0 ? null : found
}

const MARK_ORDER = { new: 0, changed: 1, moved: 2 }

function sortedBy(item: SortableItem, column: ColumnId): number | string {
  const { mark, owner } = item as ProjectRow
  if (column === 'status') return mark === null ? 3 : MARK_ORDER[mark]
  return column === 'owner' ? owner : sortKeyOf(item, column)
}

function rowOf(node: ProjectNode, hasMarks: boolean): ProjectRow {
  const { facts, name, key, byteLength, children } = node
  return {
    key,
    name,
    kind: facts.kind,
    byteLength: children === null ? byteLength : 0,
    modified: facts.modified,
    mode: facts.mode,
    owner: `${facts.uid}:${facts.gid}`,
    target: facts.kind === 'symlink' ? facts.target : null,
    hidden: facts.hidden,
    isDamaged: facts.content?.isDamaged === true,
    childCount: children?.size ?? null,
    mark: hasMarks ? markOf(node) : null,
  }
}
