import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ContentWriter } from '../../../src-main/extract/content-writer'
import { nextRecorded, type ByteSource } from '../../../src-main/image/core/byte-source'
import type { EntryTable } from '../../../src-main/image'
import { temporaryFolder } from '../support'

const LENGTH = 2 ** 40
const END = Buffer.from('the end')

/** A damaged length, and an end that is here: all between is not recorded. */
const source: ByteSource = {
  byteLength: LENGTH,
  recorded: (byteOffset, byteLength) =>
    Math.max(0, byteOffset + byteLength - Math.max(byteOffset, LENGTH - END.length)),
  read(byteOffset, byteLength) {
    const at = byteOffset - (LENGTH - END.length)
    const bytes = Buffer.alloc(byteLength)
    END.copy(bytes, -Math.min(0, at))
    return bytes
  },
  locate: () => null,
  close: () => undefined,
}

it('a gap of a terabyte in the middle of a file is passed at once', async () => {
  expect(nextRecorded(source, 5, LENGTH)).toBe(LENGTH - END.length)
  expect(nextRecorded(source, 5, 100)).toBe(100)
  const table = {
    byteLengthOf: () => LENGTH,
    plainRunOf: () => null,
    statusOf: () => 'partial',
    content: () => source,
  } as unknown as EntryTable
  const file = path.join(temporaryFolder(), 'file')
  const descriptor = fs.openSync(file, 'w+')
  let counted = 0
  const writer = new ContentWriter(table, { checkpoint: () => undefined, progress: () => undefined }, (count) => {
    counted += count
  })
  const { missingByteLength } = await writer.write(1, descriptor)
  const bytes = Buffer.alloc(16)
  fs.readSync(descriptor, bytes, 0, 16, LENGTH - 16)
  expect([fs.fstatSync(descriptor).size, counted]).toEqual([LENGTH, LENGTH])
  fs.closeSync(descriptor)
  expect(bytes.toString('latin1')).toBe(`${'\0'.repeat(9)}the end`)
  expect(missingByteLength).toBeGreaterThan(LENGTH - 2 * 4096)
})
