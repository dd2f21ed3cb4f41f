import fs from 'node:fs'
import path from 'node:path'
import { makeFolders } from '../../sinks/make-folders'
import { z } from 'zod'
import { IsoldeError } from '../../../src-shared/contract/errors'
import { readPlainFile } from '../../files/plain-file'
import { projectOutline, WrittenImages } from '../../jobs'
import { syncFolder } from '../../sinks/placing'

/** A project as the profile holds it: with steps that were taken back and may be done again. */
export const storedProject = projectOutline.extend({
  name: z.string(),
  /** So many of its operations are done. */
  position: z.number().int().nonnegative(),
  changedAt: z.number(),
})
export type StoredProject = z.output<typeof storedProject>

/** Names of files that are made of nothing else lead nowhere else. */
const ID = /^[0-9a-f-]{36}$/
const EXTENSION = '.json'

/** The projects of a profile: a file each, which is replaced as a whole. */
export class ProjectFiles {
  constructor(private readonly folder: string) {}

  /** @throws {IsoldeError} `ENTRY_GONE` where there is none, or none that can be understood */
  read(id: string): StoredProject {
    const text = ID.test(id) ? readOrNull(this.pathOf(id)) : null
    const parsed = text === null ? null : storedProject.safeParse(jsonOf(text))
    if (parsed?.success !== true || parsed.data.position > parsed.data.operations.length)
      throw new IsoldeError('ENTRY_GONE', 'This project was discarded, or cannot be read any more. Begin a new one.')
    return parsed.data
  }

  /** @throws what the disk says; the project is then as it was */
  write(id: string, project: StoredProject): void {
    makeFolders(this.folder, 0o700)
    const file = this.pathOf(id)
    const aside = `${file}.new`
    fs.writeFileSync(aside, JSON.stringify(project), { mode: 0o600, flush: true })
    fs.renameSync(aside, file)
    syncFolder(this.folder)
  }

  remove(id: string): void {
    if (!ID.test(id)) return
    fs.rmSync(this.pathOf(id), { force: true })
    this.written(id).forget()
  }

  /** The images that were written of it. */
  written(id: string): WrittenImages {
    return new WrittenImages(this.folder, id)
  }

  /** The ids of all, in any order. */
  list(): string[] {
    const names = fs.existsSync(this.folder) ? fs.readdirSync(this.folder) : []
    return names.filter((name) => name.endsWith(EXTENSION)).map((name) => name.slice(0, -EXTENSION.length))
  }

  private pathOf(id: string): string {
    return path.join(this.folder, id + EXTENSION)
  }
}

/** In bytes. */
const PROJECT_LIMIT = 256 << 20

function readOrNull(file: string): string | null {
  try {
    return readPlainFile(file, PROJECT_LIMIT).toString('utf8')
  } catch {
    return null
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
