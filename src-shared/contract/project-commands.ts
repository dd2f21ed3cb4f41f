import { z } from 'zod'
import { command } from './command'
import { imageMore, IMAGE_PRESETS, VOLUME_LABEL_LIMIT } from './jobs'
import { absolutePath, count, entryKind, entrySelection, ROW_WINDOW_LIMIT, said, sorting, timestamp } from './shapes'

/** An image that is being put together, as windows know it. */
export const projectSnapshot = z.object({
  project: z.string(),
  /** Of its file, without extension. */
  name: z.string(),
  /** The image that is changed; null for a new one. */
  base: z
    .object({
      name: z.string(),
      /** Its file on this computer. */
      path: z.string(),
      /** Why a copy may not take its place, in one sentence; null where it may. */
      notReplaceable: z.string().nullable(),
    })
    .nullable(),
  /** As it was chosen; null: that of the image, or the file's name. */
  label: z.string().nullable(),
  preset: z.enum(IMAGE_PRESETS),
  keepsSums: z.boolean(),
  more: imageMore,
  /** Another one whenever anything of it is other than it was. */
  version: count,
  /** How many steps can be taken back, and done again. */
  undo: count,
  redo: count,
  /** Of all files, in bytes, and how many entries there are. */
  contentBytes: count,
  entries: count,
  /** Below its root, whatever folder they lie in. */
  files: count,
  /** What it was made of and cannot be had any more. */
  problems: z.array(said),
  /** What is otherwise with its sources since they were added, and what is done about it. */
  changes: z.array(said),
  /** What is left out as anybody would want it: images that it has written itself. */
  meant: z.array(said),
  /** Milliseconds since 1970. */
  changedAt: z.number(),
})
export type ProjectSnapshot = z.output<typeof projectSnapshot>

export const PROJECT_MARKS = ['new', 'changed', 'moved'] as const
export type ProjectMark = (typeof PROJECT_MARKS)[number]

export const projectRow = z.object({
  /** Its number, for as long as the engine runs. */
  key: count,
  name: z.string(),
  kind: entryKind,
  byteLength: count,
  modified: timestamp,
  mode: z.number().int().nullable(),
  owner: z.string(),
  target: z.string().nullable(),
  hidden: z.boolean(),
  isDamaged: z.boolean(),
  childCount: count.nullable(),
  /** What became of it, where the project changes an image. */
  mark: z.enum(PROJECT_MARKS).nullable(),
})
export type ProjectRow = z.output<typeof projectRow>

/** What will be written, once everything is known of it. */
export const projectOutcome = z.object({
  version: count,
  byteLength: count,
  files: count,
  directories: count,
  symlinks: count,
  /** Kinds of trees. */
  views: z.array(z.string()),
  /** UDF's revision, where it has such a tree. */
  udf: z.string().nullable(),
  boots: z.array(z.object({ platform: z.string(), path: z.string() })),
  label: z.string(),
  /** How many things have another name in a tree, or cannot be recorded in one. */
  names: count,
  /** The texts that its descriptors will have. */
  texts: z.record(z.string(), z.string()),
  kept: z.array(said),
  lost: z.array(said),
  damaged: z.array(said),
  /** Why no such image can be made; everything else is then nothing. */
  problem: said.nullable(),
})
export type ProjectOutcome = z.output<typeof projectOutcome>

/** A name that is another in one of the image's trees, or something that a tree cannot record. */
export const changedName = z.object({
  path: z.string(),
  tree: z.string(),
  /** Null where it is not recorded. */
  name: z.string().nullable(),
  reason: z.enum(['characters', 'length', 'taken', 'no-text', 'unrecorded']),
})
export type ChangedName = z.output<typeof changedName>

/** More than any name has: what is too long for one is said in a sentence. */
const NAME_LIMIT = 10_000

const id = { project: z.string().min(1) }
const folder = { ...id, path: z.string() }
const query = {
  ...folder,
  sort: sorting.default({ column: 'name', descending: false, foldersFirst: true }),
  filter: z.string().default(''),
  mask: z.string().default(''),
}
const chosen = { ...folder, entries: entrySelection }
const snapshot = z.object({ snapshot: projectSnapshot })
const step = z.object({ snapshot: projectSnapshot, replaced: count, leftOut: z.array(said) })

export const projectCommands = {
  /** Begins a project: an empty one, or one of an open image's view. */
  'project.create': command(
    z.object({
      image: z.object({ image: count, generation: count, view: z.string() }).nullable().default(null),
      name: z.string().min(1).max(200),
    }),
    snapshot,
  ),
  /** The project as it is. @throws `ENTRY_GONE` where there is none, `SOURCE_CHANGED` where its image is another */
  'project.get': command(z.object(id), snapshot),
  /**
   * Looks at the files and folders again that it is made of: sizes and rows are then as they would be written, and what
   * is otherwise than when it was added is told.
   */
  'project.look': command(z.object(id), snapshot),
  /** Every project that the profile holds, the latest first; nothing of them is read. */
  'project.list': command(
    z.object({}).default({}),
    z.object({
      projects: z.array(
        z.object({ ...id, name: z.string(), isChange: z.boolean(), steps: count, changedAt: z.number() }),
      ),
    }),
  ),
  'project.rows': command(
    z.object({ ...query, offset: count.default(0), limit: count.max(ROW_WINDOW_LIMIT).default(200) }),
    z.object({ total: count, byteTotal: count, rows: z.array(projectRow) }),
  ),
  /** The keys of rows in the same order. */
  'project.rowKeys': command(
    z.object({ ...query, offset: count.default(0), limit: count.default(Number.MAX_SAFE_INTEGER) }),
    z.object({ keys: z.array(count), byteTotal: count }),
  ),
  /** What rows of a folder hold with everything below them; null: what the folder does. */
  'project.contents': command(
    z.object({ ...folder, entries: entrySelection.nullable() }),
    z.object({ byteLength: count, fileCount: count }),
  ),
  'project.findRow': command(
    z.object({ ...query, prefix: z.string().min(1), from: count.default(0) }),
    z.object({ position: count.nullable() }),
  ),
  /** Files and folders of this computer go into a folder of it. */
  'project.add': command(z.object({ ...folder, paths: z.array(absolutePath).min(1) }), step),
  /** Entries of an open image do; null: all of them. */
  'project.addEntries': command(
    z.object({
      ...folder,
      image: count,
      generation: count,
      view: z.string(),
      entries: entrySelection.nullable(),
    }),
    step,
  ),
  'project.newFolder': command(z.object({ ...folder, name: z.string().max(NAME_LIMIT) }), step),
  'project.rename': command(z.object({ ...folder, key: count, name: z.string().max(NAME_LIMIT) }), step),
  'project.remove': command(z.object(chosen), step),
  /** Into another folder of the same project. */
  'project.move': command(z.object({ ...chosen, to: z.string() }), step),
  'project.undo': command(z.object(id), snapshot),
  'project.redo': command(z.object(id), snapshot),
  /** What is absent stays. The label is a step that can be taken back; the others are not. */
  'project.configure': command(
    z.object({
      ...id,
      name: z.string().min(1).max(200).optional(),
      label: z.string().max(VOLUME_LABEL_LIMIT).optional(),
      preset: z.enum(IMAGE_PRESETS).optional(),
      keepsSums: z.boolean().optional(),
      more: imageMore.optional(),
    }),
    snapshot,
  ),
  /** Plans the image as the project is now; takes a moment for many files. */
  'project.outcome': command(z.object(id), projectOutcome),
  /** The names that `project.outcome` has counted last. */
  'project.names': command(
    z.object({ ...id, offset: count.default(0), limit: count.max(ROW_WINDOW_LIMIT).default(200) }),
    z.object({ total: count, rows: z.array(changedName) }),
  ),
  /** Forgets it for good. */
  'project.discard': command(z.object(id), z.object({})),
} as const

export const projectEvents = {
  'project.changed': projectSnapshot,
  'project.discarded': z.object({ ...id, name: z.string() }),
} as const
