import fs from 'node:fs'
import path from 'node:path'
import { readPlainFile } from '../../../files/plain-file'
import { identityOf } from '../../../sinks/atomic-file'

/** Of the list of one project; in bytes. */
const LIST_LIMIT = 64 << 20

/**
 * The images that were written of a project, known by what a file keeps when it is renamed: one that lies in a folder of
 * the project is not to go into the next one. A line for each in a file beside the project; jobs add to it.
 */
export class WrittenImages {
  private readonly file: string

  /** @param folder the profile's folder of projects */
  constructor(folder: string, project: string) {
    this.file = path.join(folder, `${path.basename(project)}.written`)
  }

  /** Of a profile. @param home the folder where this program keeps its data */
  static of(home: string, project: string): WrittenImages {
    return new WrittenImages(projectsFolder(home), project)
  }

  identities(): Set<string> {
    try {
      return new Set(readPlainFile(this.file, LIST_LIMIT).toString('utf8').split('\n').filter(Boolean))
    } catch {
      return new Set()
    }
  }

  /** Notes an image under its final name. Never throws: the image is there all the same. */
  add(image: string): void {
    try {
      fs.appendFileSync(this.file, `${identityOf(image)}\n`, { mode: 0o600 })
    } catch {
      // The profile is away or full; then the next image says what it holds.
    }
  }

  forget(): void {
    fs.rmSync(this.file, { force: true })
  }
}

/** Where a profile keeps its projects. */
export function projectsFolder(home: string): string {
  return path.join(home, 'projects')
}
