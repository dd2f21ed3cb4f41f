import type { EntryColumns } from '../core/entry-columns'

/** What all trees of a scan may hold: a hostile image can make every branch lead to all others. */
const ENTRY_LIMIT = 4_000_000

/** A directory that was found by itself. */
export interface FoundDirectory {
  /** In bytes of the volume; what other directories call it. */
  place: number
  /** Where it says that its parent is; null where it does not. */
  parent: number | null
}

/**
 * Reads directories that were found by themselves as the fewest trees: from those above which nothing was found, and then
 * from the topmost ones that those did not lead to.
 * @param read a tree from a directory on; `placesOf` the directories in it
 * @param started told of each tree, with its root
 */
export async function readForest<Found extends FoundDirectory>(
  found: ReadonlyMap<number, Found>,
  read: (directory: Found) => Promise<EntryColumns>,
  placesOf: (table: EntryColumns) => Iterable<number>,
  started: (directory: Found, table: EntryColumns) => void,
): Promise<void> {
  const left = new Map(found)
  let entries = 0
  const isTop = ({ place, parent }: Found): boolean => parent === null || parent === place || !left.has(parent)
  while (left.size > 0 && entries < ENTRY_LIMIT) {
    const tops = [...left.values()].filter(isTop).sort((a, b) => rank(a) - rank(b) || a.place - b.place)
    // Directories that are each other's parents have none that is topmost.
    const [any] = left.values()
    const roots = tops.length > 0 || any === undefined ? tops : [any]
    for (const directory of roots) {
      if (!left.delete(directory.place)) continue
      const table = await read(directory)
      entries += table.length
      for (const place of placesOf(table)) left.delete(place)
      started(directory, table)
      if (entries >= ENTRY_LIMIT) return
    }
  }
}

/** Roots first: what they lead to is no branch that nothing leads to. */
function rank({ place, parent }: FoundDirectory): number {
  return place === parent ? 0 : 1
}
