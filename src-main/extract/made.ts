import fs from 'node:fs'
import path from 'node:path'
import { UNDO_LIMIT } from '../../src-shared/model'
import type { Plan } from './plan'
import type { Resolution } from './conflicts'

/** Something that an extraction has put where nothing was, by what it can be known for the same and unchanged later. */
export interface MadeItem {
  /** Absolute. */
  path: string
  kind: 'file' | 'directory' | 'symlink'
  /** In bytes; numbers as text, because they are larger than what JSON keeps exactly. */
  size: string
  modifiedNs: string
  /** Of everything that is said of it. Null where another name of the same file changes that too. */
  changedNs: string | null
  device: string
  inode: string
}

/**
 * What is new after everything has its final name: parents before what is in them. Without files that replaced others,
 * which could not be brought back, and folders that were there before. Null where it is too much.
 * @param merged directories that were there already
 */
export function lookAtMade(
  { plan, destination }: { plan: Plan; destination: string },
  resolution: Resolution,
  merged: ReadonlySet<number>,
  isStaged: (node: number) => boolean,
  isNewDestination: boolean,
): MadeItem[] | null {
  if (plan.length > UNDO_LIMIT) return null
  const made: MadeItem[] = []
  const look = (itemPath: string): void => {
    const item = describeItem(itemPath)
    if (item) made.push(item)
  }
  if (isNewDestination && !merged.has(0)) look(destination)
  for (let node = 1; node < plan.length; node++)
    if (isStaged(node) && !merged.has(node) && !resolution.overwritten.has(node))
      look(path.join(destination, plan.pathOf(node)))
  return made
}

/** An item as it is now; null where it is gone, or of no kind that is extracted. */
export function describeItem(itemPath: string): MadeItem | null {
  const stat = fs.lstatSync(itemPath, { bigint: true, throwIfNoEntry: false })
  const kind = stat?.isFile() ? 'file' : stat?.isDirectory() ? 'directory' : stat?.isSymbolicLink() ? 'symlink' : null
  if (!stat || kind === null) return null
  return {
    path: itemPath,
    kind,
    size: String(stat.size),
    modifiedNs: String(stat.mtimeNs),
    changedNs: stat.nlink > 1n ? null : String(stat.ctimeNs),
    device: String(stat.dev),
    inode: String(stat.ino),
  }
}

/** Whether an item is the one that was made, and nobody has changed it since; of a folder, that it is the same one. */
export function isUnchanged(made: MadeItem, now: MadeItem): boolean {
  if (made.kind !== now.kind || made.device !== now.device || made.inode !== now.inode) return false
  if (made.kind === 'directory') return true
  const isSameChange = made.changedNs === null || now.changedNs === null || made.changedNs === now.changedNs
  return made.size === now.size && made.modifiedNs === now.modifiedNs && isSameChange
}
