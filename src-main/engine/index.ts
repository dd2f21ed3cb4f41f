/** The engine's public face: what hosts and the command line may use. */
import type { ContentHasher } from '../jobs/kinds/from-image/content-hasher'
import { type CatalogFilter, searchCatalog as searchIn } from './library'
import { profileFolder } from './process'

export { IsoldeError, toErrorShape } from '../../src-shared/contract/errors'
export { identifyImage, type Identity } from '../identify/identify'
export {
  engineEnvironment,
  LOG_LEVELS,
  logLevelOf,
  type LogLevel,
  profileFolder,
  startEngine,
  stoppedEvent,
  Supervisor,
  type ChildMessage,
  type EngineChild,
  type EngineLink,
  type EngineOptions,
  type EngineStopped,
  type HostMessage,
  type SupervisorOptions,
} from './process'
export {
  assertFits,
  AuthorError,
  changeTree,
  collect,
  damagedFiles,
  optionsOfImage,
  planImage,
  readImageTree,
  renewLists,
  mbrCodeOf,
  PRESETS,
  writePlan,
  type AuthorOptions,
  type Change,
  type Plan,
  type SourceRequest,
} from '../author'
export { makeWholeFile } from '../sinks/atomic-file'
export { CancelledError, takeTurns, type Control, type Progress } from '../task'
export { findPath } from '../extract/selection'
export { findSums, type ExpectedSum } from '../image/sums/sums'
export { findSumOf } from '../image/sums/sums-above'
export { SummedContent } from '../image/sums/summed-content'
export { compareImages, type ComparedTree } from './library'
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
export { lossesOf } from '../jobs/kinds/from-image/losses'
export { pour } from '../sinks/pour'
export { replaceKeeping } from '../sinks/replace-file'
export {
  inReadingOrder,
  NESTING_LIMIT,
  openLocation,
  ViewDifferences,
  type OpenedLocation,
  type OpenLocationOptions,
} from './images'
export { findSignatures, Keyring, NoKeyError, type SignatureReport } from '../trust'
export { verifyImage } from '../verify/verify'
export { findSumsBeside, sumsIn } from '../files/sums-beside'
export { imageSumOf, type ImageSum } from '../image/sums/image-sums'

/** See `search-catalog.ts`: the profile of whoever asks. */
export const searchCatalog = (filter: CatalogFilter, limit: number): ReturnType<typeof searchIn> =>
  searchIn(profileFolder(), filter, limit)

/** See `content-hasher.ts`. */
export const contentHasher = async (algorithm: 'sha256' | 'blake3'): Promise<ContentHasher> =>
  (await import('../jobs/kinds/from-image/content-hasher')).ContentHasher.of(algorithm)
