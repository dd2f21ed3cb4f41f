import type { Connection } from './database'
import { DIRECTORY_CODE, HIDDEN_MASK, KIND_MASK, rowidOf } from './entry-codes'
import { nameOrderKey } from './name-order'

export type RowColumn =
  'name' | 'extension' | 'size' | 'modified' | 'kind' | 'mode' | 'owner' | 'status' | 'position' | 'disc'

export interface RowSorting {
  column: RowColumn
  descending: boolean
  foldersFirst: boolean
}

interface OrderRequest {
  sort: RowSorting
  filter: string
  showHidden: boolean
}

/** What each column is ordered by, as an SQL number; those not here go by name or extension. */
const NUMBERS: Partial<Record<RowColumn, string>> = {
  size: 'byte_length',
  modified: 'coalesce(modified, -9e15)',
  mode: 'coalesce(mode, -1)',
  owner: 'coalesce(uid, -1)',
  status: 'flags >> 5',
  kind: `flags & ${KIND_MASK}`,
  position: 'coalesce(disc_position, 9e15)',
  disc: 'coalesce(disc_position, 9e15)',
}

/**
 * The entries `[first, first + count)` of a view in the order a pane wants them. Ties, and everything that has no
 * number of its own, go by name, so that the order is the same every time.
 */
export function orderRows(
  database: Connection,
  viewId: number,
  first: number,
  count: number,
  request: OrderRequest,
): { entries: Uint32Array; byteTotal: number } {
  const base = rowidOf(viewId, 0)
  const number = NUMBERS[request.sort.column] ?? '0'
  const rows = database
    .prepare(`SELECT id, name, flags, byte_length, ${number} FROM entry WHERE id BETWEEN ? AND ?`)
    .raw()
    .iterate(rowidOf(viewId, first), rowidOf(viewId, first + count - 1)) as IterableIterator<
    [number, string, number, number, number]
  >
  const needle = request.filter.toLowerCase()
  const columns = new Columns(count)
  let byteTotal = 0
  for (const [id, name, flags, byteLength, key] of rows) {
    if (!request.showHidden && ((flags & HIDDEN_MASK) !== 0 || name.startsWith('.'))) continue
    if (needle !== '' && !name.toLowerCase().includes(needle)) continue
    byteTotal += byteLength
    const isDirectory = (flags & KIND_MASK) === DIRECTORY_CODE
    columns.add(id - base, key, request.sort.foldersFirst && isDirectory ? 0 : 1, textKey(request.sort.column, name))
  }
  return { entries: columns.sorted(request.sort.descending), byteTotal }
}

function textKey(column: RowColumn, name: string): string {
  const key = nameOrderKey(name)
  if (column !== 'extension') return key
  const dot = name.lastIndexOf('.')
  // NUL sorts before everything, so that names without an extension come first.
  return `${dot > 0 ? name.slice(dot + 1).toLowerCase() : ''}\0${key}`
}

class Columns {
  private readonly entries: Uint32Array
  private readonly numbers: Float64Array
  private readonly groups: Uint8Array
  private readonly texts: string[] = []
  private length = 0

  constructor(capacity: number) {
    this.entries = new Uint32Array(capacity)
    this.numbers = new Float64Array(capacity)
    this.groups = new Uint8Array(capacity)
  }

  add(entry: number, number: number, group: number, text: string): void {
    const at = this.length++
    this.entries[at] = entry
    this.numbers[at] = number
    this.groups[at] = group
    this.texts.push(text)
  }

  sorted(descending: boolean): Uint32Array {
    const { numbers, groups, texts } = this
    const order = new Uint32Array(this.length)
    for (let i = 0; i < order.length; i++) order[i] = i
    const sign = descending ? -1 : 1
    const isBefore = (a: number, b: number): number => {
      const group = (groups[a] ?? 0) - (groups[b] ?? 0)
      if (group !== 0) return group
      const difference = (numbers[a] ?? 0) - (numbers[b] ?? 0)
      if (difference !== 0) return sign * difference
      const x = texts[a] ?? ''
      const y = texts[b] ?? ''
      return x < y ? -sign : x > y ? sign : a - b
    }
    // Discs record names in order, or nearly: looking first is much cheaper than sorting.
    let isSorted = true
    for (let i = 1; i < order.length && isSorted; i++) isSorted = isBefore(i - 1, i) <= 0
    if (!isSorted) order.sort(isBefore)
    return order.map((at) => this.entries[at] ?? 0)
  }
}
