import { BlobReader, Uint8ArrayWriter, ZipReader, type FileEntry } from '@zip.js/zip.js'
import fs from 'node:fs'
import path from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { UNCONTROLLED } from '../../../src-main/task'
import { extract } from '../../../src-main/extract/extract'
import { extractSevenZip, findSevenZip } from '../../../src-main/extract/seven-zip'
import { extractZip } from '../../../src-main/extract/zip'
import type { EntryTable } from '../../../src-main/image'
import type { EntryOutcome } from '../../../src-shared/model'
import { buildIso, concat, px, SECTOR, SP } from '../../images/iso-builder'
import { openBytes } from '../../images/open-bytes'
import { temporaryFolder } from '../support'

const base = { selection: { paths: null }, layout: { kind: 'full' }, control: UNCONTROLLED } as const

let folder: string

beforeEach(() => {
  vi.restoreAllMocks()
  folder = temporaryFolder()
})

const tableOf = async (bytes: Uint8Array, view = 'iso9660') => (await openBytes(bytes)).view(view).readTree()

const real = fs.statfsSync

function roomOf(bytes: number): void {
  vi.restoreAllMocks()
  const statfs = (at: string): fs.StatsFs => Object.assign(real(at), { bavail: bytes, bsize: 1 })
  vi.spyOn(fs, 'statfsSync').mockImplementation(statfs as typeof fs.statfsSync)
}

describe('a file whose last section never comes', () => {
  const { bytes } = buildIso([
    { name: 'A.TXT;1', data: 'whole' },
    { name: 'B.TXT;1', data: 'b'.repeat(SECTOR), flags: 0x80 },
    { name: 'C.TXT;1', data: 'whole too' },
  ])

  it.each(['folder', 'zip', '7z'])('is only partly there in a %s', async (format) => {
    if (format === '7z' && findSevenZip() === null) return
    const outcomes: EntryOutcome[] = []
    const request = { ...base, table: await tableOf(bytes), onOutcome: (one: EntryOutcome) => outcomes.push(one) }
    const target = path.join(folder, 'out')
    const summary =
      format === 'folder'
        ? await extract({ ...request, destination: target, conflicts: 'fail' })
        : await (format === 'zip' ? extractZip : extractSevenZip)({ ...request, target })
    expect(summary).toMatchObject({ files: 3, problems: 1 })
    expect(outcomes.filter(({ status }) => status === 'partial').map((one) => [one.path, one.code])).toEqual([
      ['B.TXT', 'CONTENT_DAMAGED'],
    ])
  })
})

describe('a sum that does not fit', () => {
  const { bytes } = buildIso([
    { name: 'A.TXT;1', data: 'good' },
    { name: 'B.TXT;1', data: 'x'.repeat(3 << 20) },
    { name: 'MD5SUM.TXT;1', data: `${'0'.repeat(32)}  A.TXT\n${'1'.repeat(32)}  B.TXT\n` },
  ])
  const wrong = [
    ['A.TXT', 'partial', 'SUM_MISMATCH'],
    ['B.TXT', 'partial', 'SUM_MISMATCH'],
  ]

  it.each(['folder', 'zip', '7z'])('is told of a %s', async (format) => {
    if (format === '7z' && findSevenZip() === null) return
    const outcomes: EntryOutcome[] = []
    const request = { ...base, table: await tableOf(bytes), onOutcome: (one: EntryOutcome) => outcomes.push(one) }
    const target = path.join(folder, 'out')
    const summary =
      format === 'folder'
        ? await extract({ ...request, destination: target, conflicts: 'fail' })
        : await (format === 'zip' ? extractZip : extractSevenZip)({ ...request, target })
    expect(summary).toMatchObject({ files: 3, problems: 2 })
    expect(
      outcomes.filter(({ status }) => status !== 'written').map((one) => [one.path, one.status, one.code]),
    ).toEqual(wrong)
  })
})

describe('an empty password', () => {
  it('makes no archive', async () => {
    const request = { ...base, table: await tableOf(buildIso([{ name: 'A;1', data: 'a' }]).bytes), password: '' }
    for (const make of [extractZip, extractSevenZip])
      await expect(make({ ...request, target: path.join(folder, 'out') })).rejects.toMatchObject({
        code: 'BAD_REQUEST',
      })
    expect(fs.readdirSync(folder)).toEqual([])
  })
})

describe('a file that says it is longer than the image', () => {
  const LENGTH = 4 * 1024 ** 3 - 1
  const content = 'recorded '.repeat(500)
  let table: EntryTable
  let outcomes: EntryOutcome[]

  beforeEach(async () => {
    outcomes = []
    table = await tableOf(buildIso([{ name: 'BIG.BIN;1', data: content, byteLength: LENGTH }]).bytes)
  })

  it('is a hole behind what is recorded, in a folder with little room', async () => {
    roomOf(1 << 20)
    const summary = await extract({
      ...base,
      table,
      destination: path.join(folder, 'to'),
      conflicts: 'fail',
      onOutcome: (one) => outcomes.push(one),
    })
    expect(summary.problems).toBe(1)
    expect(outcomes).toMatchObject([{ status: 'partial', code: 'CONTENT_DAMAGED', byteLength: LENGTH }])
    const written = path.join(folder, 'to', 'BIG.BIN')
    const stat = fs.statSync(written)
    expect(stat.size).toBe(LENGTH)
    expect(stat.blocks * 512).toBeLessThan(1 << 20)
    const start = Buffer.alloc(content.length)
    const descriptor = fs.openSync(written, 'r')
    fs.readSync(descriptor, start)
    fs.closeSync(descriptor)
    expect(start.toString()).toBe(content)
  })

  it('ends with what is recorded, in a ZIP', async () => {
    const target = path.join(folder, 'out.zip')
    await extractZip({ ...base, table, target, onOutcome: (one) => outcomes.push(one) })
    const [entry] = (await new ZipReader(
      new BlobReader(new Blob([fs.readFileSync(target)])),
    ).getEntries()) as FileEntry[]
    const bytes = Buffer.from(await entry!.getData(new Uint8ArrayWriter(), { checkSignature: true }))
    expect(bytes.subarray(0, content.length).toString()).toBe(content)
    // The image's last block is there as a whole.
    expect(bytes.byteLength).toBeLessThan(content.length + 200 * SECTOR)
    expect(outcomes).toMatchObject([{ status: 'partial', code: 'CONTENT_DAMAGED', byteLength: bytes.byteLength }])
  })
})

describe('the room that is wanted', () => {
  it('counts a file with several names once', async () => {
    const data = new Uint8Array(600_000).fill(0x79)
    const names = ['A.;1', 'B.;1', 'C.;1'].map((name) => ({ name, data, use: px(0o100644, 3, 77) }))
    const table = await tableOf(buildIso(names, { rootUse: concat(SP, px(0o040755, 2)) }).bytes, 'rock-ridge')
    expect(table.hardLinkGroupOf(3)).toBe(table.hardLinkGroupOf(1))
    roomOf(700_000)
    const destination = path.join(folder, 'to')
    await extract({ ...base, table, destination, conflicts: 'fail' })
    expect(fs.readdirSync(destination)).toEqual(['A', 'B', 'C'])
    roomOf(500_000)
    await expect(
      extract({ ...base, table, destination: path.join(folder, 'other'), conflicts: 'fail' }),
    ).rejects.toMatchObject({ code: 'NO_SPACE' })
  })

  it('is left to writing where zeros become holes', async () => {
    const table = await tableOf(buildIso([{ name: 'Z;1', data: new Uint8Array(4 << 20) }]).bytes)
    roomOf(1 << 20)
    const request = { ...base, table, conflicts: 'fail' } as const
    await expect(extract({ ...request, destination: path.join(folder, 'no') })).rejects.toMatchObject({
      code: 'NO_SPACE',
    })
    await extract({ ...request, destination: path.join(folder, 'yes'), attributes: { sparse: true } })
    expect(fs.statSync(path.join(folder, 'yes', 'Z')).size).toBe(4 << 20)
  })
})
