import { z } from 'zod'
import { count, entryKind, entrySelection, insideStep, said, searchHit, timestamp } from './shapes'

/** The shapes of what the catalog knows across images: searches, the library, hashes, duplicates, comparisons. */

export const hashAlgorithm = z.enum(['sha256', 'blake3'])
export type HashAlgorithm = z.infer<typeof hashAlgorithm>

/** What entries must be like to be found. */
export const searchFilter = z.object({
  /** Part of a name, or a glob where it holds `*` or `?`; whatever case. */
  text: z.string().min(1),
  /** Only in this image. */
  image: count.nullable().default(null),
  kinds: z.array(entryKind).nullable().default(null),
  /** Without the dot. */
  extensions: z.array(z.string().min(1)).max(64).nullable().default(null),
  minByteLength: count.nullable().default(null),
  maxByteLength: count.nullable().default(null),
  /** Milliseconds since 1970, inclusive. */
  modifiedFrom: timestamp.default(null),
  modifiedTo: timestamp.default(null),
})
export type SearchFilter = z.input<typeof searchFilter>

export const resultSorting = z.object({
  column: z.enum(['found', 'name', 'size', 'modified', 'kind', 'image', 'path']).default('found'),
  descending: z.boolean().default(false),
})
export type ResultSorting = z.output<typeof resultSorting>
export type ResultColumn = ResultSorting['column']

const insideSteps = z.array(insideStep)

export const libraryColumn = z.enum([
  'name',
  'label',
  'identity',
  'size',
  'entries',
  'group',
  'path',
  'lastSeen',
  'lastOpened',
])
export type LibraryColumn = z.infer<typeof libraryColumn>

/** An image as the library shows it. */
export const libraryImage = z.object({
  /** The catalog's number for it; the same that opening it gives. */
  id: count,
  name: z.string(),
  path: z.string(),
  /** The way into nested images. */
  inside: insideSteps,
  label: z.string(),
  /** What it is for, in one line; empty where nothing says. */
  identity: z.string(),
  byteLength: count,
  formats: z.array(z.string()),
  status: z.enum(['complete', 'truncated']),
  /** Of the default view; null until it has been indexed. */
  entryCount: count.nullable(),
  lastSeen: z.number(),
  lastOpened: z.number().nullable(),
  group: z.string(),
  tags: z.array(z.string()),
  notes: z.string(),
  /** Whether the file is there right now. */
  isOnline: z.boolean(),
})
export type LibraryImage = z.infer<typeof libraryImage>

export const facet = z.object({ name: z.string(), count })

export const watchedFolder = z.object({
  path: z.string(),
  isOnline: z.boolean(),
  /** Image files found in it. */
  fileCount: count,
  /** Of those, how many are still to be indexed. */
  pendingCount: count,
  /** The file that is being indexed just now. */
  current: z.string().nullable(),
  /** Files that look like images but cannot be opened. */
  /** Files that are no image after all. */
  refused: z.array(z.object({ path: z.string(), why: said })),
})
export type WatchedFolder = z.infer<typeof watchedFolder>

/** A view of an image as the catalog has it; the image need not be open. */
export const viewRef = z.object({ image: count, generation: count, view: z.string() })
export type ViewRef = z.infer<typeof viewRef>

export const comparisonState = z.enum(['added', 'removed', 'changed', 'within'])
export type ComparisonState = z.infer<typeof comparisonState>

const comparedSide = z.object({ entry: count, kind: entryKind, byteLength: count, modified: timestamp })

export const comparisonRow = z.object({
  depth: count,
  name: z.string(),
  path: z.string(),
  /** `within`: a folder that differs only in what lies below it. */
  state: comparisonState,
  facts: z.array(z.enum(['kind', 'size', 'modified', 'content'])),
  left: comparedSide.nullable(),
  right: comparedSide.nullable(),
})
export type ComparisonRow = z.infer<typeof comparisonRow>

export const comparisonCounts = z.object({
  added: count,
  removed: count,
  changed: count,
  same: count,
  /** Files of one size on both sides whose contents are not both known. */
  unproven: count,
})

export const duplicateRow = z.discriminatedUnion('row', [
  z.object({
    row: z.literal('group'),
    byteLength: count,
    /** Whether extents or hashes say so; else the files only have one size. */
    isProven: z.boolean(),
    count,
    sharedBytes: count,
  }),
  searchHit.extend({ row: z.literal('entry') }),
])
export type DuplicateRow = z.infer<typeof duplicateRow>

/** What can be written into a file of its own. */
export const exportRequest = z.discriminatedUnion('what', [
  z.object({
    what: z.literal('listing'),
    ...viewRef.shape,
    /** Entries with all that is below them; null: the whole view. */
    entries: entrySelection.nullable(),
    format: z.enum(['csv', 'json']),
  }),
  z.object({ what: z.literal('search'), search: count, sort: resultSorting, format: z.enum(['csv', 'json']) }),
  /** Hashes that were computed: `SHA256SUMS`, `B3SUMS`. */
  z.object({
    what: z.literal('sums'),
    ...viewRef.shape,
    entries: entrySelection.nullable(),
    algorithm: hashAlgorithm,
  }),
])
export type ExportRequest = z.input<typeof exportRequest>
