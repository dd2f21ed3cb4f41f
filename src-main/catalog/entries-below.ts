import type { Connection } from './database'
import { rowidOf } from './entry-codes'
import type { EntryRange } from './row-order'

/** No tree that is read is deeper; numbers of a damaged catalog must not lead in circles either. */
const DEEPEST = 4096

/**
 * Everything below a directory, as ranges of entry numbers, the nearest first. Numbers are given breadth first, so what
 * lies equally deep is one range, or a few while a tree is still being read.
 * @param children what the directory itself holds
 */
export function rangesBelow(database: Connection, viewId: number, children: EntryRange): EntryRange[] {
  const select = database
    .prepare('SELECT first_child, child_count FROM directory WHERE id BETWEEN ? AND ? AND child_count > 0 ORDER BY id')
    .raw()
  const found: EntryRange[] = []
  let level: EntryRange[] = children[1] > 0 ? [children] : []
  for (let depth = 0; level.length > 0 && depth < DEEPEST; depth++) {
    found.push(...level)
    const next: EntryRange[] = []
    for (const [first, count] of level)
      for (const one of select.all(rowidOf(viewId, first), rowidOf(viewId, first + count - 1)) as EntryRange[])
        join(next, one)
    level = next
  }
  return found
}

/** Adds a range, to the last one where it goes on from there. */
function join(ranges: EntryRange[], [first, count]: EntryRange): void {
  const last = ranges.at(-1)
  if (last && last[0] + last[1] === first) ranges[ranges.length - 1] = [last[0], last[1] + count]
  else ranges.push([first, count])
}
