import path from 'node:path'
import type { CommandOutput, CommandRequest } from '../../../src-shared/contract'
import { nameFilter, parseMask, type ColumnId } from '../../../src-shared/model'
import { nameOrderKey } from '../../catalog'
import { listBelow, listFolder, type FolderItem } from '../../files/listing'
import { freeBytes } from '../../files/places'
import fsPromises from 'node:fs/promises'
import { constants } from 'node:fs'

/** A listing this young is served again: a pane pages through it and asks for its counts at once. */
const FRESH_MS = 2000
const KEPT = 8

interface Listing {
  at: number
  items: FolderItem[]
  /** There is more than anybody would read. */
  isCut: boolean
  /** The order that was asked for last: paging and finding ask for the same one again and again. */
  order: { key: string; rows: FolderItem[]; byteTotal: number } | null
}

type Query = Pick<
  CommandRequest<'folder.rows'>,
  'path' | 'sort' | 'filter' | 'mask' | 'showHidden' | 'isDeep' | 'notBefore'
>

/** Windows of rows of this computer's folders. */
export class FolderRows {
  private readonly listings = new Map<string, Listing>()

  /** How often something was forgotten: a reading that began before is not kept. */
  private forgotten = 0

  constructor(private readonly now: () => number = Date.now) {}

  /** @param signal ends it between two looks at the disk */
  async rows(request: CommandRequest<'folder.rows'>, signal?: AbortSignal): Promise<CommandOutput<'folder.rows'>> {
    const folder = path.resolve(request.path)
    const { rows, byteTotal, isCut } = await this.ordered(request, signal)
    const parent = path.dirname(folder)
    return {
      path: folder,
      parent: parent === folder ? null : parent,
      total: rows.length,
      byteTotal,
      isCut,
      freeBytes: await freeBytes(folder),
      isWritable: await mayWrite(folder),
      rows: rows.slice(request.offset, request.offset + request.limit),
    }
  }

  /** The first row at or after `from` whose name starts so, going round. */
  async find(request: CommandRequest<'folder.findRow'>, signal?: AbortSignal): Promise<number | null> {
    const { rows } = await this.ordered(request, signal)
    const wanted = request.prefix.toLowerCase()
    const starts = ({ name }: FolderItem): boolean => name.toLowerCase().startsWith(wanted)
    const after = rows.findIndex((row, position) => position >= request.from && starts(row))
    const found = after >= 0 ? after : rows.findIndex(starts)
    return found < 0 ? null : found
  }

  private async ordered(
    query: Query,
    signal?: AbortSignal,
  ): Promise<NonNullable<Listing['order']> & { isCut: boolean }> {
    const listing = await this.listing(path.resolve(query.path), query, signal)
    signal?.throwIfAborted()
    const { sort, filter, mask, showHidden } = query
    const { isCut } = listing
    const key = JSON.stringify([sort, filter, mask, showHidden])
    if (listing.order?.key === key) return { ...listing.order, isCut }
    const matches = nameFilter(filter)
    const fits = mask === '' ? null : parseMask(mask).fits
    const shown = listing.items.filter(
      (item) =>
        (showHidden || !item.hidden) && (fits === null || fits(item.name)) && (matches === null || matches(item.name)),
    )
    const byteTotal = shown.reduce((sum, item) => sum + item.byteLength, 0)
    listing.order = { key, rows: sortItems(shown, sort), byteTotal }
    return { ...listing.order, isCut }
  }

  forget(folder: string): void {
    this.forgotten++
    const changed = path.resolve(folder)
    for (const key of this.listings.keys()) if (key === changed || key.includes('\0')) this.listings.delete(key)
  }

  private async listing(
    folder: string,
    { isDeep, showHidden, notBefore }: Pick<Query, 'isDeep' | 'showHidden' | 'notBefore'>,
    signal?: AbortSignal,
  ): Promise<Listing> {
    const key = isDeep ? `${folder}\0${String(showHidden)}` : folder
    const known = this.listings.get(key)
    // Everything below a folder takes longer to read than to page through: it stays until it is asked for anew.
    if (known && (isDeep ? known.at >= notBefore : this.now() - known.at < FRESH_MS)) return known
    const { forgotten } = this
    const read = isDeep
      ? await listBelow(folder, showHidden, signal)
      : { items: await listFolder(folder), isCut: false }
    const listing = { at: this.now(), ...read, order: null }
    // Something changed while the folder was read: nobody is to be told this again.
    if (forgotten !== this.forgotten) return listing
    this.listings.delete(key)
    this.listings.set(key, listing)
    const oldest = this.listings.keys().next().value
    if (this.listings.size > KEPT && oldest !== undefined) this.listings.delete(oldest)
    return listing
  }
}

/** What rows are put in order by. */
export type SortableItem = Pick<FolderItem, 'name' | 'kind' | 'byteLength' | 'modified' | 'mode' | 'target'>

/** Rows in the order of a column, those that are equal in it by name. */
export function sortItems<Item extends SortableItem>(
  items: readonly Item[],
  sort: CommandRequest<'folder.rows'>['sort'],
  keyFor: (item: Item, column: ColumnId) => number | string = keyOf,
): Item[] {
  const sign = sort.descending ? -1 : 1
  const keyed = items.map((item) => ({ item, name: nameOrderKey(item.name), key: keyFor(item, sort.column) }))
  keyed.sort((a, b) => {
    if (sort.foldersFirst && (a.item.kind === 'directory') !== (b.item.kind === 'directory'))
      return a.item.kind === 'directory' ? -1 : 1
    if (a.key !== b.key) return a.key < b.key ? -sign : sign
    return a.name < b.name ? -sign : a.name > b.name ? sign : 0
  })
  return keyed.map(({ item }) => item)
}

const byKind = ({ kind, name }: SortableItem): string => `${kind} ${path.extname(name).toLowerCase()}`
/** By their name alone, which is what rows that are equal go by. */
const byName = (): number => 0

/** What rows of this computer are ordered by; what only images record leaves them in the order of their names. */
const KEYS: Record<ColumnId, (item: SortableItem) => number | string> = {
  name: byName,
  extension: byKind,
  size: ({ byteLength }) => byteLength,
  modified: ({ modified }) => modified ?? 0,
  kind: byKind,
  mode: ({ mode }) => mode ?? 0,
  owner: byName,
  status: byName,
  target: ({ target }) => target ?? '',
  position: byName,
  hash: byName,
}

export function keyOf(item: SortableItem, column: ColumnId): number | string {
  return KEYS[column](item)
}

async function mayWrite(folder: string): Promise<boolean> {
  try {
    await fsPromises.access(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
