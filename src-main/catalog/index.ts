export { catalogSize, cleanCatalog, compact, type CatalogSize, type CleaningRules } from './cleaning'
export {
  CatalogError,
  connect,
  isFailure,
  migrate,
  prepareCatalog,
  releaseCatalog,
  openFallback,
  type Connection,
  type PreparedCatalog,
} from './database'
export { AVOID_NATIVE_CODE } from './sqlite'
export { EXPORT_TABLES, exportedImages, type ExportColumn, type ExportType, type ExportValue } from './export-tables'
export { EntryListing, type ListedEntry } from './entry-listing'
export { endOfFiles, mapDisc, type DiscMeasures } from './disc-map'
export { EntryGoneError, EntryReader, type DirectoryQuery, type OrderedDirectory } from './entry-reader'
export { Duplicates, duplicateCandidates, type DuplicateQuery, type DuplicateRow } from './duplicates'
export { EntrySearch, EVERYTHING, type SearchFilter, type SearchHit } from './entry-search'
export { EntryWriter, ViewTakenOverError, type EntryColumnsFace } from './entry-writer'
export { foldName } from './fold-name'
export { knownHashes, type ImageAsItIs } from './known-hashes'
export { findView, HASH_ALGORITHMS, HashStore, type HashAlgorithm, type HashedFile } from './hash-store'
export { ImageStore, locationKey, type ImageIdentityKey, type KnownImage } from './image-store'
export { SqliteJobStore } from './job-store'
export { LibraryStore, type LibraryChanges, type LibraryQuery, type LibraryRecord } from './library-store'
export { MIGRATIONS } from './migrations'
export { NestedImages } from './nested-images'
export { nameOrderKey } from './name-order'
export type { EntryRecord, RecentImageRecord } from './records'
export { SearchResults, type ResultSorting } from './search-results'
export { TreeComparison, type ComparisonCounts, type ComparisonRow } from './tree-comparison'
export { WatchedFolders, type FileFacts } from './watched-folders'
export { mapSizes } from './size-map'
export { contentsOf, OutlineReader } from './view-outline'
export { TrustStore } from './trust-store'
