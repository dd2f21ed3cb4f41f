/** The engine's public face: what hosts and the command line may use. */
export { IsoldeError, toErrorShape } from '../../src-shared/contract/errors'
export { identifyImage, type Identity } from '../identify/identify'
export type { EngineOptions } from './parts'
export { makeWholeFile } from '../extract/archive-file'
export { CancelledError } from '../extract/extract-error'
export { findPath } from '../extract/selection'
export type { DiscImage, EntryTable, ImageView } from '../image'
export {
  archiveImage,
  archivePath,
  extractImage,
  freeArchivePath,
  smartDestination,
  type ArchiveFormat,
} from './extract-image'
export { startEngine } from './fork-engine'
export { profileFolder } from './home'
export { NESTING_LIMIT, openLocation, openSource, type OpenedLocation, type OpenLocationOptions } from './open-location'
import type { searchCatalog as search } from './search-catalog'

export { inReadingOrder, ViewDifferences } from './view-differences'
export type { ChildMessage, HostMessage } from './process-messages'
export { Supervisor, type EngineChild, type EngineLink, type SupervisorOptions } from './supervisor'

/** See `search-catalog.ts`. Loaded when it is called: nothing else in the command line needs the database. */
export const searchCatalog: typeof search = async (text, limit) =>
  (await import('./search-catalog')).searchCatalog(text, limit)
