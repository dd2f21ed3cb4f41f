import fsPromises from 'node:fs/promises'
import path from 'node:path'
import { because, explainWriteError } from '../../src-shared/model'
import { isSameEntry } from '../sinks/identity'
import { placeFolder, placeNew } from '../sinks/placing'
import { systemPath } from '../sinks/system-path'
import { FileAccessError, pathIsThere } from './listing'

/** Makes a folder. @throws {FileAccessError} `NAME_TAKEN`, `NO_PERMISSION` … @returns its path */
export async function createFolder(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, checkedName(name))
  try {
    await fsPromises.mkdir(systemPath(folder))
    return folder
  } catch (error) {
    throw explain(error, folder)
  }
}

/** Gives a file or folder another name where it is. Never replaces anything: other letters are free only where both
 * names are one entry. @returns its new path */
export async function renameItem(itemPath: string, name: string): Promise<string> {
  const target = path.join(path.dirname(itemPath), checkedName(name))
  if (target === itemPath) return target
  try {
    // Another spelling of the one name that it has is no conflict with itself: only rename can give it.
    if (isSameEntry(itemPath, target)) await fsPromises.rename(systemPath(itemPath), systemPath(target))
    else if (!(await place(itemPath, target)))
      throw new FileAccessError('NAME_TAKEN', `“${target}” already exists.`, because('nameExists', { name: target }))
    return target
  } catch (error) {
    throw error instanceof FileAccessError ? error : explain(error, itemPath)
  }
}

/** False where the name is taken. */
async function place(itemPath: string, target: string): Promise<boolean> {
  if (pathIsThere(target)) return false
  const stat = await fsPromises.lstat(systemPath(itemPath))
  return stat.isDirectory() ? placeFolder(itemPath, target) : placeNew(itemPath, target)
}

function checkedName(name: string): string {
  if (name === '.' || name === '..' || /[/\0]/.test(name) || (process.platform === 'win32' && /[\\:*?"<>|]/.test(name)))
    throw new FileAccessError(
      'BAD_REQUEST',
      `“${name}” cannot be the name of a file. Choose one without slashes.`,
      because('noFileName', { name }),
    )
  return name
}

function explain(error: unknown, itemPath: string): FileAccessError {
  const meaning = explainWriteError(error, itemPath)
  return new FileAccessError(meaning.code, meaning.message, meaning.details)
}
