import { BlobReader, TextWriter, Uint8ArrayWriter, ZipReader, type FileEntry } from '@zip.js/zip.js'
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/extract/control'
import { CancelledError } from '../../../src-main/extract/extract-error'
import { extractSevenZip, findSevenZip } from '../../../src-main/extract/seven-zip'
import { extractZip, type ZipRequest } from '../../../src-main/extract/zip'
import type { ByteSource, EntryTable } from '../../../src-main/image'
import { openSample, temporaryFolder } from '../support'

let folder: string
let table: EntryTable
let image: ByteSource
let base: Omit<ZipRequest, 'target'>

beforeEach(async () => {
  folder = temporaryFolder()
  const opened = await openSample()
  image = opened.file
  table = await opened.image.view('rock-ridge').readTree()
  base = { table, selection: { paths: null }, layout: { kind: 'full' }, control: UNCONTROLLED }
})

const openZip = (file: string, password?: string) =>
  new ZipReader(new BlobReader(new Blob([fs.readFileSync(file)])), password === undefined ? {} : { password })

describe('a ZIP', () => {
  it('holds every entry with its bytes and time, links as links', async () => {
    const target = path.join(folder, 'out.zip')
    const summary = await extractZip({ ...base, target })
    const entries = await openZip(target).getEntries()
    expect(entries).toHaveLength(table.length - 1)
    expect(summary.problems).toBe(0)
    for (let i = 1; i < table.length; i++) {
      const isFolder = table.kindOf(i) === 'directory'
      const entry = entries.find((one) => one.filename === table.pathOf(i) + (isFolder ? '/' : ''))!
      expect(Math.abs(entry.lastModDate.getTime() - table.modifiedOf(i))).toBeLessThan(2000)
      if (table.kindOf(i) === 'file') {
        const bytes = await (entry as FileEntry).getData(new Uint8ArrayWriter())
        const wanted = await table.content(i)!.read(0, table.byteLengthOf(i))
        expect(Buffer.from(bytes).equals(Buffer.from(wanted))).toBe(true)
      }
      if (table.kindOf(i) === 'symlink') {
        expect(entry.unixMode! & 0o170_000).toBe(0o120_000)
        expect(await (entry as FileEntry).getData(new TextWriter())).toBe(table.targetOf(i))
      }
    }
    expect(fs.readdirSync(folder)).toEqual(['out.zip'])
  })

  it('is encrypted with AES-256 when a password is given', async () => {
    const target = path.join(folder, 'out.zip')
    await extractZip({ ...base, target, password: 'right' })
    const entries = await openZip(target, 'right').getEntries()
    const file = entries.find((entry) => !entry.directory && entry.uncompressedSize > 0) as FileEntry
    // WinZip's AES extra field: vendor version, “AE”, strength 3 is 256 bits.
    expect(file.encrypted).toBe(true)
    expect(file.extraFieldAES?.strength).toBe(3)
    expect((await file.getData(new Uint8ArrayWriter())).byteLength).toBe(file.uncompressedSize)
    await expect(file.getData(new Uint8ArrayWriter(), { password: 'wrong' })).rejects.toThrow()
  })

  it('never replaces a file, and is not there when it was cancelled', async () => {
    const target = path.join(folder, 'out.zip')
    fs.writeFileSync(target, 'mine')
    await expect(extractZip({ ...base, target })).rejects.toMatchObject({ code: 'NAME_TAKEN' })
    expect(fs.readFileSync(target, 'utf8')).toBe('mine')
    let calls = 0
    const control = {
      checkpoint: () => {
        if (++calls > 5) throw new CancelledError()
      },
      progress: () => undefined,
    }
    await expect(extractZip({ ...base, control, target: path.join(folder, 'other.zip') })).rejects.toThrow(
      CancelledError,
    )
    expect(fs.readdirSync(folder)).toEqual(['out.zip'])
  })
})

describe('a 7z', () => {
  it('is made by the installed 7-Zip, encrypted names and all', async ({ skip }) => {
    const program = findSevenZip()
    if (program === null) return skip('no 7-Zip is installed')
    const target = path.join(folder, 'out.7z')
    await extractSevenZip({ ...base, image, target, password: 'right' })
    expect(spawnSync(program, ['t', '-pright', target]).status).toBe(0)
    expect(spawnSync(program, ['l', '-pwrong', target]).status).not.toBe(0)
    expect(fs.readdirSync(folder)).toEqual(['out.7z'])
  })
})
