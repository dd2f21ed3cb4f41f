import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { FileByteSource } from '../../src-main/files/file-byte-source'
import { openImage, type DiscImage } from '../../src-main/image'

export const SAMPLE = path.resolve('tests/images/sample.iso')

/** A folder that goes with the test. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-test-'))
  onTestFinished(() => {
    fs.chmodSync(folder, 0o700)
    // A program that was killed may take a moment to let go of it.
    fs.rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  })
  return folder
}

export async function openSample(): Promise<{ image: DiscImage; file: FileByteSource }> {
  const file = FileByteSource.open(SAMPLE)
  const image = await openImage(file, { name: 'sample.iso' })
  onTestFinished(async () => {
    await image.close()
    file.close()
  })
  return { image, file }
}

/** Every path below a folder with what is there: files by content, links by target (not followed). */
export function treeOf(folder: string, prefix = ''): Record<string, string> {
  const tree: Record<string, string> = {}
  for (const name of fs.readdirSync(path.join(folder, prefix))) {
    const relative = path.posix.join(prefix, name)
    const item = path.join(folder, relative)
    const stat = fs.lstatSync(item)
    if (stat.isDirectory()) Object.assign(tree, { [relative]: '/' }, treeOf(folder, relative))
    else tree[relative] = stat.isSymbolicLink() ? `→ ${fs.readlinkSync(item)}` : fs.readFileSync(item, 'base64')
  }
  return tree
}
