import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from './make-folders'
import { systemPath } from './system-path'
import { because } from '../../src-shared/model'
import { SinkError } from './sink'

/** The folders on the way to a file that is written: every command makes those that are missing, and none stays empty. */
export class MadeFolders {
  /** Outermost first. */
  private readonly made: readonly string[]

  /**
   * Makes a folder and those around it, as far as they are not there.
   * @throws {SinkError} `NOT_A_FOLDER` where something else is in the way, or the system's error; nothing is made then
   */
  constructor(folder: string) {
    const there = nearestThere(path.resolve(folder))
    if (fs.statSync(there, { throwIfNoEntry: false })?.isDirectory() === false)
      throw new SinkError(
        'NOT_A_FOLDER',
        `${there} is not a folder. Choose a folder.`,
        because('notAFolder', { name: there }),
      )
    this.made = missingFolders(path.resolve(folder))
    if (this.made.length === 0) return
    // Of a disk that takes none, the call below says that something is missing.
    fs.accessSync(there, fs.constants.W_OK)
    try {
      makeFolders(folder)
    } catch (error) {
      this.remove()
      throw error
    }
  }

  /** Removes those that it made, as far as nobody has put something there. */
  remove(): void {
    for (const folder of this.made.toReversed()) {
      try {
        fs.rmdirSync(folder)
      } catch {
        return
      }
    }
  }
}

/** Whether anything has that path, a broken link included; below a file nothing has. */
export function isThere(item: string): boolean {
  try {
    return fs.lstatSync(systemPath(item), { throwIfNoEntry: false }) !== undefined
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOTDIR') return false
    throw error
  }
}

/** The folder itself, or the first thing around it that is there. */
export function nearestThere(folder: string): string {
  let at = folder
  while (!isThere(at) && path.dirname(at) !== at) at = path.dirname(at)
  return at
}

function missingFolders(folder: string): string[] {
  const missing: string[] = []
  for (let at = folder; !fs.existsSync(at) && path.dirname(at) !== at; at = path.dirname(at)) missing.unshift(at)
  return missing
}
