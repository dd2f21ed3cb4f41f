import { z } from 'zod'
import {
  comparisonRow,
  duplicateRow,
  exportRequest,
  facet,
  libraryColumn,
  libraryImage,
  resultSorting,
  searchFilter,
  watchedFolder,
} from './library-shapes'
import { absolutePath, count, ROW_WINDOW_LIMIT, searchHit } from './shapes'

const done = z.object({})
const nothing = z.object({}).default({})
const window = { offset: count.default(0), limit: count.max(ROW_WINDOW_LIMIT).default(200) }

const catalogStatus = z.object({ byteLength: count, imageCount: count })

/** The largest piece of an export that one `export.read` answers, in bytes. */
export const EXPORT_PIECE = 1 << 20

/** Commands about what the catalog knows across images. */
export const libraryCommands = {
  /** Entries by name across every image that was ever opened; answers within a moment, with what it has found by then. */
  'search.run': {
    input: searchFilter.extend({
      limit: count.max(ROW_WINDOW_LIMIT).default(200),
      /** `next` of the answer before. */
      after: z.number().int().min(-1).default(-1),
    }),
    output: z.object({ hits: z.array(searchHit), hasMore: z.boolean(), next: z.number().nullable() }),
  },
  /** Begins a search whose results stay with the engine; `search.progress` tells how many there are. */
  'search.open': { input: searchFilter, output: z.object({ search: count }) },
  /** A window of its results, in the order found or sorted. */
  'search.rows': {
    input: z.object({ search: count, sort: resultSorting.default({ column: 'found', descending: false }), ...window }),
    output: z.object({ total: count, isDone: z.boolean(), isCut: z.boolean(), rows: z.array(searchHit) }),
  },

  /** Every image that is known. */
  'library.list': {
    input: z.object({
      text: z.string().default(''),
      state: z.enum(['all', 'online', 'offline']).default('all'),
      /** Null for all; the empty string for those in none. */
      group: z.string().nullable().default(null),
      tag: z.string().nullable().default(null),
      sort: libraryColumn.default('name'),
      descending: z.boolean().default(false),
      ...window,
    }),
    output: z.object({
      total: count,
      rows: z.array(libraryImage),
      groups: z.array(facet),
      tags: z.array(facet),
    }),
  },
  /** Changes what is said of images; what is absent stays as it is. */
  'library.update': {
    input: z.object({
      ids: z.array(count).min(1).max(ROW_WINDOW_LIMIT),
      group: z.string().max(200).optional(),
      tags: z.array(z.string().max(100)).max(100).optional(),
      notes: z.string().max(100_000).optional(),
    }),
    output: done,
  },
  /** Removes images from the catalog, never their files. */
  'library.forget': { input: z.object({ ids: z.array(count).min(1) }), output: done },
  /** How large the catalog is, in bytes, and how many images it knows. */
  'catalog.status': { input: nothing, output: catalogStatus },
  /** Forgets now what the settings let it forget, and gives room back to the disk. */
  'catalog.clean': { input: nothing, output: catalogStatus.extend({ forgotten: count }) },
  'library.folders': { input: nothing, output: z.object({ folders: z.array(watchedFolder) }) },
  /** Keeps every image in a folder and below it in the catalog from now on. */
  'library.addFolder': { input: z.object({ path: absolutePath }), output: done },
  'library.removeFolder': { input: z.object({ path: absolutePath }), output: done },

  /** A window of what a job of the kind `compare` has found. */
  'compare.rows': {
    input: z.object({ comparison: count, ...window }),
    output: z.object({ rows: z.array(comparisonRow) }),
  },

  /** A window of what a job of the kind `duplicates` has found. */
  'duplicates.rows': {
    input: z.object({ duplicates: count, ...window }),
    output: z.object({ rows: z.array(duplicateRow) }),
  },

  /** Lets go of a search, comparison, list of duplicates or export. */
  'result.close': { input: z.object({ result: count }), output: done },

  /** Writes an export beside the engine; the window fetches it piece by piece. */
  'export.open': {
    input: exportRequest,
    output: z.object({ export: count, name: z.string(), byteLength: count }),
  },
  'export.read': {
    input: z.object({ export: count, byteOffset: count }),
    output: z.object({ bytes: z.custom<Uint8Array>((value) => value instanceof Uint8Array) }),
  },
} as const
