import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'

const IMAGES = join(import.meta.dirname, '../../images')

/** The project's own sample disc. */
export const SAMPLE = join(IMAGES, 'sample.iso')

/** What the sample disc was made from, made again: nothing of the program is asked what is right. */
export async function writeSampleFiles(folder: string): Promise<void> {
  await promisify(execFile)(process.execPath, [join(IMAGES, 'make-sample-files.mjs'), folder])
}

/** Every file below a folder, by its path, with a digest of its bytes. */
export async function digestsOf(folder: string): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const digests: [string, string][] = []
  for (const entry of entries) {
    if (!entry.isFile()) continue
    const path = join(entry.parentPath, entry.name)
    const digest = createHash('sha256')
      .update(await readFile(path))
      .digest('hex')
    digests.push([relative(folder, path), digest])
  }
  return Object.fromEntries(digests.sort(([a], [b]) => (a < b ? -1 : 1)))
}
