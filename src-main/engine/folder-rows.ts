import path from 'node:path'
import type { CommandOutput, CommandRequest } from '../../src-shared/contract'
import { nameOrderKey } from '../catalog'
import { listFolder, type FolderItem } from '../files/listing'
import { freeBytes } from '../files/places'
import fsPromises from 'node:fs/promises'
import { constants } from 'node:fs'

/** A listing this young is served again: a pane pages through it and asks for its counts at once. */
const FRESH_MS = 2000
const KEPT = 8

interface Listing {
  at: number
  items: FolderItem[]
}

/** Windows of rows of this computer's folders. */
export class FolderRows {
  private readonly listings = new Map<string, Listing>()

  constructor(private readonly now: () => number = Date.now) {}

  async rows(request: CommandRequest<'folder.rows'>): Promise<CommandOutput<'folder.rows'>> {
    const folder = path.resolve(request.path)
    const items = await this.items(folder)
    const needle = request.filter.toLowerCase()
    const shown = items.filter(
      (item) => (request.showHidden || !item.hidden) && (needle === '' || item.name.toLowerCase().includes(needle)),
    )
    const rows = sortItems(shown, request.sort)
    const parent = path.dirname(folder)
    return {
      path: folder,
      parent: parent === folder ? null : parent,
      total: rows.length,
      byteTotal: rows.reduce((sum, item) => sum + item.byteLength, 0),
      freeBytes: await freeBytes(folder),
      isWritable: await mayWrite(folder),
      rows: rows.slice(request.offset, request.offset + request.limit),
    }
  }

  forget(folder: string): void {
    this.listings.delete(path.resolve(folder))
  }

  private async items(folder: string): Promise<FolderItem[]> {
    const known = this.listings.get(folder)
    if (known && this.now() - known.at < FRESH_MS) return known.items
    const items = await listFolder(folder)
    this.listings.delete(folder)
    this.listings.set(folder, { at: this.now(), items })
    const oldest = this.listings.keys().next().value
    if (this.listings.size > KEPT && oldest !== undefined) this.listings.delete(oldest)
    return items
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
