import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../src-main/image'
import { buildFat, type FatNode } from '../images/fat-builder'
import { codes, damages, openBytes, pathsOf, readAll } from '../images/open-bytes'

/** With its tree read, which is when damage in it is told. */
async function listed(bytes: Uint8Array): Promise<DiscImage> {
  const image = await openBytes(bytes, { name: 'a.img' })
  await image.view('fat').readTree()
  return image
}

describe('FAT', () => {
  test('DIRECTORY_LOOP: a directory whose cluster is its own', async () => {
    const bytes = buildFat(16, [{ name: 'outer', children: [{ name: 'inner', children: [] }] }])
    // The inner one's first cluster becomes the outer one's.
    const text = Buffer.from(bytes)
    const outer = text.indexOf('FILE0000')
    const inner = text.indexOf('FILE0000', outer + 8)
    bytes.set(bytes.subarray(outer + 26, outer + 28), inner + 26)
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await pathsOf(image)).toEqual(['outer', 'outer/inner'])
    expect(damages(image)).toContain('DIRECTORY_LOOP')
  })

  test('TOO_MANY_ENTRIES: directories that run into one another’s clusters', async () => {
    const many = Array.from({ length: 400 }, (_, index): FatNode => ({ name: `f${index}`, data: new Uint8Array(0) }))
    const nodes = Array.from({ length: 20 }, (_, index): FatNode => ({
      name: `d${index}`,
      children: index === 0 ? many : [],
    }))
    const bytes = buildFat(16, nodes)
    const text = Buffer.from(bytes)
    // Every directory begins one cluster later in the chain of the first.
    for (let index = 1; index < 20; index++) {
      const at = text.indexOf(`FILE${String(index).padStart(4, '0')}   `)
      bytes[at + 26] = 2 + index * 2
    }
    const image = await openBytes(bytes, { name: 'a.img', limits: { entryCount: 3000 } })
    expect((await pathsOf(image)).length).toBeLessThanOrEqual(3000)
    expect(codes(image)).toContain('TOO_MANY_ENTRIES')
  })

  /** Where a volume of 16 bits by buildFat has its root, which takes four sectors, and its clusters. */
  const ROOT = 512 * (1 + Math.ceil((5002 * 2) / 512))
  const many = Array.from({ length: 24 }, (_, index): FatNode => ({ name: `file ${index}`, data: new Uint8Array(9) }))

  test.each([
    ['its first sector', 0],
    ['its second sector', 512],
  ])('DIRECTORY_SECTOR_BLANK: a root that lost %s', async (_, at) => {
    const bytes = buildFat(16, many)
    expect(damages(await listed(bytes))).toEqual([])
    bytes.fill(0, ROOT + at, ROOT + at + 512)
    const image = await listed(bytes)
    expect((await pathsOf(image)).length).toBeLessThan(24)
    expect((await pathsOf(image)).length).toBeGreaterThan(0)
    expect(damages(image)).toEqual(['DIRECTORY_SECTOR_BLANK'])
  })

  test.each([12, 16, 32] as const)('DIRECTORY_SECTOR_BLANK: a root of FAT%i of nothing but zeros', async (bits) => {
    expect(damages(await listed(buildFat(bits, [])))).toEqual([])
    const bytes = buildFat(bits, [{ name: 'only', data: new Uint8Array(9) }])
    const name = Buffer.from(bytes).indexOf('FILE0000')
    bytes.fill(0, Math.floor(name / 512) * 512, Math.floor(name / 512) * 512 + 512)
    expect(damages(await listed(bytes))).toEqual(['DIRECTORY_SECTOR_BLANK'])
  })

  test.each([
    ['nothing', 0],
    ['what is no folder', 0x81],
  ])('DIRECTORY_UNREADABLE: a folder that holds %s', async (_, value) => {
    const bytes = buildFat(16, [{ name: 'outer', children: [{ name: 'inner', data: new Uint8Array(9) }] }])
    const self = Buffer.from(bytes).indexOf('.          ')
    bytes.fill(value, self, self + 512)
    expect(damages(await listed(bytes))).toContain('DIRECTORY_UNREADABLE')
  })

  test('FAT_CHAIN_SHORT: a file of four gigabytes in one cluster', async () => {
    const bytes = buildFat(16, [{ name: 'f', data: new Uint8Array(100).fill(1) }])
    const at = Buffer.from(bytes).indexOf('FILE0000')
    bytes.set([255, 255, 255, 255], at + 28)
    const image = await openBytes(bytes, { name: 'a.img' })
    const found = await image.view('fat').lookup('f')
    expect(found?.entry.status).toBe('partial')
    expect((await found?.content?.read(0, 1 << 20))?.byteLength).toBe(512)
    expect(codes(image)).toContain('FAT_CHAIN_SHORT')
  })

  test('a long name whose checksum belongs to another file', async () => {
    const bytes = buildFat(16, [{ name: 'A long name of some length', data: new Uint8Array(3) }])
    const at = Buffer.from(bytes).indexOf('FILE0000')
    bytes[at] = 'X'.charCodeAt(0)
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(await pathsOf(image)).toEqual(['XILE0000'])
    expect((await readAll((await image.view('fat').lookup('XILE0000'))?.content)).byteLength).toBe(3)
  })
})
