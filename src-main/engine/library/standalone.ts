import type { compareImages as compare } from './compare-images'
import type { exportCatalog as exportAll } from './export-catalog'
import type { searchCatalog as search } from './search-catalog'

/*
 * What the command line does without an engine. Loaded when it is called: nothing else there needs the database.
 */

/** See `search-catalog.ts`. */
export const searchCatalog: typeof search = async (...request) =>
  (await import('./search-catalog')).searchCatalog(...request)

/** See `compare-images.ts`. */
export const compareImages: typeof compare = async (...request) =>
  (await import('./compare-images')).compareImages(...request)

/** See `export-catalog.ts`. */
export const exportCatalog: typeof exportAll = async (...request) =>
  (await import('./export-catalog')).exportCatalog(...request)
