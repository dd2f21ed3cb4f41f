import { call } from '../api'
import {
  ROW_WINDOW_LIMIT,
  type OpenedImage,
  type ProjectMark,
  type SearchHit,
  type Sorting,
} from '../../../src-shared/contract'
import { looksLikeImage, NumberRanges, type EntryKind, type EntryStatus } from '../../../src-shared/model'
import { KeySet, type RowKey } from './key-set'

export type { RowKey }

/** One line of a pane, whatever it shows. */
export interface PaneRow {
  key: RowKey
  name: string
  kind: EntryKind
  byteLength: number
  modified: number | null
  mode: number | null
  /** “uid:gid”, where recorded. */
  owner: string | null
  target: string | null
  hidden: boolean
  status: EntryStatus
  looksLikeImage: boolean
  childCount: number | null
  /** The hash of its content, where it was computed. */
  hash?: string | null
  /** The path of the folder that it lies in, where rows of several are shown together. */
  folder?: string | undefined
  /** What a search found, and in which image. */
  hit?: SearchHit
  /** Where on the disc, in bytes. */
  position: number | null
  /** What became of it in a project that changes an image. */
  mark?: ProjectMark | null
}

export interface RowWindow {
  total: number
  byteTotal: number
  /** False while an image is still being indexed. */
  isComplete: boolean
  /** There are more than anybody would read, and only the first ones are kept. */
  isCut?: boolean
  freeBytes: number | null
  isWritable: boolean
  rows: PaneRow[]
}

/** How rows are asked for; the same for the inside of an image and a folder. */
export interface RowQuery {
  sort: Sorting
  filter: string
  showHidden: boolean
  /** Only names that fit it. */
  mask?: string
}

/** Somewhere rows come from, a window at a time. */
export interface RowSource {
  fetch(query: RowQuery, offset: number, limit: number, signal?: AbortSignal): Promise<RowWindow>
  /** The keys of rows that need not be loaded, and their bytes. */
  keys(query: RowQuery, offset: number, limit: number): Promise<{ keys: RowKey[]; byteTotal: number }>
  /** The same without their order, where that is found out at once however many they are. */
  keySet?(query: RowQuery, offset: number, limit: number): Promise<{ keys: KeySet; byteTotal: number }>
  /** The first row at or after `from` whose name starts so, going round. */
  find(query: RowQuery, prefix: string, from: number): Promise<number | null>
}

const KEY_WINDOW = 100_000

/** The rows of one directory of one view of an image, or of everything below it. */
export function imageSource(opened: OpenedImage, view: string, directory: number, isDeep = false): RowSource {
  const at = { image: opened.image, generation: opened.generation, view, directory, isDeep }
  return {
    async fetch(query, offset, limit, signal) {
      const answer = await call('image.rows', { ...at, ...query, offset, limit }, { signal })
      return {
        ...answer,
        freeBytes: null,
        isWritable: false,
        rows: answer.rows.map(({ entry, uid, gid, sha256, blake3, ...row }) => ({
          ...row,
          key: entry,
          hash: sha256 ?? blake3,
          owner: uid === null && gid === null ? null : `${uid ?? '–'}:${gid ?? '–'}`,
          looksLikeImage: row.kind === 'file' && looksLikeImage(row.name),
        })),
      }
    },
    async keys(query, offset, limit) {
      const keys: RowKey[] = []
      let byteTotal = 0
      for (let done = 0; done < limit; done += KEY_WINDOW) {
        const part = { offset: offset + done, limit: Math.min(KEY_WINDOW, limit - done) }
        const answer = await call('image.rowIds', { ...at, ...query, ...part })
        for (const entry of answer.entries) keys.push(entry)
        byteTotal += answer.byteTotal
        if (answer.entries.length < part.limit) break
      }
      return { keys, byteTotal }
    },
    async keySet(query, offset, limit) {
      const { ranges, byteTotal } = await call('image.rowRanges', { ...at, ...query, offset, limit })
      return { keys: KeySet.ofRanges(NumberRanges.from(ranges)), byteTotal }
    },
    async find(query, prefix, from) {
      return (await call('image.findRow', { ...at, ...query, prefix, from })).position
    },
  }
}

/**
 * The rows of a folder of this computer.
 * @param isPlain whether an image of that name is to be a file like any other
 */
export function folderSource(path: string, isPlain: (name: string) => boolean, isDeep = false): RowSource {
  const at = { path, isDeep, notBefore: isDeep ? Date.now() : 0 }
  const fetch: RowSource['fetch'] = async (query, offset, limit, signal) => {
    const answer = await call('folder.rows', { ...at, ...query, offset, limit }, { signal })
    return {
      ...answer,
      isComplete: true,
      rows: answer.rows.map(({ path: key, ...row }) => ({
        ...row,
        key,
        // Asked when it matters: the choice may change while the rows are shown.
        get looksLikeImage() {
          return row.looksLikeImage && !isPlain(row.name)
        },
        owner: null,
        status: 'complete',
        childCount: null,
        position: null,
      })),
    }
  }
  return {
    fetch,
    async keys(query, offset, limit) {
      const keys: RowKey[] = []
      let byteTotal = 0
      for (let done = 0; done < limit; done += ROW_WINDOW_LIMIT) {
        const wanted = Math.min(ROW_WINDOW_LIMIT, limit - done)
        const { rows } = await fetch(query, offset + done, wanted)
        for (const row of rows) {
          keys.push(row.key)
          byteTotal += row.byteLength
        }
        if (rows.length < wanted) break
      }
      return { keys, byteTotal }
    },
    async find(query, prefix, from) {
      return (await call('folder.findRow', { ...at, ...query, prefix, from })).position
    },
  }
}
