import fs from 'node:fs'
import path from 'node:path'

/** The folders on the way to a file that is written: every command makes those that are missing, and none stays empty. */
export class MadeFolders {
  /** Outermost first. */
  private readonly made: readonly string[]

  /**
   * Makes a folder and those around it, as far as they are not there.
   * @throws the system's error, with nothing made
   */
  constructor(folder: string) {
    this.made = missingFolders(path.resolve(folder))
    try {
      fs.mkdirSync(folder, { recursive: true })
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

function missingFolders(folder: string): string[] {
  const missing: string[] = []
  for (let at = folder; !fs.existsSync(at) && path.dirname(at) !== at; at = path.dirname(at)) missing.unshift(at)
  return missing
}
