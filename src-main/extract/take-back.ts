import fs from 'node:fs/promises'
import { describeItem, isUnchanged, type MadeItem } from './made'

/** What is left of an extraction that was taken back, and why. */
export interface TakenBack {
  /** Files and links; the folders around them are not counted. */
  removed: number
  /** Changed since, or not to be removed; the first of them by their paths. */
  kept: number
  keptPaths: string[]
}

const KEPT_SHOWN = 20

/**
 * Removes what an extraction has made, where it is still there and as it was: each is looked at right before it goes.
 * Folders go only when they are empty, whoever put something into them.
 * @param made parents before what is in them
 */
export async function takeBack(made: readonly MadeItem[], signal?: AbortSignal): Promise<TakenBack> {
  const result: TakenBack = { removed: 0, kept: 0, keptPaths: [] }
  const keep = (itemPath: string): void => {
    result.kept++
    if (result.keptPaths.length < KEPT_SHOWN) result.keptPaths.push(itemPath)
  }
  for (let at = made.length - 1; at >= 0; at--) {
    signal?.throwIfAborted()
    const item = made[at]
    const now = item && describeItem(item.path)
    if (!item || !now) continue
    if (!isUnchanged(item, now)) {
      keep(item.path)
      continue
    }
    try {
      await (item.kind === 'directory' ? fs.rmdir(item.path) : fs.unlink(item.path))
      if (item.kind !== 'directory') result.removed++
    } catch {
      // A folder with something in it stays for that; what it is has been told, or is not ours to tell of.
      if (item.kind !== 'directory') keep(item.path)
    }
  }
  return result
}
