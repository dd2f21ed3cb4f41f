import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { sampleImage } from '../../images/small-tree'
import { temporaryFolder } from '../support'
import { isolde } from './command-line'

/** An archive with sums, one bit of the content of `hello.txt` flipped. */
function flipped(folder: string): string {
  const bytes = Buffer.from(sampleImage('cpio/crc.cpio.zst'))
  const at = bytes.indexOf('hello\n')
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  const file = path.join(folder, 'flipped.cpio')
  fs.writeFileSync(file, bytes)
  return file
}

it('extraction compares a file with the sum that its archive records, and says where it differs', () => {
  const folder = temporaryFolder()
  const to = path.join(folder, 'out')
  const { status, rows } = isolde(['extract', flipped(folder), '--to', to, '--json'])
  expect(status).toBe(1)
  expect(rows.map(({ path: name, code }) => [name, code])).toContainEqual(['hello.txt', 'SUM_MISMATCH'])
})

it('verification names the file, and passes an archive whose sums fit', () => {
  const folder = temporaryFolder()
  const bad = isolde(['verify', flipped(folder)])
  expect(bad.status).toBe(1)
  expect(bad.stdout).toContain('“hello.txt” does not give the sum32 sum that the image records for it.')
  const good = path.join(folder, 'good.cpio')
  fs.writeFileSync(good, sampleImage('cpio/crc.cpio.zst'))
  const passed = isolde(['verify', good])
  expect(passed.status).toBe(0)
  expect(passed.stdout).toMatch(/All \d files give the sums recorded for them/)
})
