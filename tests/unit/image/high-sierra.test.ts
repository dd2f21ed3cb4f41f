import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildHighSierra, type HighSierraNode } from '../../images/high-sierra-builder'
import { SECTOR } from '../../images/iso-builder'
import { codes, contentOf, openBytes, pathsOf, scratch } from '../../images/open-bytes'

const LONG = 'abcdefgh'.repeat(600)
const TREE: HighSierraNode[] = [
  { name: 'DATA', children: [{ name: 'DEEP', children: [{ name: 'LEAF.DAT;1', data: 'leaf' }] }] },
  { name: 'HIDDEN.TXT;1', data: 'hidden', flags: 1 },
  { name: 'LONG.BIN;1', data: LONG, isInSections: true },
  { name: 'README.TXT;1', data: 'read me' },
  { name: 'README.TXT;2', data: 'read me again' },
  { name: 'README.TXT;2', data: 'a fork', flags: 4 },
]

describe('High Sierra', () => {
  it('lists what is recorded', async () => {
    const image = await openBytes(buildHighSierra(TREE))
    expect(image.info.views.map(({ id }) => id)).toEqual(['high-sierra'])
    expect(image.info).toMatchObject({
      label: 'SIERRA',
      publisher: 'PUBLISHER',
      application: 'APPLICATION',
      dates: { created: Date.UTC(1988, 4, 28, 12, 30, 15), modified: Date.UTC(1988, 4, 29, 12, 30, 15) },
      completeness: { status: 'complete' },
    })
    expect(await pathsOf(image)).toEqual([
      'DATA',
      'DATA/DEEP',
      'DATA/DEEP/LEAF.DAT',
      'HIDDEN.TXT',
      'LONG.BIN',
      'README.TXT',
      'README.TXT;1',
    ])
    // The fork is not listed, and that is said.
    expect(codes(image)).toEqual(['ASSOCIATED_FILES'])
  })

  it('reads contents, in sections too, and dates and flags one byte earlier than ECMA-119 has them', async () => {
    const image = await openBytes(buildHighSierra(TREE))
    expect(await contentOf(image, 'DATA/DEEP/LEAF.DAT')).toBe('leaf')
    expect(await contentOf(image, 'LONG.BIN')).toBe(LONG)
    expect(await contentOf(image, 'README.TXT')).toBe('read me again')
    const view = image.view('high-sierra')
    expect((await view.lookup('HIDDEN.TXT'))?.entry).toMatchObject({
      hidden: true,
      modified: Date.UTC(1988, 4, 28, 12, 30, 15),
    })
    expect((await view.lookup('README.TXT'))?.entry.hidden).toBe(false)
  })

  it('is found inside a compressed file', async () => {
    const image = await openBytes(zlib.gzipSync(buildHighSierra(TREE)), { name: 'old.img.gz', ...scratch })
    expect(image.info.containers).toEqual(['gzip'])
    expect(await contentOf(image, 'README.TXT')).toBe('read me again')
    await image.close()
  })

  it('says what a destroyed directory costs', async () => {
    const whole = buildHighSierra(TREE)
    const root = whole.byteLength - SECTOR
    const broken = whole.slice()
    broken.fill(0, root, root + SECTOR)
    const damaged = await openBytes(broken)
    const table = await damaged.view('high-sierra').readTree()
    expect(table.length).toBe(1)
    expect(table.damage.map(({ code }) => code)).toEqual(['DIRECTORY_UNREADABLE'])
  })

  it('takes the number that can be where both byte orders differ', async () => {
    const bytes = buildHighSierra(TREE)
    // The root's extent in the descriptor, in little-endian order.
    bytes[16 * SECTOR + 185] = 0x7f
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toContain('README.TXT')
    expect(codes(image)).toEqual(['BOTH_ENDIAN_MISMATCH', 'ASSOCIATED_FILES'])
  })

  it('ends where directories lead in circles or past the end', async () => {
    const bytes = buildHighSierra([{ name: 'LOOP', children: [] }])
    for (let at = 18 * SECTOR; at < bytes.byteLength; at++)
      if (bytes[at] === 0x4c && bytes[at + 1] === 0x4f) bytes[at - 31] = 19
    const image = await openBytes(bytes)
    expect((await pathsOf(image)).length).toBeLessThan(3)
    expect(await pathsOf(await openBytes(bytes.slice(0, 18 * SECTOR)))).toEqual([])
  })
})
