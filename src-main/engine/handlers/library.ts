import path from 'node:path'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** What the catalog knows of images that were seen, and which folders it watches. */
export function libraryHandlers(services: EngineServices): Domain<'library' | 'catalog' | 'recent'> {
  const library = () => services.library().peer
  const queries = () => services.queries().peer

  return {
    'library.list': ({ state, offset, limit, ...query }, { signal }) =>
      library().call('list', { query, state, offset, limit }, signal),
    'library.update': async ({ ids, ...changes }) => {
      await library().call('update', { ids, changes })
      services.emit('library.changed', {})
      return {}
    },
    'library.forget': async ({ ids }) => {
      for (const id of ids) await services.images.end(id)
      await library().call('forget', { ids })
      services.emit('library.changed', {})
      return {}
    },
    'catalog.status': () => library().call('catalogSize', undefined),
    'catalog.clean': async () => {
      const forgotten = await services.cleanCatalog(true)
      return { ...(await library().call('catalogSize', undefined)), forgotten }
    },
    'library.folders': async () => ({ folders: await services.indexer.list() }),
    'library.addFolder': async ({ path: folder }) => {
      await services.indexer.add(path.resolve(folder))
      return {}
    },
    'library.removeFolder': async ({ path: folder }) => {
      await services.indexer.remove(path.resolve(folder))
      return {}
    },

    'recent.list': async ({ limit }, { signal }) => ({ images: await queries().call('recent', { limit }, signal) }),
    'recent.forget': async ({ id }) => {
      await queries().call('forget', { id })
      return {}
    },
  }
}
