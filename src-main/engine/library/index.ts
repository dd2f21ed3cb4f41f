/** What the catalog knows across images: rows for panes, searches, comparisons, duplicates, watched folders. */
export { indexInBackground } from './background-index'
export type { ComparedTree } from './compare-images'
export { entriesIn } from './entry-selection'
export { LibraryIndexer } from './library-indexer'
export type { LibraryMethods, LibraryOwnerMethods } from './library-service'
export type { QueryMethods } from './query-service'
export type { CatalogFilter } from './search-catalog'
export { compareImages, searchCatalog } from './standalone'
