import fs from 'node:fs'
import path from 'node:path'
import { systemPath } from '../../sinks/system-path'
import { refused } from './content'

/**
 * Whether what lies in one folder can be renamed into another of the same disk. Linux may have that disk mounted at two
 * places, between which nothing is renamed: it says so before it says that no folder is called `.`, so that asking makes
 * nothing that a process which is killed would leave behind. On other systems the number of the disk tells.
 * @throws {FileAccessError} where the source's folder may not be changed, so that nothing can be moved out of it
 */
export function canRename(from: string, to: string): boolean {
  try {
    fs.accessSync(systemPath(from), fs.constants.W_OK | fs.constants.X_OK)
  } catch (error) {
    throw refused(error, from)
  }
  return process.platform !== 'linux' || !isAcrossMounts(from, to)
}

function isAcrossMounts(from: string, to: string): boolean {
  try {
    fs.renameSync(systemPath(from + DOT), systemPath(to + DOT))
    return false
  } catch (error) {
    return (error as { code?: string }).code === 'EXDEV'
  }
}

const DOT = `${path.sep}.`
