import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildFloppy, FLOPPY_LENGTHS } from '../../images/floppy-builder'
import { codes, contentOf, openBytes, pathsOf, readAll, scratch } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const long = Uint8Array.from({ length: 20_000 }, (_, index) => index % 251)
/** As the boot sector of DOS 1.1 begins, with nothing that marks it as one that has parameters. */
const CODE = [0xeb, 0x27, 0x90, 8, 0, 20, 0, 0, 0xfa, 0x33, 0xc0, 0x8e, 0xd0, 0xbc, 0, 0x7c]
/** With a parameter block that is none, and the mark at the end. */
const LOST = [0xeb, 0x3c, 0x90, ...Buffer.from('MSDOS5.0'), 0, 0, 3, 1, 0]

function sectorOf(start: readonly number[], mark: readonly number[] = [0, 0]): Uint8Array {
  const sector = new Uint8Array(512)
  sector.set(start)
  sector.set(mark, 510)
  return sector
}

/** Whether whatever formats a floppy of that length writes a parameter block. */
const isLater = (kibibytes: number): boolean => kibibytes > 360 && kibibytes !== 1232

describe('a floppy without a parameter block', () => {
  it.each(FLOPPY_LENGTHS)('is read by its length and its table: %i KB', async (kibibytes) => {
    const { bytes } = buildFloppy(kibibytes, long)
    bytes.set(sectorOf(CODE))
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(image.info.views.map(({ kind, format }) => [kind, format])).toEqual([['fat', 'FAT12']])
    expect(await pathsOf(image)).toEqual(['LONG.BIN', 'SHORT.TXT'])
    expect(Buffer.compare(await readAll((await image.view('fat').lookup('LONG.BIN'))?.content), long)).toBe(0)
    expect(await contentOf(image, 'SHORT.TXT')).toBe('short')
    const severity = isLater(kibibytes) ? 'warning' : 'note'
    expect(image.diagnostics).toMatchObject([{ code: 'BOOT_SECTOR_BARE', severity }])
    expect(image.diagnostics[0]?.message).toContain(`${kibibytes} KB`)
  })

  it.each(FLOPPY_LENGTHS)('whose first sector is blank may have lost it, or has: %i KB', async (kibibytes) => {
    const { bytes } = buildFloppy(kibibytes, long)
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await contentOf(image, 'SHORT.TXT')).toBe('short')
    const [code, severity] = isLater(kibibytes) ? ['HEADER_DAMAGED', 'damage'] : ['BOOT_SECTOR_BARE', 'warning']
    expect(image.diagnostics).toMatchObject([{ code, severity }])
    expect(image.damage.length).toBe(isLater(kibibytes) ? 1 : 0)
    expect(codes(await openBytes(bytes.fill(0xf6, 0, 512), { name: 'a.img' }))).toEqual([code])
  })

  it.each(FLOPPY_LENGTHS)('whose first sector has parameters that cannot be is damaged: %i KB', async (kibibytes) => {
    const { bytes } = buildFloppy(kibibytes, long)
    bytes.set(sectorOf(LOST, [0x55, 0xaa]))
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await contentOf(image, 'SHORT.TXT')).toBe('short')
    expect(image.damage).toMatchObject([{ code: 'HEADER_DAMAGED' }])
  })

  it('is read where what was never used is marked as deleted, as DOS 1 does', async () => {
    const { bytes } = buildFloppy(160, long, [0xe5, 0xf6])
    bytes.set(sectorOf(CODE))
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await pathsOf(image)).toEqual(['LONG.BIN', 'SHORT.TXT'])
    expect(codes(image)).toEqual(['BOOT_SECTOR_BARE'])
  })

  it('is read where it is empty', async () => {
    const { bytes, rootOffset } = buildFloppy(360, new Uint8Array(0))
    bytes.fill(0, rootOffset)
    for (const table of [512, 1536]) bytes.fill(0, table + 3, table + 1024)
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await pathsOf(image)).toEqual([])
    expect(codes(image)).toEqual(['BOOT_SECTOR_BARE'])
  })

  it('is read where the copies of its table differ, which is damage', async () => {
    const { bytes, fatOffset } = buildFloppy(360, long)
    bytes.set(sectorOf(CODE))
    // The entry of cluster 4, which is one of LONG.BIN.
    bytes.set([0xee, 0x0e], fatOffset + 6)
    const image = await openBytes(bytes, { name: 'a.img' })
    await image.view('fat').readTree()
    expect(codes(image)).toContain('FAT_COPIES_DIFFER')
    expect(Buffer.compare(await readAll((await image.view('fat').lookup('LONG.BIN'))?.content), long)).toBe(0)
  })

  it('is read out of a packed file', async () => {
    const { bytes } = buildFloppy(360, long)
    bytes.set(sectorOf(CODE))
    const image = await openBytes(new Uint8Array(zlib.gzipSync(bytes)), { name: 'a.img.gz', ...scratch })
    expect(await contentOf(image, 'SHORT.TXT')).toBe('short')
  })

  it.each<[string, (floppy: ReturnType<typeof buildFloppy>) => Uint8Array]>([
    ['its table names another medium', ({ bytes, fatOffset }) => bytes.fill(0xfe, fatOffset, fatOffset + 1)],
    ['its table does not begin as one', ({ bytes, fatOffset }) => bytes.fill(0, fatOffset + 1, fatOffset + 2)],
    ['the copy of its table does not', ({ bytes, copyOffset }) => bytes.fill(0, copyOffset, copyOffset + 1)],
    ['its root holds what are no records', ({ bytes, rootOffset }) => bytes.fill(7, rootOffset, rootOffset + 96)],
    [
      'its root says nothing, and its tables differ',
      ({ bytes, fatOffset, rootOffset }) =>
        bytes.fill(0, rootOffset, rootOffset + 64).fill(1, fatOffset + 9, fatOffset + 10),
    ],
    ['it is shorter', ({ bytes }) => bytes.subarray(0, -512)],
    ['it is longer', ({ bytes }) => Buffer.concat([bytes, new Uint8Array(512)])],
  ])('is none where %s', async (_, change) => {
    const floppy = buildFloppy(360, long)
    floppy.bytes.set(sectorOf(CODE))
    await expect(openBytes(change(floppy), { name: 'a.img' })).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })

  it.each([360, 1232, 1440])('is none of bytes that mean nothing: %i KB', async (kibibytes) => {
    let state = kibibytes
    const noise = Uint8Array.from({ length: kibibytes * 1024 }, () => {
      state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0
      return state >>> 16
    })
    const { bytes, fatOffset, copyOffset } = buildFloppy(kibibytes, long)
    for (const table of [fatOffset, copyOffset]) noise.set(bytes.subarray(table, table + 3), table)
    await expect(openBytes(noise, { name: 'a.img' })).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })

  it('is none of bytes that are all set', async () => {
    const bytes = new Uint8Array(320 * 1024).fill(0xff)
    await expect(openBytes(bytes, { name: 'a.img' })).rejects.toMatchObject({ code: 'NOT_AN_IMAGE' })
  })

  itWith('mformat', 'is read as mformat divides it', async () => {
    const folder = temporaryFolder()
    const source = path.join(folder, 'file.bin')
    fs.writeFileSync(source, long)
    for (const kibibytes of FLOPPY_LENGTHS.filter((length) => length !== 1232)) {
      const file = path.join(folder, `${kibibytes}.img`)
      run('mformat', ['-C', '-f', String(kibibytes), '-i', file, '::'])
      run('mcopy', ['-i', file, source, '::/FILE.BIN'])
      const bytes = new Uint8Array(fs.readFileSync(file))
      expect(codes(await openBytes(bytes, { name: 'a.img' }))).toEqual([])
      const image = await openBytes(bytes.fill(0, 0, 512), { name: 'a.img' })
      expect(Buffer.compare(await readAll((await image.view('fat').lookup('FILE.BIN'))?.content), long)).toBe(0)
    }
  })
})

it('a disk of the PC-98 with its parameter block, in sectors of 1024 bytes', async () => {
  const { bytes } = buildFloppy(1232, long)
  bytes.set([0xeb, 0x1c, 0x90, ...Buffer.from('NEC 2.00'), 0, 4, 1, 1, 0, 2, 192, 0, 0xd0, 4, 0xfe, 2, 0, 8, 0, 2])
  const image = await openBytes(bytes, { name: 'a.img' })
  expect(await pathsOf(image)).toEqual(['LONG.BIN', 'SHORT.TXT'])
  expect(Buffer.compare(await readAll((await image.view('fat').lookup('LONG.BIN'))?.content), long)).toBe(0)
  expect(codes(image)).toEqual([])
})
