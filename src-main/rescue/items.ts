import type { EntryKind, EntryStatus } from '../../src-shared/model'
import type { ByteSource } from '../image/core/byte-source'
import type { EntryTable } from '../image/core/entry-table'
import { findSums, type ExpectedSum } from '../image/sums/sums'

/** Where the trees of a view are shown that nothing leads to, and what has no record at all. */
export const LOST_FOLDERS = 'Lost folders'
export const FOUND_BY_CONTENT = 'Found by content'

/** One thing that may be saved. */
export interface RescueItem {
  path: string
  kind: EntryKind
  byteLength: number
  /** Milliseconds since 1970 UTC; NaN where none is recorded. */
  modified: number
  /** Of a link. */
  target: string | null
  /** Which tree has it: the kind of its view, or `carved`. */
  tree: string
  /** Pairs of byte offset in the image's blocks (−1: a hole of its own making) and byte length. */
  runs: ArrayLike<number>
  /** Its content is worked out from those bytes, and is not as they are. */
  isPacked: boolean
  /** Its bytes are there, and its key is not. */
  isEncrypted: boolean
  sum: ExpectedSum | null
  /** As the reader of its tree has it: what describes a file may be damaged where its bytes are not. */
  recorded: EntryStatus
  /** What describes it is recorded twice (in two trees, in both byte orders), and differently. */
  isContested: boolean
  open(): ByteSource | null
}

/** Gathers one tree out of several: every extent once, and every name of the tree that has it first. */
export class ItemList {
  readonly items: RescueItem[] = []
  private readonly paths = new Map<string, RescueItem>()
  private readonly extents = new Set<string>()

  /**
   * Adds a tree. Of a later one only what no earlier one has.
   * @param prefix the folder that it goes to; empty for the top
   */
  async add(table: EntryTable, tree: string, prefix = ''): Promise<void> {
    const isFirst = this.items.length === 0
    const sums = await findSums(table).catch(() => new Map<number, ExpectedSum>())
    const fresh: string[] = []
    for (let index = 1; index < table.length; index++) {
      const kind = table.kindOf(index)
      if (kind === 'directory' && !isFirst) continue
      const own = table.pathOf(index)
      const path = prefix === '' ? own : `${prefix}/${own}`
      const runs = table.storedRunsOf(index)
      const extent = extentOf(runs)
      if (!isFirst && !this.isNew(kind, path, extent)) continue
      const twin = isFirst ? undefined : this.paths.get(path)
      const isContested = kind === 'file' && twin !== undefined && isFile(twin)
      if (isContested) twin.isContested = true
      const item: RescueItem = {
        path: this.freePath(path),
        kind,
        byteLength: table.byteLengthOf(index),
        modified: table.modifiedOf(index),
        target: table.targetOf(index),
        tree,
        runs,
        isPacked: table.isPackedOf(index),
        isEncrypted: table.isEncryptedOf(index),
        sum: sums.get(index) ?? null,
        recorded: table.statusOf(index),
        isContested,
        open: () => table.content(index),
      }
      this.push(item)
      if (extent !== null) fresh.push(extent)
    }
    // Within one tree several names may well have the same content.
    for (const extent of fresh) this.extents.add(extent)
  }

  /** Of a link, which lies nowhere, the path alone tells. */
  private isNew(kind: EntryKind, path: string, extent: string | null): boolean {
    if (kind === 'file' && extent !== null) return !this.extents.has(extent)
    return kind === 'symlink' && !this.paths.has(path)
  }

  push(item: RescueItem): void {
    this.items.push(item)
    this.paths.set(item.path, item)
  }

  /** Another tree may have another file under the same path. */
  private freePath(path: string): string {
    if (!this.paths.has(path)) return path
    for (let number = 2; ; number++) if (!this.paths.has(`${path} (${number})`)) return `${path} (${number})`
  }
}

function isFile({ kind }: RescueItem): boolean {
  return kind === 'file'
}

/** Null of a file that has none. */
function extentOf(runs: ArrayLike<number>): string | null {
  let text = ''
  for (let i = 0; i + 1 < runs.length && i < 8; i += 2)
    if ((runs[i + 1] ?? 0) > 0) text += `${runs[i] ?? -1}:${runs[i + 1] ?? 0} `
  return text === '' ? null : text
}
