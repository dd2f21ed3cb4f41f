import type { Domain } from './handler-types'
import type { EngineServices } from './services'

/** What jobs have found that compare trees, or look for files that are there more than once. */
export function comparisonHandlers(services: EngineServices): Domain<'compare' | 'duplicates'> {
  const library = () => services.library().peer
  return {
    'compare.rows': async (request, { signal }) => ({ rows: await library().call('comparisonRows', request, signal) }),
    'duplicates.rows': async (request, { signal }) => ({
      rows: await library().call('duplicateRows', request, signal),
    }),
  }
}
