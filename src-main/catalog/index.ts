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
export { EntryWriter, type EntryColumnsFace } from './entry-writer'
export { ImageStore, locationKey, type ImageIdentityKey, type KnownImage } from './image-store'
export { SqliteJobStore } from './job-store'
export { MIGRATIONS } from './migrations'
export { nameOrderKey } from './name-order'
export type { EntryRecord, RecentImageRecord } from './records'
