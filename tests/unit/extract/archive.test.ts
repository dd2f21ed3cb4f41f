import { BlobReader, TextWriter, Uint8ArrayWriter, ZipReader, type FileEntry } from '@zip.js/zip.js'
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { UNCONTROLLED, CancelledError } from '../../../src-main/task'
import { extractSevenZip, findSevenZip } from '../../../src-main/extract/seven-zip'
import { extractZip, type ZipRequest } from '../../../src-main/extract/zip'
import type { EntryTable } from '../../../src-main/image'
import { buildIso } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { archiveJob } from '../../../src-shared/contract/jobs/archive'
import { openSample, temporaryFolder } from '../support'

let folder: string
let table: EntryTable
let base: Omit<ZipRequest, 'target'>

beforeEach(async () => {
  folder = temporaryFolder()
  const opened = await openSample()
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

  it.each(['', 'two\nlines', 'nul\0', 'half \uD83D'])(
    'is not made with a password that opens nothing: %j',
    async (password) => {
      await expect(extractZip({ ...base, target: path.join(folder, 'out.zip'), password })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
      expect(archiveJob.start.shape.password.safeParse(password).success).toBe(false)
      expect(fs.readdirSync(folder)).toEqual([])
    },
  )

  it.each([undefined, 'right'])(
    'holds small and large files, packed where that helps (password: %s)',
    async (password) => {
      const contents: Record<string, Uint8Array> = {
        'EMPTY.;1': new Uint8Array(0),
        'NOISE.BIN;1': randomBytes(5000),
        'TEXT.TXT;1': Buffer.from('the same words again '.repeat(4000)),
        'LARGE.BIN;1': Buffer.concat([randomBytes(1 << 20), Buffer.alloc(1 << 20, 'x'), Buffer.from('end')]),
        'ZLAST.TXT;1': Buffer.from('cut off '.repeat(1000)),
      }
      const { bytes } = buildIso(Object.entries(contents).map(([name, data]) => ({ name, data })))
      const cut = bytes.subarray(0, bytes.byteLength - 4096)
      const damaged = await (await openBytes(cut)).view('iso9660').readTree()
      const target = path.join(folder, 'out.zip')
      const outcomes: [string, string][] = []
      const summary = await extractZip({
        ...base,
        table: damaged,
        target,
        ...(password === undefined ? {} : { password }),
        onOutcome: ({ path: name, status }) => outcomes.push([name, status]),
      })
      expect(summary).toMatchObject({ files: 5, problems: 1 })
      expect(outcomes.filter(([, status]) => status !== 'written')).toEqual([['ZLAST.TXT', 'partial']])
      const entries = (await openZip(target, password).getEntries()) as FileEntry[]
      const wanted = Buffer.from(contents['ZLAST.TXT;1']!)
      const kept = damaged.byteLengthOf(damaged.length - 1) - (wanted.byteLength - 4096) > 0 ? 4096 : 0
      for (const entry of entries) {
        const found = await entry.getData(new Uint8ArrayWriter(), { checkSignature: true })
        const full = Buffer.from(contents[`${entry.filename}${entry.filename.includes('.') ? '' : '.'};1`]!)
        if (entry.filename === 'ZLAST.TXT') full.fill(0, kept)
        expect(Buffer.compare(found, full)).toBe(0)
      }
      const sizeOf = (name: string): number => entries.find((entry) => entry.filename === name)!.compressedSize
      const overhead = password === undefined ? 0 : 28
      expect(sizeOf('NOISE.BIN')).toBe(5000 + overhead)
      expect(sizeOf('TEXT.TXT')).toBeLessThan(1000)
    },
  )

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
    await extractSevenZip({ ...base, target, password: 'right' })
    expect(spawnSync(program, ['t', '-pright', target]).status).toBe(0)
    expect(spawnSync(program, ['l', '-pwrong', target]).status).not.toBe(0)
    expect(fs.readdirSync(folder)).toEqual(['out.7z'])
  })
})
