import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { buildFat, type FatNode } from '../../images/fat-builder'
import { buildIso, text } from '../../images/iso-builder'
import { codes, contentOf, damages, openBytes, pathsOf, readAll, scratch } from '../../images/open-bytes'
import { itWith, run } from '../desktop/programs'
import { temporaryFolder } from '../support'

const big = Uint8Array.from({ length: 30_000 }, (_, index) => index % 251)
const NODES: FatNode[] = [
  { name: 'Big File.bin', data: big },
  { name: 'Folder', children: [{ name: 'inside', data: text('inside') }] },
]
const PATHS = ['Big File.bin', 'Folder', 'Folder/inside']

/** Its format, if it lists and reads as it was made. */
async function formatOf(bytes: Uint8Array): Promise<string | undefined> {
  const image = await openBytes(bytes, { name: 'a.img' })
  expect(await pathsOf(image)).toEqual(PATHS)
  const found = await image.view('fat').lookup('Big File.bin')
  expect(Buffer.compare(await readAll(found?.content), big)).toBe(0)
  expect(await contentOf(image, 'Folder/inside')).toBe('inside')
  expect(damages(image)).toEqual([])
  return image.info.views[0]?.format
}

function written(bytes: Uint8Array, at: number, content: string | number[]): Uint8Array {
  const copy = bytes.slice()
  copy.set(typeof content === 'string' ? Buffer.from(content, 'latin1') : content, at)
  return copy
}

describe('how many bits an entry of the table has', () => {
  it.each([200, 2000, 5000, 40_000, 65_524])(
    'is 32 where FAT32 alone has its length: %i clusters',
    async (clusters) => {
      const bytes = buildFat(32, NODES, 2, clusters)
      expect(await formatOf(bytes)).toBe('FAT32')
      expect(codes(await openBytes(bytes, { name: 'a.img' }))).toEqual([])
    },
  )

  it('is 32 where there is room for a root of the old kind as well', async () => {
    const bytes = buildFat(32, NODES, 1, 2000)
    // Behind the tables follow four sectors of a root that FAT32 has no use for.
    const dataOffset = 512 * (32 + Math.ceil((2002 * 4) / 512))
    const longer = Buffer.concat([bytes.subarray(0, dataOffset), new Uint8Array(2048), bytes.subarray(dataOffset)])
    longer.writeUInt16LE(64, 17)
    longer.writeUInt32LE(longer.byteLength / 512, 32)
    expect(await formatOf(longer)).toBe('FAT32')
  })

  it('is 32 of a small volume that is read by its other boot sector', async () => {
    const bytes = buildFat(32, NODES, 1, 2000).fill(0, 0, 512)
    const image = await openBytes(bytes, { name: 'a.img' })
    expect(image.info.views[0]?.format).toBe('FAT32')
    expect(await pathsOf(image)).toEqual(PATHS)
    expect(codes(image)).toEqual(['HEADER_DAMAGED'])
  })

  itWith('mkfs.fat', 'is 32 of what mkfs.fat makes', async () => {
    const file = path.join(temporaryFolder(), 'small.img')
    run('mkfs.fat', ['-F', '32', '-C', file, '20480'])
    const image = await openBytes(new Uint8Array(fs.readFileSync(file)), { name: 'a.img' })
    expect(await pathsOf(image)).toEqual([])
    expect(image.info.views[0]?.format).toBe('FAT32')
    expect(codes(image)).toEqual([])
  })

  it.each([
    [12, 4084],
    [12, 4085],
    [16, 4085],
    [16, 4086],
    [16, 65_524],
    [16, 65_525],
    [32, 65_525],
    [32, 65_526],
  ] as const)('is %i with %i clusters in a table that has no room for more', async (bits, clusters) => {
    expect(await formatOf(buildFat(bits, NODES, 1, clusters))).toBe(`FAT${bits}`)
  })

  it.each([
    ['calls itself so', (bytes: Uint8Array) => written(written(bytes, 38, [0x29]), 54, 'FAT16   ')],
    ['is a disk of the Atari', (bytes: Uint8Array) => written(bytes, 0, [0x60, 0x1c])],
  ])('is 16 of a volume with few clusters that %s, if its table is one of those', async (_, named) => {
    for (const clusters of [300, 4084]) {
      const bytes = named(buildFat(16, NODES, 2, clusters))
      expect(await formatOf(bytes)).toBe('FAT16')
      expect(codes(await openBytes(bytes, { name: 'a.img' }))).toEqual(['FAT_BITS_UNUSUAL'])
      // An empty one too.
      const empty = await openBytes(named(buildFat(16, [], 2, clusters)), { name: 'a.img' })
      expect(empty.info.views[0]?.format).toBe('FAT16')
    }
    expect(await formatOf(named(buildFat(12, NODES, 2)))).toBe('FAT12')
    const empty = await openBytes(named(buildFat(12, [], 2)), { name: 'a.img' })
    expect(empty.info.views[0]?.format).toBe('FAT12')
    expect(codes(empty)).toEqual([])
  })
})

describe('a volume that does not begin with a jump of the PC', () => {
  const volume = buildFat(16, NODES, 2)
  const atari = written(written(volume, 0, [0x60, 0x1c]), 510, [0, 0])

  it.each([
    ['the Atari’s', atari],
    ['none', written(volume, 0, [0, 0, 0])],
  ])('but with %s is read by its parameters and its table', async (_, bytes) => {
    expect(await formatOf(bytes)).toBe('FAT16')
    expect(codes(await openBytes(bytes, { name: 'a.img' }))).toEqual([])
  })

  it('has lost it where all else is of the PC', async () => {
    const image = await openBytes(written(volume, 0, [0xea]), { name: 'a.img' })
    expect(await pathsOf(image)).toEqual(PATHS)
    expect(image.diagnostics).toMatchObject([{ code: 'HEADER_DAMAGED', severity: 'damage' }])
    expect(image.damage).toEqual([])
  })

  it('is read by its other boot sector where it is FAT32', async () => {
    const image = await openBytes(written(buildFat(32, NODES, 2, 2000), 0, [0xea]), { name: 'a.img' })
    expect(await pathsOf(image)).toEqual(PATHS)
    expect(image.diagnostics).toMatchObject([
      { code: 'HEADER_DAMAGED', message: expect.stringContaining('sector 6') as string },
    ])
  })

  it('is read out of a packed file', async () => {
    const image = await openBytes(new Uint8Array(zlib.gzipSync(atari)), { name: 'a.img.gz', ...scratch })
    expect(await pathsOf(image)).toEqual(PATHS)
  })

  it('is none where no table begins, or where its copies begin otherwise', async () => {
    const copy = 512 * (1 + Math.ceil((5002 * 2) / 512))
    for (const at of [512, 514, copy])
      await expect(openBytes(written(atari, at, [0x11]), { name: 'a.img' })).rejects.toMatchObject({
        code: 'NOT_AN_IMAGE',
      })
  })

  it('is none where another file system is', async () => {
    const { bytes } = buildIso([{ name: 'A.TXT;1', data: text('a') }])
    const small = written(buildFat(12, [], 2, 40), 0, [0x60, 0x1c])
    bytes.set(small.subarray(0, 512 * 3))
    const image = await openBytes(bytes)
    expect(image.info.views.map(({ kind }) => kind)).toEqual(['iso9660'])
  })

  itWith('mkfs.fat', 'is read as mkfs.fat makes it, with large sectors', async () => {
    for (const [kibibytes, sectorSize] of [
      [8000, 512],
      [40_960, 1024],
      [300_000, 8192],
    ] as const) {
      const file = path.join(temporaryFolder(), `${kibibytes}.img`)
      run('mkfs.fat', ['-A', '-F', '16', '-C', file, String(kibibytes)])
      const bytes = new Uint8Array(fs.readFileSync(file))
      expect(Buffer.from(bytes).readUInt16LE(11)).toBe(sectorSize)
      const image = await openBytes(bytes, { name: 'a.img' })
      expect(await pathsOf(image)).toEqual([])
      expect(image.info.views[0]?.format).toBe('FAT16')
      expect(codes(image)).toEqual([])
    }
  })
})
