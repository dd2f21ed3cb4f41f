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

function imageCalled(database: Connection, name: string): number {
  const everything = { text: '', group: null, tag: null, sort: 'lastSeen', descending: true } as const
  const images = new LibraryStore(database).list(everything).filter((image) => image.inside.length === 0)
  const absolute = path.resolve(name)
  const found = images.find((image) => image.path === absolute) ?? images.find((image) => image.name === name)
  if (!found) throw new IsoldeError('NO_SUCH_FILE', `The catalog knows no image ${name}. Open it in the window first.`)
  return found.id
}
