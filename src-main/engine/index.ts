/** The engine's public face: what hosts and the command line may use. */
export { IsoldeError, toErrorShape } from '../../src-shared/contract/errors'
export { identifyImage, type Identity } from '../identify/identify'
export { engineEnvironment } from './engine-environment'
export type { EngineOptions } from './services'
export {
  assertFits,
  AuthorError,
  changeTree,
  collect,
  optionsOfImage,
  planImage,
  readImageTree,
  HYBRIDS,
  mbrCodeOf,
  MEDIA,
  PRESETS,
  UDF_REVISIONS,
  writePlan,
  type AuthorOptions,
  type Change,
  type MediaName,
  type Plan,
  type PresetName,
  type SourceRequest,
} from '../author'
export { makeWholeFile } from '../sinks/atomic-file'
export { CancelledError, takeTurns, type Control, type Progress } from '../task'
export { findPath } from '../extract/selection'
export { findSums, type ExpectedSum } from '../image/sums/sums'
export { findSumOf } from '../image/sums/sums-above'
export { SummedContent } from '../image/sums/summed-content'
export type { ComparedTree } from './compare-images'
export type { ComparisonRow } from '../catalog'
export type { DiscImage, EntryTable, ImageView } from '../image'
export {
  archiveImage,
  archivePath,
  damageMet,
  extractImage,
  freeFilePath,
  smartDestination,
  stemOf,
  type ArchiveFormat,
} from '../jobs/kinds/from-image/extract-image'
export { startEngine } from './fork-engine'
export { profileFolder } from './home'
export { lossesOf } from '../jobs/kinds/from-image/losses'
export { pour } from '../sinks/pour'
export { NESTING_LIMIT, openLocation, type OpenedLocation, type OpenLocationOptions } from './open-location'
export { verifyImage } from '../verify/verify'
import type { compareImages as compare } from './compare-images'
import type { ContentHasher } from '../jobs/kinds/from-image/content-hasher'
import type { searchCatalog as search } from './search-catalog'

export { inReadingOrder, ViewDifferences } from './view-differences'
export type { ChildMessage, HostMessage } from './process-messages'
export {
  stoppedEvent,
  Supervisor,
  type EngineChild,
  type EngineLink,
  type EngineStopped,
  type SupervisorOptions,
} from './supervisor'

/** See `search-catalog.ts`. Loaded when it is called: nothing else in the command line needs the database. */
export const searchCatalog: typeof search = async (filter, limit) =>
  (await import('./search-catalog')).searchCatalog(filter, limit)

/** See `compare-images.ts`. */
export const compareImages: typeof compare = async (...request) =>
  (await import('./compare-images')).compareImages(...request)

/** See `content-hasher.ts`. */
export const contentHasher = async (algorithm: 'sha256' | 'blake3'): Promise<ContentHasher> =>
  (await import('../jobs/kinds/from-image/content-hasher')).ContentHasher.of(algorithm)
