import { z } from 'zod'
import {
  areFlatRanges,
  COLUMN_IDS,
  CONFLICT_POLICIES,
  NAME_CHARSETS,
  OUTCOMES,
  VIEW_KINDS,
  VIEW_RULES,
  type FlatRanges,
} from '../model'
import { ownKeys } from './own-keys'

/** The shapes that commands and events share. They mirror `src-shared/model`, which `contract.test.ts` holds them to. */

export const count = z.number().int().nonnegative()
export const timestamp = z.number().nullable()

/** A path of this computer, or a name in one: no system has any with the character NUL. */
export const localPath = z.string().refine((path) => !path.includes('\0'), {
  error: ({ input }) => `“${String(input).replaceAll('\0', '␀')}” is no path: it holds the character NUL.`,
})

/**
 * A path of this computer from its root on. What is shorter would mean one thing to who says it and another to the
 * engine, which has a working directory that nobody has chosen. Names in folders are {@link localPath}.
 */
export const absolutePath = localPath.refine(isAbsolute, {
  error: ({ input }) => `“${String(input)}” is not a whole path: it must begin at the root of a disk.`,
})

/** Entries of a view by their numbers: each of them, or as pairs of a first one and how many, however many those are. */
export const entrySelection = z.union([
  z.array(count),
  z.object({ ranges: z.custom<FlatRanges>(areFlatRanges, 'These are no ranges of entries.') }),
])
export type EntrySelection = z.infer<typeof entrySelection>

/** Other names for the files that are written; null: their own. */
export const namePattern = z
  .object({ pattern: z.string().min(1).max(200), find: z.string().max(200), replace: z.string().max(200) })
  .nullable()

export const entryKind = z.enum(['file', 'directory', 'symlink', 'device', 'fifo', 'socket'])
export const entryStatus = z.enum(['complete', 'partial', 'lost'])

export const extent = z.object({ byteOffset: count.nullable(), byteLength: count })

/** What a sentence is worded by, besides its code: see `REASONS`. */
export const details = z.record(z.string(), z.unknown())
/** A sentence in English, and what the window words it by. */
export const said = z.object({ code: z.string().optional(), message: z.string(), details: details.optional() })

export const diagnostic = z.object({
  code: z.string(),
  severity: z.enum(['note', 'warning', 'damage']),
  message: z.string(),
  details: details.optional(),
  byteOffset: z.number().optional(),
})

export const viewInfo = z.object({
  id: z.string(),
  kind: z.enum(VIEW_KINDS),
  label: z.string(),
  format: z.string(),
  volumeName: z.string(),
  entryCount: count.nullable(),
  isDefault: z.boolean(),
})

export const bootEntry = z.object({
  platform: z.string(),
  emulation: z.string(),
  bootable: z.boolean(),
  byteOffset: count.nullable(),
  byteLength: count,
  loadSectors: count.default(0),
  path: z.string().nullable(),
})

export const imageInfo = z.object({
  name: z.string(),
  byteLength: count,
  label: z.string(),
  containers: z.array(z.string()),
  systemId: z.string(),
  publisher: z.string(),
  preparer: z.string(),
  application: z.string(),
  // The catalog remembers images as earlier versions have described them: what is added here has a default.
  volumeSetId: z.string().default(''),
  copyrightFile: z.string().default(''),
  abstractFile: z.string().default(''),
  bibliographicFile: z.string().default(''),
  dates: z.object({ created: timestamp, modified: timestamp }),
  views: z.array(viewInfo),
  defaultViewId: z.string(),
  completeness: z.object({
    status: z.enum(['complete', 'truncated']),
    expectedByteLength: count,
    missingByteLength: count,
  }),
  boot: z.array(bootEntry),
  diagnostics: z.array(diagnostic),
})

/** Numbers that say where the bytes of one file lie: more pieces than any file system makes of a file that is in use. */
export const RUNS_LIMIT = 8192

/** See `InsideStep` of the model. */
export const insideStep = z.object({
  view: z.string().optional(),
  path: z.string().min(1),
  runs: z.array(z.number().int().min(-1)).max(RUNS_LIMIT).refine(areRuns).optional(),
})

/** Where an image's bytes come from. A nested one names the path inside the image around it, outermost first. */
export const imageLocation = z
  .object({
    kind: z.enum(['path', 'upload']),
    /** For `path`, the file on this computer; for `upload`, the id that the page gave the dropped file. */
    path: localPath.min(1),
    /** For `upload`: what the page knows of the file. */
    name: z.string().optional(),
    byteLength: count.optional(),
    modified: timestamp.optional(),
    inside: z.array(insideStep).max(8).default([]),
  })
  .superRefine(({ kind, path }, context) => {
    const { error } = kind === 'path' ? absolutePath.safeParse(path) : {}
    if (error) context.addIssue({ code: 'custom', path: ['path'], message: error.issues[0]?.message ?? '' })
  })
export type ImageLocation = z.infer<typeof imageLocation>

/** An image that is open in the engine. */
export const openedImage = z.object({
  image: count,
  /** Changes whenever the image is parsed anew; rows of an older one are gone. */
  generation: count,
  location: imageLocation,
  info: imageInfo,
  /** Its file is away: rows come out of the catalog, contents cannot be read. */
  isRemembered: z.boolean().default(false),
})
export type OpenedImage = z.infer<typeof openedImage>

export const sortColumn = z.enum(COLUMN_IDS)
export const sorting = z.object({
  column: sortColumn.default('name'),
  descending: z.boolean().default(false),
  foldersFirst: z.boolean().default(true),
})
export type Sorting = z.infer<typeof sorting>

/** How many rows one answer may hold. */
export const ROW_WINDOW_LIMIT = 1000

/** One line of a pane that shows the inside of an image. `entry` is its number within image, generation and view. */
export const imageRow = z.object({
  entry: count,
  name: z.string(),
  kind: entryKind,
  byteLength: count,
  modified: timestamp,
  mode: z.number().int().nullable(),
  uid: z.number().int().nullable(),
  gid: z.number().int().nullable(),
  target: z.string().nullable(),
  hidden: z.boolean(),
  status: entryStatus,
  /** Entries directly below a directory, where known. */
  childCount: count.nullable(),
  /** Hashes of its content, in hexadecimal, where they were computed. */
  sha256: z.string().nullable().default(null),
  blake3: z.string().nullable().default(null),
  /** Where its content begins, in bytes of the volume; null where it has none or lies nowhere. */
  position: count.nullable(),
  /** The path of the folder that it lies in, where rows of several are listed together. */
  folder: z.string().optional(),
})
export type ImageRow = z.infer<typeof imageRow>

export const entryDetails = imageRow.extend({
  path: z.string(),
  parent: count.nullable(),
  extents: z.array(extent).nullable(),
})
export type EntryDetails = z.infer<typeof entryDetails>

/** One line of a pane that shows a folder of this computer. */
export const folderRow = z.object({
  name: z.string(),
  path: z.string(),
  kind: entryKind,
  byteLength: count,
  modified: timestamp,
  mode: z.number().int().nullable(),
  target: z.string().nullable(),
  hidden: z.boolean(),
  /** By its name, something that Isolde opens like a folder. */
  looksLikeImage: z.boolean(),
  /** The path of the folder around it, where what lies in several is listed together. */
  folder: z.string().optional(),
})
export type FolderRow = z.infer<typeof folderRow>

export const place = z.object({
  id: z.string(),
  kind: z.enum(['home', 'desktop', 'downloads', 'documents', 'drive', 'root']),
  label: z.string(),
  path: z.string(),
})
export type Place = z.infer<typeof place>

export const recentImage = z.object({
  /** The catalog's number for it. */
  id: count,
  name: z.string(),
  path: z.string(),
  label: z.string(),
  byteLength: count,
  formats: z.array(z.string()),
  status: z.enum(['complete', 'truncated']),
  lastOpened: z.number(),
  /** Whether the file is there right now. */
  isOnline: z.boolean(),
})
export type RecentImage = z.infer<typeof recentImage>

export const searchHit = z.object({
  /** The catalog's number for the image; the same that opening it gives. */
  imageId: count,
  imageName: z.string(),
  imagePath: z.string(),
  /** The way into nested images; empty for most. */
  inside: z.array(insideStep).default([]),
  isOnline: z.boolean(),
  generation: count,
  view: z.string(),
  entry: count,
  name: z.string(),
  path: z.string(),
  kind: entryKind,
  byteLength: count,
  modified: timestamp,
  status: entryStatus,
})
export type SearchHit = z.infer<typeof searchHit>

export const entryOutcome = z.object({
  path: z.string(),
  to: z.string().nullable(),
  byteLength: count,
  status: z.enum(OUTCOMES),
  code: z.string().optional(),
  message: z.string().optional(),
  details: details.optional(),
})

const conflictSide = z.object({ byteLength: count, modified: timestamp, kind: z.string() })
export const conflictQuestion = z.object({
  path: z.string(),
  destinationPath: z.string(),
  incoming: conflictSide,
  existing: conflictSide,
})

export const conflictPolicy = z.enum(CONFLICT_POLICIES)
export const conflictAnswer = z.object({
  choice: z.enum(['skip', 'overwrite', 'rename', 'newer', 'different', 'cancel']),
  forAll: z.boolean().default(false),
})
export type ConflictAnswer = z.infer<typeof conflictAnswer>

/** An encoding of names; `detected`: whatever the image's own names suggest. */
const nameCharset = z.enum(['detected', ...(Object.keys(NAME_CHARSETS) as (keyof typeof NAME_CHARSETS)[])])

/** What a person can set. Every key has a default, so that an old or hand-edited file still loads. */
export const settingsShape = z.object({
  theme: z.enum(['system', 'light', 'dark', 'high-contrast']).default('system'),
  language: z.string().default('system'),
  density: z.enum(['compact', 'normal', 'relaxed']).default('normal'),
  sizeUnits: z.enum(['decimal', 'binary']).default('decimal'),
  showHidden: z.boolean().default(false),
  conflictPolicy: conflictPolicy.default('ask'),
  /** The tree that images are shown with, where they have it; `auto`: the one that tells most. */
  viewRule: z.enum(VIEW_RULES).default('auto'),
  /** How names are read where an image leaves it open. */
  charset: nameCharset.default('detected'),
  /** Where extracted things go while the other pane shows no folder. */
  extractTo: z.enum(['beside', 'downloads']).default('beside'),
  /** Whether several items of a whole image go into a folder named after it. */
  extractIntoFolder: z.boolean().default(true),
  /** Kinds of images that are files like any other in folders, instead of opening. */
  plainKinds: z.array(z.string()).default([]),
  /** The catalog forgets what was opened longest ago when it is larger than this, in bytes; 0: no limit. */
  catalogByteLimit: count.default(0),
  /** The catalog forgets images that nobody opened for so many days; 0: never. */
  catalogKeepDays: count.max(36_500).default(0),
  /** No compressed image is unpacked to more than this, in bytes; 0: as far as there is room. */
  unpackByteLimit: count.default(0),
  /** Whether what an image carries is looked into for the catalog: nothing, what is small enough, everything. */
  indexInside: z.enum(['never', 'small', 'always']).default('small'),
  /** Keys of commands that are not the original ones. */
  keys: ownKeys.default({}),
  tabSwitchesPanes: z.boolean().default(true),
  askBeforeOpeningPrograms: z.boolean().default(true),
  /** Larger selections are not copied for a drag to other programs. */
  stageDragByteLimit: count.default(256_000_000),
  /** Only where a build has a place for updates, and the system checks their signatures. */
  checkForUpdates: z.boolean().default(true),
  /** Window and pane state, restored at next start; owned by the window. */
  window: z.record(z.string(), z.unknown()).default({}),
})
export type Settings = z.infer<typeof settingsShape>

/**
 * By the rules of the system that this runs on; a page, which does not know its own, takes those of both. On Windows a path
 * without its disk or server, `\\x`, depends on where the process is.
 */
function isAbsolute(path: string): boolean {
  const system = (globalThis as { process?: { platform?: string } }).process?.platform
  const isUnix = path.startsWith('/')
  const isWindows = /^(?:[A-Za-z]:[\\/]|[\\/]{2})/.test(path)
  return system === undefined ? isUnix || isWindows : system === 'win32' ? isWindows : isUnix
}

/** Pairs of a byte offset or −1, and of a byte length. */
function areRuns(runs: readonly number[]): boolean {
  return runs.length > 0 && runs.length % 2 === 0 && runs.every((value, at) => at % 2 === 0 || value >= 0)
}

/** What files get beyond contents, names and times. */
export const takenAttributes = z.object({
  /** Exactly the permissions that are recorded; else the owner can always change and remove what was extracted. */
  modes: z.boolean(),
  /** Extended attributes, where the image has them and the system takes them. */
  xattrs: z.boolean(),
  /** Runs of zeros become holes. */
  sparse: z.boolean(),
})
export type TakenAttributes = z.output<typeof takenAttributes>
export const NO_ATTRIBUTES: TakenAttributes = { modes: false, xattrs: false, sparse: false }
