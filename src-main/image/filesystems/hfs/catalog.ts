import type { ByteSource } from '../../core/byte-source'
import { ExtentSource } from '../../core/sources/extent-source'
import { sumOfRuns } from '../../core/content-runs'

/** Seconds between 1904, where Macintosh time begins, and 1970. */
const EPOCH = 2_082_844_800

export const ROOT_FOLDER = 2

/** Where HFS+ keeps the files that hard links share (TN1150 “Hard Links”). */
export const LINK_FOLDER = '\0\0\0\0HFS+ Private Data'
/** These are not shown. */
export const PRIVATE_FOLDERS: ReadonlySet<string> = new Set([LINK_FOLDER, '.HFS+ Private Directory Data\r'])

/** The extents of a fork, in allocation blocks: start and count in turn. */
export type BlockExtents = number[]

export interface Fork {
  byteLength: number
  /** Allocation blocks of it, as the record counts them. */
  blockCount: number
  extents: BlockExtents
}

/** A folder or file of a catalog, HFS and HFS+ alike. */
export interface CatalogRecord {
  id: number
  isFolder: boolean
  name: string
  /** −1 where the volume records none. */
  mode: number
  uid: number
  gid: number
  modified: number
  hidden: boolean
  data: Fork
  resource: Fork
  /** Four-letter type, for telling aliases and hard links. */
  fileType: string
  special: number
  /** What the Finder knows of it, 32 bytes as recorded; empty for folders. */
  finderInfo: Uint8Array
  /** HFS+: the owner has it compressed (TN1150 `bsdInfo.ownerFlags`, UF_COMPRESSED): the data fork is empty. */
  isPacked: boolean
  /** Files and folders in a folder, as it says itself; 0 for files. */
  valence: number
}

/** What else is recorded of a folder or file, under its own id. */
export interface Thread {
  parent: number
  name: string
  isFolder: boolean
}

export interface Catalog {
  volumeName: string
  children: Map<number, CatalogRecord[]>
  /** By the id of what they are of; only until they are compared. */
  threads: Map<number, Thread>
  /** Bytes of an allocation block, and where the first one is in the volume. */
  blockLength: number
  blockStart: number
  /** Allocation blocks of the volume. */
  blockCount: number
  /** Further extents of a fork (extents overflow file), by `forkKey`. */
  overflow: Map<string, BlockExtents>
  /** `com.apple.decmpfs` of compressed files, by id. */
  packed: Map<number, Uint8Array>
  created: number
  modified: number
}

export function forkKey(id: number, isResource: boolean): string {
  return `${id}${isResource ? 'r' : 'd'}`
}

export const NO_FORK: Fork = { byteLength: 0, blockCount: 0, extents: [] }

export function addRecord({ children }: Catalog, parent: number, record: CatalogRecord): void {
  const siblings = children.get(parent)
  if (siblings === undefined) children.set(parent, [record])
  else siblings.push(record)
}

/** Keeps the first of the records that were found more than once. */
export function dropTwins({ children }: Catalog): void {
  for (const [parent, records] of children) {
    const names = new Map<number, string>()
    const kept = records.filter(({ id, name }) => {
      const isTwin = names.get(id) === name
      names.set(id, name)
      return !isTwin
    })
    children.set(parent, kept)
  }
}

export function macTime(seconds: number): number {
  return seconds === 0 ? NaN : (seconds - EPOCH) * 1000
}

/** A fork's runs in the volume, its overflow included. */
export function forkRuns(
  catalog: Pick<Catalog, 'blockLength' | 'blockStart' | 'overflow'>,
  id: number,
  fork: Pick<Fork, 'byteLength' | 'extents'>,
  isResource: boolean,
): number[] {
  const runs: number[] = []
  let left = fork.byteLength
  const extents = [...fork.extents, ...(catalog.overflow.get(forkKey(id, isResource)) ?? [])]
  for (let i = 0; i + 1 < extents.length && left > 0; i += 2) {
    const byteLength = Math.min(left, (extents[i + 1] ?? 0) * catalog.blockLength)
    if (byteLength === 0) continue
    runs.push(catalog.blockStart + (extents[i] ?? 0) * catalog.blockLength, byteLength)
    left -= byteLength
  }
  // Extents that cover less than the length say: the rest is nowhere.
  if (left > 0) runs.push(2 ** 52, left)
  return runs
}

export function forkSource(volume: ByteSource, runs: readonly number[]): ExtentSource {
  return new ExtentSource(volume, runs, sumOfRuns(runs))
}
