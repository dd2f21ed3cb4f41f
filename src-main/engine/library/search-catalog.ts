import path from 'node:path'
import {
  connect,
  EntrySearch,
  LibraryStore,
  prepareCatalog,
  releaseCatalog,
  type Connection,
  type SearchFilter,
  type SearchHit,
} from '../../catalog'
import { Presence } from '../../files/presence'
import { IsoldeError } from '../../../src-shared/contract/errors'

/** As the catalog's own filter, with an image by its path or name. */
export type CatalogFilter = Omit<SearchFilter, 'imageId'> & { image: string | null }

/**
 * Searches the catalog of a profile by itself, for the command line.
 * @param home the profile folder
 * @throws {IsoldeError} `CATALOG_OFF` where the profile cannot be used, `NO_SUCH_FILE` where it knows no such image
 */
export async function searchCatalog(
  home: string,
  { image, ...filter }: CatalogFilter,
  limit: number,
): Promise<{ hits: (SearchHit & { isOnline: boolean })[]; hasMore: boolean }> {
  const catalog = prepareCatalog(path.join(home, 'catalog.sqlite'))
  try {
    if (!catalog.isPersistent) throw new IsoldeError('CATALOG_OFF', catalog.problem ?? 'There is no catalog to search.')
    const database = connect(catalog.path, 'read')
    try {
      const finder = new EntrySearch(database)
      const imageId = image === null ? null : imageCalled(database, image)
      // One more than wanted tells whether there are more.
      const { found } = finder.step({ ...filter, imageId }, -1, limit + 1, Infinity)
      const hits = found.slice(0, limit).flatMap((id) => finder.describe(id) ?? [])
      const online = await new Presence().ask(hits.map((hit) => hit.imagePath))
      return {
        hits: hits.map((hit, i) => ({ ...hit, isOnline: online[i] ?? false })),
        hasMore: found.length > limit,
      }
    } finally {
      database.close()
    }
  } finally {
    releaseCatalog(catalog)
  }
}

/**
 * By its path or name. An image within another is called as it is shown: `outer.iso//way/to/inner.squashfs`.
 * @throws {IsoldeError} `NO_SUCH_FILE` where the catalog knows none
 */
function imageCalled(database: Connection, name: string): number {
  const images = new LibraryStore(database).all()
  const find = (outer: string, inside: readonly string[]): { id: number } | undefined => {
    const absolute = path.resolve(outer)
    const there = images.filter((image) => sameWay(image.inside, inside))
    return there.find((image) => image.path === absolute) ?? there.find((image) => outerName(image) === outer)
  }
  const [outer = '', ...inside] = name.split('//')
  const found = find(name, []) ?? (inside.length > 0 ? find(outer, inside) : undefined)
  if (!found) throw new IsoldeError('NO_SUCH_FILE', `The catalog knows no image ${name}. Open it in the window first.`)
  return found.id
}

/** Of the file that it lies in, whatever the image within it is called. */
function outerName({ name, path: file, inside }: { name: string; path: string; inside: readonly unknown[] }): string {
  return inside.length === 0 ? name : path.basename(file)
}

function sameWay(steps: readonly { path: string }[], inside: readonly string[]): boolean {
  return steps.length === inside.length && steps.every((step, index) => step.path === inside[index])
}
