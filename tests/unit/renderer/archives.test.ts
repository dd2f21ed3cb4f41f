import { execFileSync } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { BlobWriter, configure, TextReader, ZipWriter } from '@zip.js/zip.js'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listArchive } from '../../../src-renderer/features/preview/archive-listing'
import { isListable } from '../../../src-renderer/base/file-kinds/listable'
import type { ReadBytes } from '../../../src-renderer/features/preview/archive-types'
import { gunzipped } from '../../../src-renderer/features/preview/gunzip'
import { listTar } from '../../../src-renderer/features/preview/tar-listing'
import { listZip } from '../../../src-renderer/features/preview/zip-listing'

let folder: string
const LONG = `${'a-rather-long-folder-name/'.repeat(8)}file.txt`

beforeAll(() => {
  configure({ useWebWorkers: false })
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'isolde-archives-'))
  fs.mkdirSync(path.join(folder, 'in', path.dirname(LONG)), { recursive: true })
  fs.writeFileSync(path.join(folder, 'in', LONG), 'long')
  fs.writeFileSync(path.join(folder, 'in', 'grün.txt'), 'x'.repeat(1500))
  fs.writeFileSync(path.join(folder, 'in', 'large.bin'), Buffer.alloc(300_000))
})
afterAll(() => {
  fs.rmSync(folder, { recursive: true, force: true })
})

/** Reads ranges of bytes, and counts how many were asked for. */
function reader(bytes: Uint8Array): { read: ReadBytes; asked: () => number } {
  let asked = 0
  return {
    asked: () => asked,
    read: (at, length) => {
      asked += length
      return Promise.resolve(bytes.slice(at, at + length))
    },
  }
}

describe.each(['gnu', 'pax', 'ustar'])('a TAR in %s format', (format) => {
  test('is listed by its headers, whatever the length of its names', async () => {
    const file = path.join(folder, `${format}.tar`)
    const members = format === 'ustar' ? ['grün.txt', 'large.bin'] : ['.']
    execFileSync('tar', [`--format=${format}`, '-cf', file, '-C', path.join(folder, 'in'), ...members])
    const bytes = fs.readFileSync(file)
    const { entries, hasMore } = await listTar(bytes.byteLength, reader(bytes).read, 1000)
    const sizes = new Map(entries.map(({ name, byteLength }) => [name.replace(/^\.\//, ''), byteLength]))
    expect(sizes.get('grün.txt')).toBe(1500)
    expect(sizes.get('large.bin')).toBe(300_000)
    if (format !== 'ustar') expect(sizes.get(LONG)).toBe(4)
    expect(hasMore).toBe(false)
    for (const { modified } of entries) expect(Math.abs((modified ?? 0) - Date.now())).toBeLessThan(3_600_000)
  })
})

test('a TAR is not read through: large contents are jumped over', async () => {
  fs.writeFileSync(path.join(folder, 'in', 'huge.bin'), Buffer.alloc(8_000_000))
  const file = path.join(folder, 'huge.tar')
  execFileSync('tar', ['-cf', file, '-C', path.join(folder, 'in'), 'huge.bin', 'large.bin'])
  const bytes = fs.readFileSync(file)
  const { read, asked } = reader(bytes)
  expect((await listTar(bytes.byteLength, read, 1000)).entries).toHaveLength(2)
  expect(asked()).toBeLessThan(400_000)
})

test('what is no TAR says so, a cut one gives what it has, and there is a limit', async () => {
  await expect(listTar(2048, reader(Buffer.alloc(2048, 7)).read, 10)).rejects.toThrow(RangeError)
  const bytes = fs.readFileSync(path.join(folder, 'gnu.tar'))
  const cut = bytes.subarray(0, 1024)
  expect((await listTar(cut.byteLength, reader(cut).read, 10)).entries.length).toBeGreaterThan(0)
  const { entries, hasMore } = await listTar(bytes.byteLength, reader(bytes).read, 1)
  expect([entries.length, hasMore]).toEqual([1, true])
})

test('a TAR that gzip has packed is listed too, as far as it goes', async () => {
  const names = async (bytes: Uint8Array): Promise<string[]> =>
    (await listArchive('in.tar.gz', bytes.byteLength, reader(bytes).read)).entries.map(({ name }) => name)
  const packed = gzipSync(fs.readFileSync(path.join(folder, 'huge.tar')))
  expect(await names(packed)).toEqual(['huge.bin', 'large.bin'])
  expect(await names(packed.subarray(0, packed.byteLength / 2))).toEqual(['huge.bin'])
  await expect(names(Buffer.from('this is no gzip file'))).rejects.toThrow(RangeError)
})

test('no more is unpacked than a listing is worth', async () => {
  const packed = gzipSync(Buffer.alloc(20_000_000))
  const unpacked = gunzipped(packed.byteLength, reader(packed).read, 1_000_000)
  expect(await unpacked.read(5_000_000, 512)).toHaveLength(0)
  expect(unpacked.isCut()).toBe(true)
  await unpacked.close()
})

test('a ZIP is listed from the directory at its end', async () => {
  const zip = new ZipWriter(new BlobWriter())
  await zip.add('folder/', undefined, { directory: true })
  await zip.add('folder/grün.txt', new TextReader('words '.repeat(1000)))
  await zip.add('large.txt', new TextReader('x'.repeat(900_000)), { level: 0 })
  const bytes = new Uint8Array(await (await zip.close()).arrayBuffer())
  const { read, asked } = reader(bytes)
  const { entries } = await listZip(bytes.byteLength, read, 1000)
  expect(entries.map(({ name, isDirectory, byteLength }) => [name, isDirectory, byteLength])).toEqual([
    ['folder/', true, 0],
    ['folder/grün.txt', false, 6000],
    ['large.txt', false, 900_000],
  ])
  expect(entries[1]?.packedLength).toBeLessThan(1000)
  expect(asked()).toBeLessThan(bytes.byteLength)
  expect((await listArchive('a.zip', bytes.byteLength, read)).entries).toHaveLength(3)
  expect((await listZip(bytes.byteLength, read, 2)).hasMore).toBe(true)
})

test('what is no ZIP is an error, not an empty list', async () => {
  await expect(listArchive('a.zip', 5000, reader(Buffer.alloc(5000)).read)).rejects.toThrow()
})

test('endings tell which are listed', () => {
  expect(['a.zip', 'B.JAR', 'c.tar', 'd.docx', 'e.TGZ', 'f.tar.gz', 'g.txt.gz'].every(isListable)).toBe(true)
  expect(['a.txt.xz', 'b.rar', 'zip', 'c.txt'].map(isListable)).toEqual([false, false, false, false])
})
