import fs from 'node:fs'
import { isSameEntry, isSameObject, lookAt } from './identity'
import { systemPath } from './system-path'

/**
 * How what was made under another name gets its final one: by a single step of the file system, after which the name
 * holds either what it held before or the whole new thing. Extraction, copies and moves share these rules.
 */

/** Whether the system refused because something is at the name. */
export function isTaken(error: unknown): boolean {
  const code = (error as { code?: string }).code
  return code === 'EEXIST' || code === 'ENOTEMPTY' || code === 'ENOTDIR' || code === 'EISDIR'
}

/**
 * Moves a file or link to a name that must be free: a hard link fails where rename would replace. FAT and some network
 * disks have no hard links; there the look comes first and the gap is a few microseconds.
 * @returns false where the name is taken
 * @throws the system's error
 */
export function placeNew(from: string, to: string): boolean {
  try {
    fs.linkSync(systemPath(from), systemPath(to))
  } catch (error) {
    if (isTaken(error)) return false
    if ((error as { code?: string }).code === 'EXDEV') throw error
    if (fs.lstatSync(systemPath(to), { throwIfNoEntry: false })) return false
    fs.renameSync(systemPath(from), systemPath(to))
    return true
  }
  fs.unlinkSync(systemPath(from))
  return true
}

/**
 * Puts a file or link in the place of another one.
 * @returns false where a folder is there, which is never replaced
 * @throws the system's error
 */
export function placeOver(from: string, to: string): boolean {
  const source = lookAt(from)
  const target = lookAt(to)
  if (source && target && isSameObject(source, target)) {
    // Two names of one file: rename would leave both. One name: there is nothing to do, and nothing to remove.
    if (!isSameEntry(from, to)) fs.unlinkSync(systemPath(from))
    return true
  }
  if (target?.isDirectory()) return false
  try {
    fs.renameSync(systemPath(from), systemPath(to))
    return true
  } catch (error) {
    if (isTaken(error)) return false
    throw error
  }
}

/**
 * Moves a folder to a name that must be free; an empty folder that is there counts as free.
 * @param setMode sets a folder's mode; by its path where absent
 * @returns false where the name is taken
 * @throws the system's error
 */
export function placeFolder(
  from: string,
  to: string,
  setMode: (folderPath: string, mode: number) => void = (folderPath, mode) => {
    fs.chmodSync(systemPath(folderPath), mode)
  },
): boolean {
  const mode = fs.lstatSync(systemPath(from)).mode & 0o7777
  // A folder without write permission cannot change parents, so it gets it for the move.
  const isReadOnly = (mode & 0o200) === 0
  if (isReadOnly) setMode(from, mode | 0o700)
  let isPlaced = false
  try {
    fs.renameSync(systemPath(from), systemPath(to))
    isPlaced = true
  } catch (error) {
    if (!isTaken(error)) throw error
  } finally {
    if (isReadOnly) setMode(isPlaced ? to : from, mode)
  }
  return isPlaced
}

/** Something that is whole under another name, and the folder that it goes to. */
export interface Placement {
  from: string
  /** The path of a name in the folder. */
  to: (name: string) => string
  /** The name that is wanted. */
  name: string
  isFolder: boolean
  /** A file or link that has the name is replaced; a folder never is. */
  isOver?: boolean
  /** How a folder's mode is set, where its path alone is not to be trusted. */
  setMode?: (folderPath: string, mode: number) => void
}

/**
 * The one way in which extraction, copies, moves and single files give a final name. Whatever happens between two of its
 * steps, nothing is replaced that was not to be.
 * @param nextName another name where one is taken; null to give up
 * @returns the name that it got; null where it was given up, and is where it was
 * @throws the system's error
 */
export function placeItem(
  { from, to, name, isFolder, isOver = false, setMode }: Placement,
  nextName: (taken: string) => string | null,
): string | null {
  if (isOver && !isFolder && placeOver(from, to(name))) return name
  for (let wanted: string | null = name; wanted !== null; wanted = nextName(wanted))
    if (isFolder ? placeFolder(from, to(wanted), setMode) : placeNew(from, to(wanted))) return wanted
  return null
}

/** Puts what a folder lists on the disk. Where folders cannot be opened for that, their file system sees to it. */
export function syncFolder(folder: string): void {
  try {
    const descriptor = fs.openSync(systemPath(folder), 'r')
    try {
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
  } catch {
    // Windows, and some network disks.
  }
}
