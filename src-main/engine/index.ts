/** The engine's public face: what hosts and the command line may use. */
import path from 'node:path'
import type { ContentHasher } from '../jobs/kinds/from-image/content-hasher'
import type { Control } from '../task'
import { type CatalogFilter, exportCatalog as exportIn, searchCatalog as searchIn } from './library'
import {
  findMounts as findMountsIn,
  mountImage as mountIn,
  unmountNamed as unmountIn,
  type FoundMount,
  type MountedImage,
  type MountRequest,
} from './mounts'
import { profileFolder } from './process'
import { searchMapPath as mapPathOf } from '../find'
import { KeyStore } from '../trust'

export { IsoldeError, toErrorShape } from '../../src-shared/contract/errors'
export { findCarried, type Carried } from '../identify/carried'
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
  appendBase,
  assertFits,
  assertZisofsOptions,
  AuthorError,
  changeTree,
  copyFates,
  bootsNotConverted,
  filmPlacesOf,
  notConverted,
  followBoots,
  leftBehind,
  freeNameBeside,
  replaceOriginal,
  whyNotReplaceable,
  collect,
  damagedFiles,
  esdDisc,
  optionsOfImage,
  packFiles,
  planImage,
  readImageTree,
  renewLists,
  SESSION_OPTIONS,
  sessionFates,
  MBR_BYTES,
  mbrCodeOf,
  ModeOneSectors,
  PRESETS,
  writePlan,
  type AuthorNode,
  type AuthorOptions,
  type Change,
  type ImageOptions,
  type ImageTree,
  type PackedFiles,
  type Plan,
  type TextChange,
  type SourceRequest,
} from '../author'
export * from '../devices'
export { BurnError, burnImage, type BurnedDisc, type BurnRequest, type Medium } from '../burn'
export type { FoundMount, MountedImage } from './mounts'
export { MountError, MountTree, openFile, type FileReader } from '../mount'
export { openScratchFile } from '../files/scratch'
export { identityOf, makeWholeFile } from '../sinks/atomic-file'
export { assertRoomFor, assertTakes } from '../sinks/room'
export { makeWholeFiles, PartsTarget } from '../sinks/whole-files'
export { CancelledError, takeTurns, type Control, type Progress } from '../task'
export { findPath } from '../extract/selection'
export { archiveBlocks } from '../extract/image-archive'
export { findSums, type ExpectedSum } from '../image/sums/sums'
export { findSumOf } from '../image/sums/sums-above'
export { SummedContent } from '../image/sums/summed-content'
export { compareImages, type ComparedTree } from './library'
export type { ComparisonCounts, ComparisonRow } from '../catalog'
export type { DiscImage, EntryTable, ImageView } from '../image'
export { unlistedIn } from '../image'
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
export { twinDamageOf, twinLengthProblem } from '../verify/twin-trees'
export { pour, type Poured, type PourSource } from '../sinks/pour'
export { cueOfDataTrack } from '../image/containers/disc/write-cue'
export {
  inReadingOrder,
  NESTING_LIMIT,
  openLocation,
  ViewDifferences,
  type OpenedLocation,
  type OpenLocationOptions,
} from './images'
export { PlainFileError, readPlainFile, readPlainHead } from '../files/plain-file'
export { NoKeyError, type SignatureReport, type StoredKey } from '../trust'
export { checkImage, provenBy, unproven, type Checked } from '../check'
export type { DamagedRange } from '../verify/verified-map'
export { writeMapFile } from '../image/core/map-file'
export type { ByteMap, ByteRange } from '../image/core/byte-map'
export {
  htmlReport,
  jsonReport,
  lineOf,
  planRescue,
  protectImage,
  summaryOf,
  writeItems,
  writeRepaired,
  type PlannedItem,
  type RescuePlan,
  type WrittenItem,
} from '../rescue'
export { saveFinds, Search, type Find, type SavedFind } from '../find'
export { eccPathFor, openEccBeside } from '../files/ecc-beside'
export { sumsIn } from '../files/sums-beside'
export { imageSumOf, type ImageSum } from '../image/sums/image-sums'

/** See `search-catalog.ts`: the profile of whoever asks. */
export const searchCatalog = (filter: CatalogFilter, limit: number): ReturnType<typeof searchIn> =>
  searchIn(profileFolder(), filter, limit)

/** See `export-catalog.ts`. */
export const exportCatalog = (target: string, control: Control): ReturnType<typeof exportIn> =>
  exportIn(profileFolder(), target, control)

/** See `mount-image.ts`. */
export const mountImage = (request: Omit<MountRequest, 'home'>): Promise<MountedImage> =>
  mountIn({ ...request, home: profileFolder() })

/** See `find-mounts.ts`. */
export const findMounts = (): Promise<FoundMount[]> => findMountsIn(profileFolder())

/** See `find-mounts.ts`. */
export const unmountNamed = (named: string): Promise<string[]> => unmountIn(named, profileFolder())

/** See `content-hasher.ts`. */
export const contentHasher = async (algorithm: 'sha256' | 'blake3'): Promise<ContentHasher> =>
  (await import('../jobs/kinds/from-image/content-hasher')).ContentHasher.of(algorithm)

/** See `search-map-path.ts`. */
export const searchMapPath = (sourcePath: string): string => mapPathOf(profileFolder(), sourcePath)

/** The keys that a person trusts, in the profile. */
export function keyStore(): KeyStore {
  return new KeyStore(path.join(profileFolder(), 'keys'))
}
