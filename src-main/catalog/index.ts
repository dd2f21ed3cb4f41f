export {
  CatalogError,
  connect,
  migrate,
  prepareCatalog,
  releaseCatalog,
  type Connection,
  type PreparedCatalog,
} from './database'
export { EntryGoneError, EntryReader, type DirectoryQuery, type OrderedDirectory } from './entry-reader'
export { EntrySearch, type SearchHit, type SearchQuery } from './entry-search'
export { EntryWriter, type EntryColumnsFace } from './entry-writer'
export { ImageStore, locationKey, type ImageIdentityKey, type KnownImage } from './image-store'
export { SqliteJobStore } from './job-store'
export { MIGRATIONS } from './migrations'
export { nameOrderKey } from './name-order'
export type { EntryRecord, RecentImageRecord } from './records'
