import path from 'node:path'
import { connect, EntrySearch, prepareCatalog, releaseCatalog, type SearchHit } from '../catalog'
import { pathIsThere } from '../files/listing'
import { IsoldeError } from '../../src-shared/contract/errors'
import { profileFolder } from './home'

/**
 * Searches the profile's catalog by itself, for the command line.
 * @throws {IsoldeError} `CATALOG_OFF` where the profile cannot be used
 */
export function searchCatalog(
  text: string,
  limit: number,
): Promise<{ hits: (SearchHit & { isOnline: boolean })[]; hasMore: boolean }> {
  const catalog = prepareCatalog(path.join(profileFolder(), 'catalog.sqlite'))
  try {
    if (!catalog.isKept) throw new IsoldeError('CATALOG_OFF', catalog.problem ?? 'There is no catalog to search.')
    const database = connect(catalog.path, 'read')
    const query = { text, imageId: null, kinds: null, minByteLength: null, maxByteLength: null, offset: 0, limit }
    const { hits, hasMore } = new EntrySearch(database).search(query)
    const online = new Map<string, boolean>()
    for (const hit of hits) if (!online.has(hit.imagePath)) online.set(hit.imagePath, pathIsThere(hit.imagePath))
    const described = hits.map((hit) => ({ ...hit, isOnline: online.get(hit.imagePath) ?? false }))
    database.close()
    return Promise.resolve({ hits: described, hasMore })
  } finally {
    releaseCatalog(catalog)
  }
}
