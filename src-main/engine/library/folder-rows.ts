import path from 'node:path'
import type { CommandOutput, CommandRequest } from '../../../src-shared/contract'
import { parseMask } from '../../../src-shared/model'
import { nameOrderKey } from '../../catalog'
import { listFolder, type FolderItem } from '../../files/listing'
import { freeBytes } from '../../files/places'
import fsPromises from 'node:fs/promises'
import { constants } from 'node:fs'

/** A listing this young is served again: a pane pages through it and asks for its counts at once. */
const FRESH_MS = 2000
const KEPT = 8

interface Listing {
  at: number
  items: FolderItem[]
  /** The order that was asked for last: paging and finding ask for the same one again and again. */
  order: { key: string; rows: FolderItem[]; byteTotal: number } | null
}

type Query = Pick<CommandRequest<'folder.rows'>, 'path' | 'sort' | 'filter' | 'mask' | 'showHidden'>

/** Windows of rows of this computer's folders. */
export class FolderRows {
  private readonly listings = new Map<string, Listing>()

  /** How often something was forgotten: a reading that began before is not kept. */
  private forgotten = 0

  constructor(private readonly now: () => number = Date.now) {}

  async rows(request: CommandRequest<'folder.rows'>): Promise<CommandOutput<'folder.rows'>> {
    const folder = path.resolve(request.path)
    const { rows, byteTotal } = await this.ordered(request)
    const parent = path.dirname(folder)
    return {
      path: folder,
      parent: parent === folder ? null : parent,
      total: rows.length,
      byteTotal,
      freeBytes: await freeBytes(folder),
      isWritable: await mayWrite(folder),
      rows: rows.slice(request.offset, request.offset + request.limit),
    }
  }

  /** The first row at or after `from` whose name starts so, going round. */
  async find(request: CommandRequest<'folder.findRow'>): Promise<number | null> {
    const { rows } = await this.ordered(request)
    const wanted = request.prefix.toLowerCase()
    const starts = ({ name }: FolderItem): boolean => name.toLowerCase().startsWith(wanted)
    const after = rows.findIndex((row, position) => position >= request.from && starts(row))
    const found = after >= 0 ? after : rows.findIndex(starts)
    return found < 0 ? null : found
  }

  private async ordered(query: Query): Promise<NonNullable<Listing['order']>> {
    const listing = await this.listing(path.resolve(query.path))
    const { sort, filter, mask, showHidden } = query
    const key = JSON.stringify([sort, filter, mask, showHidden])
    if (listing.order?.key === key) return listing.order
    const needle = filter.toLowerCase()
    const fits = mask === '' ? null : parseMask(mask).fits
    const shown = listing.items.filter(
      (item) =>
        (showHidden || !item.hidden) &&
        (fits === null || fits(item.name)) &&
        (needle === '' || item.name.toLowerCase().includes(needle)),
    )
    const byteTotal = shown.reduce((sum, item) => sum + item.byteLength, 0)
    return (listing.order = { key, rows: sortItems(shown, sort), byteTotal })
  }

  forget(folder: string): void {
    this.forgotten++
    this.listings.delete(path.resolve(folder))
  }

  private async listing(folder: string): Promise<Listing> {
    const known = this.listings.get(folder)
    if (known && this.now() - known.at < FRESH_MS) return known
    const { forgotten } = this
    const listing = { at: this.now(), items: await listFolder(folder), order: null }
    // Something changed while the folder was read: nobody is to be told this again.
    if (forgotten !== this.forgotten) return listing
    this.listings.delete(folder)
    this.listings.set(folder, listing)
    const oldest = this.listings.keys().next().value
    if (this.listings.size > KEPT && oldest !== undefined) this.listings.delete(oldest)
    return listing
  }
}

function sortItems(items: FolderItem[], sort: CommandRequest<'folder.rows'>['sort']): FolderItem[] {
  const sign = sort.descending ? -1 : 1
  const keyed = items.map((item) => ({ item, name: nameOrderKey(item.name), key: keyOf(item, sort.column) }))
  keyed.sort((a, b) => {
    if (sort.foldersFirst && (a.item.kind === 'directory') !== (b.item.kind === 'directory'))
      return a.item.kind === 'directory' ? -1 : 1
    if (a.key !== b.key) return a.key < b.key ? -sign : sign
    return a.name < b.name ? -sign : a.name > b.name ? sign : 0
  })
  return keyed.map(({ item }) => item)
}

function keyOf(item: FolderItem, column: string): number | string {
  switch (column) {
    case 'size':
      return item.byteLength
    case 'modified':
      return item.modified ?? 0
    case 'mode':
      return item.mode ?? 0
    case 'target':
      return item.target ?? ''
    case 'kind':
    case 'extension':
      return `${item.kind} ${path.extname(item.name).toLowerCase()}`
    default:
      return 0
  }
}

async function mayWrite(folder: string): Promise<boolean> {
  try {
    await fsPromises.access(folder, constants.W_OK)
    return true
  } catch {
    return false
  }
}
