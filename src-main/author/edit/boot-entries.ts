import type { BootEntry } from '../../../src-shared/model'
import { catalogEntries, type CatalogEntry, type DiscImage, type EntryTable } from '../../image'
import type { AuthorContent } from '../author-tree'

/** An entry of an image's boot catalog, by where it is on the disc: whatever the disc itself lies in. */
export interface PlacedEntry {
  entry: BootEntry
  /** What the catalog says besides; null where it cannot be read again. */
  catalog: CatalogEntry | null
  /** The boot image's bytes; null where they are not on the disc. */
  content: AuthorContent | null
}

/**
 * The entries of an image's boot catalog. The view of boot images has them all with their bytes, in the order of the
 * catalog, and the catalog itself.
 */
export async function bootEntriesOf(image: DiscImage): Promise<PlacedEntry[]> {
  const { boot, views } = image.info
  const images: (AuthorContent | null)[] = []
  const catalogs: CatalogEntry[] = []
  for (const { id } of boot.length === 0 ? [] : views.filter(({ kind }) => kind === 'boot')) {
    const table = await image.view(id).readTree()
    const numbered: (AuthorContent | null)[] = []
    for (let index = 1; index < table.length; index++) {
      const number = Number(/^(\d+)-/.exec(table.nameOf(index))?.[1] ?? 0)
      if (number > 0) numbered[number - 1] = imageOf(table, index)
      else catalogs.push(...catalogEntries(await bytesOf(table, index)))
    }
    images.push(...numbered)
  }
  return boot.map((entry, index) => {
    const content = images[index] ?? null
    return { entry, catalog: catalogs[index] ?? null, content: content?.byteLength === 0 ? null : content }
  })
}

function imageOf(table: EntryTable, index: number): AuthorContent {
  return {
    byteLength: table.byteLengthOf(index),
    origin: table.pathOf(index),
    discPosition: table.discPositionOf(index),
    isDamaged: table.statusOf(index) !== 'complete',
    open: () => {
      const content = table.content(index)
      if (content === null) throw new RangeError(`${table.pathOf(index)} is no boot image.`)
      return content
    },
  }
}

async function bytesOf(table: EntryTable, index: number): Promise<Uint8Array> {
  const source = table.content(index)
  if (source === null) return new Uint8Array(0)
  try {
    return Uint8Array.from(await source.read(0, table.byteLengthOf(index)))
  } finally {
    await source.close()
  }
}
