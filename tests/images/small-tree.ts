import { createHash } from 'node:crypto'
import fs from 'node:fs'
import zlib from 'node:zlib'
import { expect } from 'vitest'
import type { DiscImage, EntryTable } from '../../src-main/image'
import { readAll } from './open-bytes'

export const seq = (from: number, to: number): string =>
  Array.from({ length: to - from + 1 }, (_, index) => `${from + index}\n`).join('')

/** The tree that the scripts `make-*.sh` beside this file put into small images; `zeros` in the midst of `mixed`, lines of `numbers`. */
export function smallTree(zeros: number, files: number, numbers = 20_000): Record<string, Buffer> {
  return {
    'hello.txt': Buffer.from('hello\n'),
    'folder/same.txt': Buffer.from('hello\n'),
    empty: Buffer.alloc(0),
    'folder/numbers': Buffer.from(seq(1, numbers)),
    'folder/deep/mixed': Buffer.concat([Buffer.from(seq(1, 3000)), Buffer.alloc(zeros), Buffer.from(seq(3001, 6000))]),
    ...Object.fromEntries(
      Array.from({ length: files }, (_, index) => [`folder/f${index + 1}`, Buffer.from(`file ${index + 1}\n`)]),
    ),
  }
}

/** An image of the folder `tests/images`, unpacked where it is packed. */
export function sampleImage(name: string): Uint8Array {
  const bytes = fs.readFileSync(`tests/images/${name}`)
  return new Uint8Array(name.endsWith('.zst') ? zlib.zstdDecompressSync(bytes) : bytes)
}

export function indexOf(table: EntryTable, path: string): number {
  for (let index = 0; index < table.length; index++) if (table.pathOf(index) === path) return index
  throw new Error(`there is no “${path}”`)
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Every file has its bytes, whole and in pieces. */
export async function expectContents(image: DiscImage, viewId: string, files: Record<string, Buffer>): Promise<void> {
  const view = image.view(viewId)
  for (const [path, expected] of Object.entries(files)) {
    const content = (await view.lookup(path))?.content
    expect(sha256(await readAll(content)), path).toBe(sha256(expected))
    const middle = Math.floor(expected.byteLength / 2)
    const piece = await content!.read(Math.max(0, middle - 5), 10)
    expect(Buffer.from(piece), path).toEqual(expected.subarray(Math.max(0, middle - 5), Math.max(0, middle - 5) + 10))
  }
}
