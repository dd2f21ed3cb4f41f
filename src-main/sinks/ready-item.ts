import fs from 'node:fs'
import path from 'node:path'
import { identityKey, lookAt } from './identity'
import { isHidden } from './stage-name'

/** One thing that is whole under a hidden name and about to get its final one in a folder, by a single step. */
export interface ReadyItem {
  /** Where it will be. Absolute. */
  folder: string
  /** What it keeps whatever it is called: device and number. As long as it is there, nothing else has these. */
  identity: string
}

/** @throws the system's error where there is nothing at `from` */
export function readyItem(from: string, folder: string): ReadyItem {
  const stat = lookAt(from)
  if (!stat) throw Object.assign(new Error(`There is no ${from}.`), { code: 'ENOENT' })
  return { folder, identity: identityKey(stat) }
}

/**
 * Where that thing is now under a name of its own, which may be another than was meant: its maker came as far as that,
 * though perhaps no further. Null where it did not.
 */
export function findAppeared({ folder, identity }: ReadyItem): string | null {
  try {
    for (const name of fs.readdirSync(folder)) {
      if (isHidden(name)) continue
      const stat = lookAt(path.join(folder, name))
      if (stat && identityKey(stat) === identity) return path.join(folder, name)
    }
  } catch {
    // The folder is gone, or its disk.
  }
  return null
}
