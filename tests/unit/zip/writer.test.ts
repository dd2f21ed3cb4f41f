import { Uint8ArrayReader, Uint8ArrayWriter, ZipReader, configure } from '@zip.js/zip.js'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, test } from 'vitest'
import { findSevenZip } from '../../../src-main/extract/seven-zip'
import { ZipWriter, type ZipOptions } from '../../../src-main/zip'
import { packBatch } from '../../../src-main/zip/batch'
import type { PackingThread } from '../../../src-main/zip/packing-thread'
import { temporaryFolder } from '../support'

configure({ useWebWorkers: false })

const CONTENTS: Record<string, Buffer> = {
  'empty.txt': Buffer.alloc(0),
  'noise.bin': randomBytes(5000),
  'text.txt': Buffer.from('the same words again '.repeat(4000)),
  'Größe ß.txt': Buffer.from('names beyond ASCII'),
  'large text.txt': Buffer.from('line after line, and nothing new '.repeat(120_000)),
  'large noise.bin': randomBytes(3_300_000),
  'late.txt': Buffer.concat([randomBytes(1 << 20), Buffer.alloc(2 << 20, 'x'), Buffer.from('end')]),
}
const TIME = Date.UTC(2021, 5, 6, 7, 8, 10)

async function* piecesOf(bytes: Buffer): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += 1 << 20) {
    await Promise.resolve()
    yield Buffer.from(bytes.subarray(at, at + (1 << 20)))
  }
}

/** Writes all contents, the large ones as streams. */
async function write(options: Omit<ZipOptions, 'write' | 'patch'>, canPatch: boolean): Promise<Buffer> {
  const out = Buffer.alloc(16 << 20)
  let end = 0
  const put = (bytes: Uint8Array, at: number): void => {
    out.set(bytes, at)
  }
  const zip = new ZipWriter({
    ...options,
    write: (bytes) => {
      put(bytes, end)
      end += bytes.byteLength
    },
    ...(canPatch ? { patch: put } : {}),
  })
  await zip.folder({ path: 'folder/', modified: TIME, mode: 0o040_750 })
  for (const [name, bytes] of Object.entries(CONTENTS)) {
    const entry = { path: `folder/${name}`, modified: TIME, mode: 0o100_640 }
    if (bytes.byteLength > 1 << 20) await zip.stream(entry, bytes.byteLength, piecesOf(bytes))
    else await zip.whole(entry, bytes)
  }
  expect(await zip.finish()).toBe(end)
  return out.subarray(0, end)
}

async function sizesOf(file: Buffer, password?: string): Promise<Map<string, number>> {
  const zip = new ZipReader(new Uint8ArrayReader(file), password === undefined ? {} : { password })
  const sizes = new Map<string, number>()
  for (const entry of await zip.getEntries()) {
    expect(Math.floor(entry.lastModDate.getTime() / 1000)).toBe(TIME / 1000)
    if (entry.directory) {
      expect([entry.filename, (entry.unixMode ?? 0) & 0o170_777]).toEqual(['folder/', 0o040_750])
      continue
    }
    const name = entry.filename.replace('folder/', '')
    const bytes = await entry.getData(new Uint8ArrayWriter(), { checkSignature: true })
    expect(Buffer.compare(Buffer.from(bytes), CONTENTS[name]!), name).toBe(0)
    expect((entry.unixMode ?? 0) & 0o170_777).toBe(0o100_640)
    sizes.set(name, entry.compressedSize)
  }
  expect(sizes.size).toBe(Object.keys(CONTENTS).length)
  return sizes
}

/** A thread that is none, and answers later. */
const thread = {
  isFree: true,
  pack: async (batch: Parameters<typeof packBatch>[0]) => {
    await Promise.resolve()
    return packBatch(batch)
  },
} as unknown as PackingThread

describe.each([
  ['whose lengths are put in afterwards', true],
  ['that is sent while it is made', false],
])('a ZIP %s', (_, canPatch) => {
  it.each([
    ['plain', {}],
    ['packed by another thread', { thread }],
    ['encrypted', { password: 'ключ 🔑' }],
    ['not packed', { level: 0 }],
    ['packed as hard as can be', { level: 9 }],
  ])('has what was put in: %s', async (_what, options) => {
    const file = await write(options, canPatch)
    const password = 'password' in options ? options.password : undefined
    const sizes = await sizesOf(file, password)
    if ('level' in options && options.level === 0) expect(sizes.get('text.txt')).toBe(CONTENTS['text.txt']?.byteLength)
    else {
      expect(sizes.get('text.txt')).toBeLessThan(1000)
      expect(sizes.get('large text.txt')).toBeLessThan(60_000)
      expect(sizes.get('late.txt')).toBeLessThan(1_100_000)
    }
    expect(sizes.get('noise.bin')).toBe(5000 + (password === undefined ? 0 : 28))
    const path7z = findSevenZip()
    if (path7z === null) return
    const place = path.join(temporaryFolder(), 'a.zip')
    fs.writeFileSync(place, file)
    const tested = spawnSync(path7z, ['t', `-p${password ?? ''}`, place], { encoding: 'utf8' })
    expect([tested.status, tested.stdout]).toEqual([0, expect.stringContaining('Everything is Ok')])
  })
})

test('more entries than 16 bits can count are all there (APPNOTE 4.3.14)', async () => {
  const parts: Uint8Array[] = []
  const zip = new ZipWriter({ write: (bytes) => void parts.push(bytes) })
  for (let number = 0; number < 70_000; number++)
    await zip.whole({ path: `${number}`, modified: NaN, mode: 0o100_644 }, Buffer.alloc(0))
  await zip.finish()
  const entries = await new ZipReader(new Uint8ArrayReader(Buffer.concat(parts))).getEntries()
  expect(entries).toHaveLength(70_000)
  expect(entries.at(-1)?.filename).toBe('69999')
})

test('what cannot be written is heard of', async () => {
  const zip = new ZipWriter({
    write: () => {
      throw new Error('no room')
    },
  })
  await expect(
    zip.stream({ path: 'a', modified: NaN, mode: 0o100_644 }, 3_300_000, piecesOf(CONTENTS['large noise.bin']!)),
  ).rejects.toThrow('no room')
})
