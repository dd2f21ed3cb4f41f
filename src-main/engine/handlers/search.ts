import type { CommandRequest } from '../../../src-shared/contract'
import type { SearchFilter } from '../../catalog'
import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** Searches across images, and results of the engine that windows ask for rows of. */
export function searchHandlers(services: EngineServices): Domain<'search' | 'result'> {
  const library = () => services.library().peer

  return {
    'search.run': async ({ limit, after, ...filter }, { signal }) => {
      const { hits, next } = await library().call('search', { filter: filterOf(filter), after, limit }, signal)
      return { hits, next, hasMore: next !== null }
    },
    'search.open': async (filter) => ({ search: await library().call('openSearch', filterOf(filter)) }),
    'search.rows': (request, { signal }) => library().call('searchRows', request, signal),

    'result.close': async ({ result }) => {
      await library().call('close', { result })
      return {}
    },
  }
}

function filterOf({ image, ...filter }: CommandRequest<'search.open'>): SearchFilter {
  return { ...filter, imageId: image }
}
