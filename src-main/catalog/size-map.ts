import type { EntryKind } from '../../src-shared/model'
import { decodeFlags, DIRECTORY_CODE, KIND_MASK } from './entry-codes'
import type { FolderSums, ViewOutline } from './view-outline'

export interface SizeMapNode {
  /** Null: the rest of its parent. */
  entry: number | null
  /** The place of the parent in the list; −1 for the directory asked for. */
  parent: number
  kind: EntryKind
  byteLength: number
  fileCount: number
}

/** Entries of a directory that get rectangles of their own; what is smaller is one together. */
const SHARES_AT_MOST = 60
/** Directories in directories: deeper ones would be too small to be seen. */
const DEPTH_AT_MOST = 3

/**
 * The largest things below a directory, at most `limit`: its own entries first, then what is in the largest of those
 * directories, and so on, always where the most bytes are not told apart yet.
 */
export function mapSizes(outline: ViewOutline, sums: FolderSums, directory: number, limit: number): SizeMapNode[] {
  const nodes: SizeMapNode[] = []
  const open: { node: number; entry: number; depth: number }[] = [{ node: -1, entry: directory, depth: 0 }]
  while (open.length > 0) {
    let best = 0
    for (let i = 1; i < open.length; i++)
      if ((sums.byteLength[open[i]?.entry ?? 0] ?? 0) > (sums.byteLength[open[best]?.entry ?? 0] ?? 0)) best = i
    const [next] = open.splice(best, 1)
    if (!next) break
    const within = childrenOf(outline, next.entry)
      .filter((entry) => (sums.byteLength[entry] ?? 0) > 0)
      .sort((a, b) => (sums.byteLength[b] ?? 0) - (sums.byteLength[a] ?? 0) || a - b)
    const shown = within.slice(0, Math.min(SHARES_AT_MOST, Math.max(0, limit - nodes.length - 1)))
    if (shown.length === 0) continue
    for (const entry of shown) {
      const node = nodes.push({
        entry,
        parent: next.node,
        kind: decodeFlags(outline.flags[entry] ?? 0).kind,
        byteLength: sums.byteLength[entry] ?? 0,
        fileCount: sums.fileCount[entry] ?? 0,
      })
      const isDirectory = ((outline.flags[entry] ?? 0) & KIND_MASK) === DIRECTORY_CODE
      if (isDirectory && next.depth + 1 < DEPTH_AT_MOST) open.push({ node: node - 1, entry, depth: next.depth + 1 })
    }
    const rest = within.slice(shown.length)
    if (rest.length > 0)
      nodes.push({
        entry: null,
        parent: next.node,
        kind: 'file',
        byteLength: rest.reduce((sum, entry) => sum + (sums.byteLength[entry] ?? 0), 0),
        fileCount: rest.reduce((sum, entry) => sum + (sums.fileCount[entry] ?? 0), 0),
      })
  }
  return nodes
}

/** A directory's children: neighbours, because entries are numbered breadth first, and so found by halving. */
function childrenOf({ length, parent }: ViewOutline, directory: number): number[] {
  let low = Math.max(1, directory)
  let high = length
  // Parents' numbers never fall along the entries.
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((parent[middle] ?? 0) < directory) low = middle + 1
    else high = middle
  }
  const list: number[] = []
  for (let entry = low; entry < length && parent[entry] === directory; entry++) list.push(entry)
  return list
}
