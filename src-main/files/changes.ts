import fsPromises from 'node:fs/promises'
import path from 'node:path'
import { explainWriteError } from '../../src-shared/model'
import { FileAccessError, pathIsThere } from './listing'

/** Makes a folder. @throws {FileAccessError} `NAME_TAKEN`, `NO_PERMISSION` … @returns its path */
export async function createFolder(parent: string, name: string): Promise<string> {
  const folder = path.join(parent, checkedName(name))
  try {
    await fsPromises.mkdir(folder)
    return folder
  } catch (error) {
    throw explain(error, folder)
  }
}

/** Gives a file or folder another name where it is. Never replaces anything. @returns its new path */
export async function renameItem(itemPath: string, name: string): Promise<string> {
  const target = path.join(path.dirname(itemPath), checkedName(name))
  if (target === itemPath) return target
  // A change of case only is no conflict with itself.
  const isSameButCase = target.toLowerCase() === itemPath.toLowerCase()
  if (pathIsThere(target) && !isSameButCase) throw new FileAccessError('NAME_TAKEN', `${target} is already there.`)
  try {
    await fsPromises.rename(itemPath, target)
    return target
  } catch (error) {
    throw explain(error, itemPath)
  }
}

function checkedName(name: string): string {
  if (name === '.' || name === '..' || /[/\0]/.test(name) || (process.platform === 'win32' && /[\\:*?"<>|]/.test(name)))
    throw new FileAccessError('BAD_REQUEST', `“${name}” cannot be the name of a file. Choose one without slashes.`)
  return name
}

function explain(error: unknown, itemPath: string): FileAccessError {
  const meaning = explainWriteError(error, itemPath)
  return new FileAccessError(meaning.code, meaning.message)
}
