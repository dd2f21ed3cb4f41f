import { z } from 'zod'
import { mountCommands } from './mount-commands'
import { driveCommands } from './drive-commands'
import { keyCommands } from './key-commands'
import { checksumCommands } from './checksum-commands'
import { historyCommands } from './history-commands'
import { libraryCommands } from './library-commands'
import { command } from './command'
import { jobDetailsCommands } from './job-details-commands'
import { areFlatRanges, type FlatRanges } from '../model'
import { jobAnswer, jobSnapshot, jobStart } from './jobs'
import { trustCommands } from './trust-commands'
import { projectCommands } from './project-commands'
import { pictureCommands } from './picture-commands'
import {
  absolutePath,
  count,
  entryDetails,
  entrySelection,
  folderRow,
  imageLocation,
  imageRow,
  localPath,
  namePattern,
  openedImage,
  place,
  recentImage,
  ROW_WINDOW_LIMIT,
  said,
  settingsShape,
  sorting,
} from './shapes'

const nothing = z.object({}).default({})
const done = z.object({})
const byteArray = z.custom<Uint8Array>((value) => value instanceof Uint8Array)
const everyRow = { offset: count.default(0), limit: count.default(Number.MAX_SAFE_INTEGER) }
const window = { offset: count.default(0), limit: count.max(ROW_WINDOW_LIMIT).default(200) }

const byName = { column: 'name', descending: false, foldersFirst: true } as const

/** One directory of a view, filtered and sorted: what a pane shows. */
const directoryQuery = {
  image: count,
  generation: count,
  view: z.string(),
  /** 0 is the root. */
  directory: count,
  sort: sorting.default(byName),
  filter: z.string().default(''),
  showHidden: z.boolean().default(true),
  /** Only names that fit a mask such as `*.txt`; empty for all. */
  mask: z.string().default(''),
  /** Everything below the directory, however deep; each row then says which folder it lies in. */
  isDeep: z.boolean().default(false),
}

/** A folder of this computer, filtered and sorted. */
const folderQuery = {
  path: absolutePath,
  sort: sorting.default(byName),
  filter: z.string().default(''),
  showHidden: z.boolean().default(false),
  mask: z.string().default(''),
  /** Everything below it, however deep, as it was read at this time or later. */
  isDeep: z.boolean().default(false),
  notBefore: z.number().default(0),
}

/** An entry of an open image: stale ones answer `ENTRY_GONE`. */
const entryRef = { image: count, generation: count, view: z.string(), entry: count }

/** The largest range one `entry.read` answers, in bytes. */
export const READ_LIMIT = 1 << 20

/**
 * Every command a window or script can give the engine: name → what it takes and what it answers.
 * Both sides parse what arrives against these.
 */
export const commands = {
  /** Who is there: asked first, and again after a restart. */
  'engine.hello': command(
    nothing,
    z.object({
      version: z.string(),
      host: z.enum(['desktop', 'web', 'process']),
      platform: z.string(),
      pathSeparator: z.string(),
      homeFolder: z.string(),
      /** What the program writes about itself. */
      logFile: z.string(),
      /** Whether `trash.move` works here. Elsewhere a desktop has the system's own, which takes nothing back by itself. */
      hasTrash: z.boolean(),
      /** False where the catalog lives in memory only; `catalogProblem` says why. */
      catalogIsKept: z.boolean(),
      catalogProblem: z.string().nullable(),
      /** Where settings that could not be read were put since the engine started. */
      settingsQuarantined: z.string().nullable(),
      /** Images to open at once, given on the command line. */
      openAtStart: z.array(z.string()),
    }),
  ),

  /** Opens an image, or answers the one already open from there; indexing goes on in the background. */
  /** A charset of names, or `detected`; without one they are read as the settings say. */
  'image.open': command(z.object({ location: imageLocation, charset: z.string().optional() }), openedImage),
  /**
   * What a plain image of it would hold, how its name ends, and what it would leave out, in sentences; `problem` where
   * none can be made.
   */
  'image.plain': command(
    z.object({ image: count, generation: count }),
    z.object({
      byteLength: count,
      extension: z.enum(['iso', 'img']),
      losses: z.array(said),
      problem: said.nullable(),
    }),
  ),
  'image.close': command(z.object({ image: count }), done),
  'image.info': command(z.object({ image: count }), openedImage),
  /** A window of one directory's rows, sorted. While indexing goes on `isComplete` may be false and `total` still grow. */
  'image.rows': command(
    z.object({
      ...directoryQuery,
      ...window,
    }),
    z.object({ total: count, byteTotal: count, isComplete: z.boolean(), rows: z.array(imageRow) }),
  ),
  /** Entry numbers by position in the same order as `image.rows`: for range selection across rows not loaded. */
  'image.rowIds': command(
    z.object({
      ...directoryQuery,
      offset: count,
      limit: count.max(100_000),
    }),
    z.object({ entries: z.array(count), byteTotal: count }),
  ),
  /**
   * Which entries those rows are, without their order: as ranges, so that all of a million cost as much as one.
   */
  'image.rowRanges': command(
    z.object({ ...directoryQuery, ...everyRow }),
    z.object({ ranges: z.custom<FlatRanges>(areFlatRanges), byteTotal: count }),
  ),
  /** The position of the first row whose name starts with `prefix` at or after `from`, going round; for type-ahead. */
  'image.findRow': command(
    z.object({
      ...directoryQuery,
      prefix: z.string().min(1),
      from: count.default(0),
    }),
    z.object({ position: count.nullable() }),
  ),
  'entry.details': command(z.object(entryRef), entryDetails),
  /** The entry at a path: for breadcrumbs that are typed in and for coming back to where one was. */
  'entry.resolve': command(
    z.object({ image: count, generation: count, view: z.string(), path: z.string() }),
    entryDetails,
  ),
  /** The chain from the root to an entry: what a breadcrumb shows. */
  'entry.ancestors': command(
    z.object(entryRef),
    z.object({ chain: z.array(z.object({ entry: count, name: z.string() })) }),
  ),
  /** Bytes of a file inside an image, at most `READ_LIMIT`. Shorter at the end. */
  'entry.read': command(
    z.object({ ...entryRef, byteOffset: count, byteLength: count.max(READ_LIMIT) }),
    z.object({ bytes: byteArray, byteTotal: count }),
  ),
  ...pictureCommands,
  ...projectCommands,
  ...checksumCommands,
  ...historyCommands,
  ...keyCommands,
  ...trustCommands,
  ...driveCommands,
  ...mountCommands,
  /**
   * Writes temporary copies for other programs; answers their paths. Removed at quit and at next start. Nothing is
   * written of what is larger than `byteLimit` altogether.
   */
  'entry.stage': command(
    z.object({
      image: count,
      generation: count,
      view: z.string(),
      entries: entrySelection,
      byteLimit: count.optional(),
    }),
    z.object({ paths: z.array(z.string()), isExecutable: z.boolean(), isTooLarge: z.boolean() }),
  ),

  /** A window of a folder of this computer. `freeBytes` is null where the system does not say. */
  'folder.rows': command(
    z.object({ ...folderQuery, ...window }),
    z.object({
      path: z.string(),
      parent: z.string().nullable(),
      total: count,
      byteTotal: count,
      /** There are more below it than anybody would read; those are left out. */
      isCut: z.boolean().default(false),
      freeBytes: count.nullable(),
      isWritable: z.boolean(),
      rows: z.array(folderRow),
    }),
  ),
  /** As `image.findRow`, in a folder of this computer. */
  'folder.findRow': command(
    z.object({ ...folderQuery, prefix: z.string().min(1), from: count.default(0) }),
    z.object({ position: count.nullable() }),
  ),
  /** Says what a path is, for typed paths and things dropped on the window. */
  'folder.stat': command(z.object({ path: absolutePath }), folderRow),
  /**
   * Whether a folder takes a file of so many bytes; nothing is written to find out.
   * @throws `NO_SUCH_FILE`, `NOT_A_FOLDER`, `NO_PERMISSION`, `READ_ONLY`, `NO_SPACE`, `FILE_TOO_LARGE`
   */
  'folder.assertTakes': command(z.object({ path: absolutePath, name: localPath.min(1), byteLength: count }), done),
  'folder.create': command(z.object({ path: absolutePath, name: localPath.min(1) }), z.object({ path: z.string() })),
  'folder.rename': command(z.object({ path: absolutePath, name: localPath.min(1) }), z.object({ path: z.string() })),
  /** Moves files and folders of this computer to the trash of their disk; what cannot go there stays. */
  'trash.move': command(
    z.object({ paths: z.array(absolutePath).min(1) }),
    z.object({
      /** How many were moved. */
      count,
      /** What `trash.undo` takes; null where nothing was moved. */
      undo: z.string().nullable(),
      /** Why the first of those that stay does; null where all went. */
      problem: said.nullable(),
    }),
  ),
  /** Brings back what one `trash.move` has moved, for as long as the engine knows of it. */
  'trash.undo': command(
    z.object({ undo: z.string() }),
    z.object({
      count,
      /** Paths of what has another name now, because its own was taken. */
      renamed: z.array(z.string()),
      /** To try again what failed; null where nothing did. */
      undo: z.string().nullable(),
      problem: said.nullable(),
    }),
  ),
  /** `folder.changed` is sent for these folders until they are set anew. */
  'folder.watch': command(z.object({ paths: z.array(absolutePath).max(64) }), done),
  'places.list': command(nothing, z.object({ places: z.array(place) })),

  ...libraryCommands,
  'recent.list': command(
    z.object({ limit: count.max(200).default(20) }).default({ limit: 20 }),
    z.object({ images: z.array(recentImage) }),
  ),
  'recent.forget': command(z.object({ id: count }), done),

  /** Starts a job; what `spec` holds depends on its `kind`: see `jobs/`. */
  'job.start': command(jobStart, z.object({ job: z.string() })),
  /** What an extraction would do, found out without writing: every rename, and which names are taken. */
  'job.preview': command(
    z.object({
      image: count,
      generation: count,
      view: z.string(),
      entries: entrySelection.nullable(),
      destination: absolutePath,
      keepPaths: z.boolean().default(false),
      names: namePattern.default(null),
    }),
    z.object({
      entriesTotal: count,
      bytesTotal: count,
      freeBytes: count.nullable(),
      renames: z.array(z.object({ path: z.string(), to: z.string() })),
      renameTotal: count,
      /** The first files, with the names that a pattern gives them. */
      named: z.array(z.object({ path: z.string(), to: z.string() })).default([]),
      taken: z.array(z.string()),
      takenTotal: count,
    }),
  ),
  'job.list': command(nothing, z.object({ jobs: z.array(jobSnapshot) })),
  'job.pause': command(z.object({ job: z.string() }), done),
  'job.resume': command(z.object({ job: z.string() }), done),
  'job.cancel': command(z.object({ job: z.string() }), done),
  /** Puts a job before another one in the queue; null: at the end. */
  'job.move': command(z.object({ job: z.string(), before: z.string().nullable() }), done),
  'job.retry': command(z.object({ job: z.string() }), done),
  /** New jobs for only those files that failed in one that is over; each lands where it was to. */
  'job.retryFailed': command(z.object({ job: z.string() }), z.object({ jobs: z.array(z.string()) })),
  /** Takes an ended job off the list. */
  'job.dismiss': command(z.object({ job: z.string() }), done),
  ...jobDetailsCommands,
  'job.answer': command(z.object({ job: z.string(), answer: jobAnswer }), done),

  'settings.get': command(nothing, settingsShape),
  /** Keys that are absent stay as they are. */
  'settings.set': command(z.object({ changes: z.record(z.string(), z.unknown()) }), settingsShape),

  /** The page's answer to an `upload.wanted` event: a slice of a dropped file, or why there is none. */
  'upload.slice': command(
    z.object({ request: count, bytes: byteArray.nullable(), problem: z.string().optional() }),
    done,
  ),
} as const

export type Commands = typeof commands
export type CommandName = keyof Commands
/** What a caller passes: defaults may be left out. */
export type CommandInput<Name extends CommandName> = z.input<Commands[Name]['input']>
/** What a handler receives: defaults filled in. */
export type CommandRequest<Name extends CommandName> = z.output<Commands[Name]['input']>
export type CommandOutput<Name extends CommandName> = z.output<Commands[Name]['output']>
