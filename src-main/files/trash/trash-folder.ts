import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { because, systemErrorCode } from '../../../src-shared/model'
import { FileAccessError } from '../listing'

/** A trash folder as freedesktop.org's Trash specification 1.0 has it: https://specifications.freedesktop.org/trash/1.0 */
export interface TrashFolder {
  /** What is in the trash. */
  files: string
  /** Where it was: one `.trashinfo` file for each. */
  info: string
  /** What paths are relative to; null for the home trash, where they are absolute. */
  top: string | null
}

/**
 * The trash of the disk that an item lies on, made where it is missing: the home trash for the disk of the home folder,
 * `.Trash/<uid>` or `.Trash-<uid>` at the top of others. Nothing is ever copied to another disk to be deleted here.
 * @param device device number of the item's file system
 * @throws {FileAccessError} `UNSUPPORTED_HERE` where its disk has none and none can be made, `NO_SPACE` where it is full
 */
export function trashFolderFor(itemPath: string, device: number): TrashFolder {
  const home = homeTrash()
  if (deviceOf(existing(home)) === device) {
    const folder = usable(itemPath, home, null)
    if (folder) return folder
  }
  return topTrash(itemPath, device) ?? refuse(itemPath)
}

/**
 * The trash at the top of an item's disk. For the home folder's disk too where a bind mount lies between: no rename leads
 * across one.
 */
export function topTrash(itemPath: string, device: number): TrashFolder | null {
  const top = topOf(itemPath, device)
  const user = process.getuid?.() ?? 0
  const shared = path.join(top, '.Trash')
  const sharedStat = fs.lstatSync(shared, { throwIfNoEntry: false })
  // “The administrator's”: it must be a folder, no link, and have the sticky bit.
  if (sharedStat?.isDirectory() && (sharedStat.mode & 0o1000) !== 0) {
    const folder = usable(itemPath, path.join(shared, String(user)), top)
    if (folder) return folder
  }
  return usable(itemPath, path.join(top, `.Trash-${user}`), top)
}

export function refuse(itemPath: string): never {
  throw new FileAccessError(
    'UNSUPPORTED_HERE',
    `“${itemPath}” was not deleted: its disk has no trash, and takes none. Delete it in the system’s file manager.`,
    because('noTrash', { name: itemPath }),
  )
}

/** A disk that is full takes neither a trash nor a note. @throws {FileAccessError} `NO_SPACE`, where it is that */
export function refuseIfFull(error: unknown, itemPath: string): void {
  const code = systemErrorCode(error)
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return
  throw new FileAccessError(
    'NO_SPACE',
    `“${itemPath}” was not deleted: its disk is full, and has no room left for the trash’s note of it. Free some space first.`,
    because('noSpaceForTrash', { name: itemPath }),
  )
}

function homeTrash(): string {
  const own = process.env.XDG_DATA_HOME
  const data = own !== undefined && path.isAbsolute(own) ? own : path.join(os.homedir(), '.local', 'share')
  return path.join(data, 'Trash')
}

/** The nearest folder on the way up that is there. */
function existing(folder: string): string {
  if (fs.existsSync(folder) || path.dirname(folder) === folder) return folder
  return existing(path.dirname(folder))
}

function deviceOf(folder: string): number | null {
  return fs.statSync(folder, { throwIfNoEntry: false })?.dev ?? null
}

/** The highest folder above an item that is on the same disk. */
function topOf(itemPath: string, device: number): string {
  let top = path.dirname(itemPath)
  for (let up = path.dirname(top); up !== top && deviceOf(up) === device; up = path.dirname(up)) top = up
  return top
}

/** Null where it cannot be used: on another's, through a link, on a disk that takes no folders. @throws {FileAccessError} `NO_SPACE` */
function usable(itemPath: string, folder: string, top: string | null): TrashFolder | null {
  try {
    if (top === null) fs.mkdirSync(path.dirname(folder), { recursive: true, mode: 0o700 })
    for (const part of [folder, path.join(folder, 'files'), path.join(folder, 'info')]) {
      const stat = fs.lstatSync(part, { throwIfNoEntry: false })
      if (!stat) fs.mkdirSync(part, { mode: 0o700 })
      // A home trash may have been moved to another place by its owner; what lies on a shared disk may be anybody's.
      else if (top !== null && !isOwn(stat)) return null
    }
    const [files, info] = [path.join(folder, 'files'), path.join(folder, 'info')]
    fs.accessSync(files, fs.constants.W_OK | fs.constants.X_OK)
    fs.accessSync(info, fs.constants.W_OK | fs.constants.X_OK)
    return { files, info, top }
  } catch (error) {
    refuseIfFull(error, itemPath)
    return null
  }
}

function isOwn(stat: fs.Stats): boolean {
  return stat.isDirectory() && stat.uid === (process.getuid?.() ?? stat.uid)
}
