/**
 * How the window writes a parameter of a sentence: `text` as it is, `bytes` as a size, `count` as a number, `said` as a
 * sentence of its own, `list` as several of these.
 */
type ParameterKind = 'text' | 'bytes' | 'count' | 'said' | 'list'

const named = { name: 'text' } as const
const ofDrive = { drive: 'text' } as const
const atPath = { path: 'text' } as const
const ofTree = { tree: 'text' } as const

/**
 * Why something went wrong, more closely than its code says, and with what: the types of the parameters of its sentence.
 * A new one is a line here and its words in `src-renderer/base/locales/<language>/errors-*.ts`; where it is raised,
 * {@link because} makes its details. A code that always means the same needs none.
 */
export const REASONS = {
  // Files and folders of this computer
  missingFile: named,
  fileGone: named,
  linkCircle: named,
  pathTooLong: named,
  folderNotImage: named,
  mayNotRead: named,
  mayNotLookInto: named,
  readError: named,
  wentAway: named,
  cannotRead: { name: 'text', cause: 'text' },
  noSpaceFor: named,
  notEnoughRoom: { folder: 'text', free: 'bytes', needed: 'bytes' },
  mayNotWrite: named,
  readOnlyDisk: named,
  nameExists: named,
  namesExist: { names: 'text', folder: 'text' },
  tooLargeForDisk: named,
  tooLargeForFat: { name: 'text', size: 'bytes', folder: 'text' },
  nameTooLong: named,
  notAFolder: named,
  parentGone: named,
  replacedByLink: named,
  cannotWrite: { name: 'text', cause: 'text' },
  noFileName: named,
  intoItself: named,
  inFolderAlready: named,
  ontoItself: named,
  copiedNotRemoved: named,
  copyGone: { name: 'text', copy: 'text' },
  mountStays: named,
  noSpaceForTrash: named,
  noOrdinaryFile: named,
  notPlainFile: named,
  fileTooLong: { name: 'text', limit: 'bytes' },
  noLinksThere: { name: 'text', folder: 'text' },
  attributesLost: { name: 'text', count: 'count', attributes: 'text', folder: 'text' },
  noTrash: named,
  notInTrash: named,
  holdsTrash: named,
  inTrashAlready: named,
  inUse: named,

  // What a file is that is no image
  isEmpty: named,
  isArchive: { name: 'text', format: 'text' },
  isProgram: { name: 'text', system: 'text' },
  isPicture: { name: 'text', format: 'text' },
  isDocument: { name: 'text', format: 'text' },
  isVolume: { name: 'text', format: 'text' },
  isText: named,
  isWebPage: named,
  isPointer: named,
  isDrawing: named,
  isFont: named,
  isZeros: named,
  isNoise: named,
  isBootSector: named,
  isUnknown: named,
  isNoPart: { name: 'text', part: 'text' },
  isLaterPart: { name: 'text' },
  packsNoImage: named,
  unsupportedFormat: { name: 'text', format: 'text', programs: 'text' },
  damagedFormat: { name: 'text', format: 'text' },
  tooLittleLeft: { fault: 'said' },
  needsMissing: { fault: 'said' },
  descriptorsLost: { name: 'text', format: 'text' },
  laterPart: { name: 'text', part: 'count', total: 'count' },
  siblingMissing: { name: 'text', file: 'text' },
  baseMissing: { name: 'text', other: 'text' },
  onlyAudio: named,
  noFileSystem: named,
  unpacksTooLarge: { name: 'text', limit: 'bytes' },
  noRoomToUnpack: { name: 'text', folder: 'text', done: 'bytes', free: 'bytes' },
  nestedTooDeep: { limit: 'count' },

  // What is asked of an image
  noSuchPath: atPath,
  noContent: atPath,
  notInImage: atPath,
  notIndexed: {},
  resultsGone: {},
  imageOffline: named,
  droppedGone: named,
  notAllThere: atPath,
  contentMissing: { path: 'text', missing: 'bytes', total: 'bytes' },
  doesNotUnpack: named,
  endsEarly: named,
  contentEncrypted: {},
  contentElsewhere: {},

  // What jobs tell
  pageClosed: named,
  passwordLost: named,
  stoppedOften: named,
  standsAsZeros: { missing: 'bytes' },
  cutInArchive: { written: 'bytes', total: 'bytes' },
  pathLimit: { limit: 'count' },
  sumRecordedDiffers: { algorithm: 'text' },
  sumListedDiffers: { algorithm: 'text', list: 'text' },
  sumKnownDiffers: { algorithm: 'text' },
  imageShort: { missing: 'bytes' },
  imageDamaged: { fault: 'said' },
  plainLacks: { what: 'list' },
  audioTracks: { n: 'count' },
  formTwoSectors: { n: 'count' },
  otherSessions: {},
  noneReadable: {},
  partUnreadable: { lost: 'bytes', total: 'bytes' },
  descriptionDamaged: {},
  describedTwice: {},
  sumDoubtful: {},
  bytesMissing: { missing: 'bytes' },
  rangeUnreadable: { length: 'bytes', at: 'count' },
  leadsIntoItself: named,
  leadsNowhere: named,
  isImageItself: named,
  isEarlierImage: named,
  isUnfinished: named,
  sourceGone: atPath,
  sourceResized: { path: 'text', before: 'bytes', now: 'bytes' },
  sourceAppeared: atPath,
  otherImageNow: named,

  // Images that are made
  bytesTooMany: { excess: 'bytes', medium: 'text' },
  tooLargeForIso: atPath,
  tooManyFolders: { n: 'count', limit: 'count' },
  sourcesCollide: atPath,

  // What becomes of an image that is changed
  treeNotWritten: ofTree,
  bootNotWritten: { platform: 'text', what: 'said' },
  bootImageOf: { size: 'bytes' },
  bootKept: { platform: 'text', what: 'said' },
  bootTableRenewed: { platform: 'text', what: 'said' },
  tableWithoutBoot: named,
  partitionsNotKept: named,
  partitionBehind: { name: 'text', number: 'count', size: 'bytes' },
  loaderUnknown: named,
  guidTableRenewed: {},
  firstSectorKept: { loader: 'text' },
  firstSectorAndTableKept: { loader: 'text' },
  deviceNumbers: atPath,
  damagedInImage: atPath,
  notInNewImage: named,
  notInNewImageWith: { name: 'text', n: 'count' },
  tailNotInNewImage: { name: 'text', size: 'bytes' },
  treeNotCompared: ofTree,
  onlyInTree: { path: 'text', tree: 'text' },
  onlyInTreeMore: { path: 'text', tree: 'text', n: 'count' },
  listNotRenewed: { path: 'text', names: 'text' },
  listLeftOut: { path: 'text', names: 'text' },
  listRenewed: { path: 'text', names: 'text' },
  sumsEndWithSession: {},

  // Drives
  driveTooSmall: { drive: 'text', size: 'bytes', needed: 'bytes' },
  driveRefused: { drive: 'text', why: 'said' },
  driveGone: ofDrive,
  driveBusy: ofDrive,
  driveChanged: ofDrive,
  driveDiffers: { drive: 'text', at: 'count' },
  driveForbidden: ofDrive,
  driveReadOnly: ofDrive,
  driveFaulty: ofDrive,
  driveFailed: { drive: 'text', cause: 'text' },
  noMedium: ofDrive,
  noSuchDrive: ofDrive,
  notADrive: {},
  partOfDrive: {},
  burnedInstead: {},
  holdsSystem: {},
  startsComputer: { what: 'text' },
  holdsSwap: { what: 'text' },
  isSource: { what: 'text' },
  holdsImage: { what: 'text' },
  holdsProgram: { what: 'text' },
  holdsProfile: { what: 'text' },
  holdsScratch: { what: 'text' },
  mountedAt: { what: 'text' },
  heldBy: { what: 'text' },
  hasNoMedium: {},
  isReadOnly: {},
  isBuiltIn: {},
  mountPointTaken: named,

  // Lost images
  diskForbidden: named,
  bytesPassedOver: { length: 'bytes' },
  otherDisk: named,
  onSearchedDisk: { folder: 'text' },
  saveFirst: named,

  // Error correction
  isProtected: named,

  // Checks
  lengthFits: {},
  missingAtEnd: { missing: 'bytes', total: 'bytes' },
  foldersReadable: {},
  givesSum: { path: 'text', algorithm: 'text', list: 'text' },
  givesOtherSum: { path: 'text', algorithm: 'text', list: 'text' },
  givesOtherRecordedSum: { path: 'text', algorithm: 'text' },
  listedNotThere: { path: 'text', list: 'text' },
  givesOwnSum: { sum: 'text' },
  sectorsFit: {},

  // Diagnostics that name something
  partMissing: named,
  trackFileMissing: { name: 'text', sheet: 'text' },
  nameChanged: named,
  shorterThanVolume: { missing: 'bytes' },
  goesOnIn: { missing: 'bytes', name: 'text' },
  shorterThanBlocks: named,
  firstBytesOnly: { name: 'text', written: 'bytes' },
  streamCut: named,
  bytesFollow: { n: 'bytes' },
  folderLoop: atPath,
  sessionShown: { total: 'count', session: 'count' },
  treeReplaced: { damaged: 'text', shown: 'text' },
  linkUnreadable: named,
  chainShort: named,
  entryLost: named,
} as const satisfies Record<string, Record<string, ParameterKind>>

export type Reason = keyof typeof REASONS

/** What is known of an error besides its code: `reason` with its parameters, and whatever a code carries for programs. */
export type Details = Record<string, unknown>

/** A sentence in English, and what it can be worded by in every other language. */
export interface Said {
  code?: string | undefined
  message: string
  details?: Details | undefined
}

interface KindOf {
  text: string
  bytes: number
  count: number
  said: Said
  list: readonly Said[]
}
type Parameters = typeof REASONS
export type ParametersOf<Of extends Reason> = {
  [Name in keyof Parameters[Of]]: Parameters[Of][Name] extends ParameterKind ? KindOf[Parameters[Of][Name]] : never
}

/** The details of an error, a problem of a job or a diagnostic that has a reason. */
export function because<Of extends Reason>(reason: Of, parameters: ParametersOf<Of>): Details {
  return { reason, ...parameters }
}

/** Whether something that has crossed a boundary is one of {@link REASONS}. */
export function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value)
}

/** The sentence alone of something that has one, to be put into something else. */
export function saidOf<Of extends Said>({ code, message, details }: Of): Pick<Of, 'code' | 'message'> & Said {
  return { code, message, ...(details ? { details } : {}) }
}
