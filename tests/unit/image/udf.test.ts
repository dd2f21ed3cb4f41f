import { describe, expect, test } from 'vitest'
import { samples, SESSION_GAP } from '../../images/cd-sectors'
import { text } from '../../images/iso-builder'
import { codes, contentOf, damages, openBytes, pathsOf, readAll, siblings } from '../../images/open-bytes'
import { buildUdf, type Allocation, type PartitionKind, type UdfNode } from '../../images/udf-builder'

const big = new Uint8Array(40_000).map((_, index) => (index * 31) % 253)

const tree = (): UdfNode[] => [
  { name: 'Hello.txt', data: text('hello') },
  { name: 'Größe 大.bin', data: big, allocation: 'long' },
  {
    name: 'Folder',
    children: [
      { name: 'inside', data: text('inside') },
      { name: 'empty', children: [] },
    ],
  },
]
const TREE_PATHS = ['Folder', 'Folder/empty', 'Folder/inside', 'Größe 大.bin', 'Hello.txt']

async function expectTree(image: Awaited<ReturnType<typeof openBytes>>): Promise<void> {
  expect(await pathsOf(image, 'udf')).toEqual(TREE_PATHS)
  expect(await contentOf(image, 'Folder/inside', 'udf')).toBe('inside')
  const found = await image.view('udf').lookup('Größe 大.bin')
  expect(Buffer.compare(await readAll(found?.content), big)).toBe(0)
}

describe('partitions', () => {
  test.each<PartitionKind>(['physical', 'virtual-1.50', 'virtual-2.00', 'sparable', 'metadata'])('%s', async (kind) => {
    const image = await openBytes(buildUdf(tree(), { kind }).bytes)
    expect(image.info.label).toBe('UDF TEST')
    expect(image.info.views[0]?.format).toBe('UDF 2.01')
    await expectTree(image)
    expect(codes(image)).toEqual([])
  })

  test.each([512, 1024, 2048, 4096, 8192, 16384, 32768])('sectors of %i bytes', async (blockSize) => {
    await expectTree(await openBytes(buildUdf(tree(), { blockSize }).bytes))
  })
})

describe('a later session', () => {
  test.each<PartitionKind>(['physical', 'virtual-1.50', 'virtual-2.00', 'sparable', 'metadata'])(
    'that was kept alone, of a disc before which there is nothing: %s',
    async (kind) => {
      for (const firstSector of [16, 257, 1000, 300_000]) {
        const { bytes } = buildUdf(tree(), { kind, firstSector })
        const image = await openBytes(bytes)
        await expectTree(image)
        expect(codes(image)).toEqual(['EARLIER_SESSION_MISSING'])
        const table = await image.view('udf').readTree()
        expect(Array.from({ length: table.length }, (_, index) => table.statusOf(index))).not.toContain('lost')
        // Cut short, it is missing as much as any other image would be.
        const cut = await openBytes(bytes.subarray(0, bytes.byteLength - 20 * 2048))
        if (!kind.startsWith('virtual')) expect(cut.info.completeness.missingByteLength).toBeGreaterThan(0)
      }
    },
  )

  test.each([512, 1024, 4096])('that was kept alone, of sectors of %i bytes', async (blockSize) => {
    const image = await openBytes(buildUdf(tree(), { blockSize, firstSector: 1000 }).bytes)
    await expectTree(image)
  })

  test('behind others has its first anchor behind its own start: nothing is damaged', async () => {
    for (const blockSize of [2048, 4096]) {
      const before = new Uint8Array(1000 * blockSize)
      const { bytes } = buildUdf(tree(), { blockSize, firstSector: 1000 })
      const image = await openBytes(Buffer.concat([before, bytes]))
      await expectTree(image)
      expect(damages(image)).toEqual([])
    }
  })

  test('that a table of contents names is read by the disc’s own addresses, the newest first', async () => {
    const second = 1024 + SESSION_GAP
    const files = {
      '1.bin': buildUdf([{ name: 'old', data: text('old') }]).bytes,
      '2.bin': buildUdf(tree(), { firstSector: second }).bytes,
      sound: samples(1024),
    }
    const track = (number: number, file: string, mode: string): string =>
      `FILE ${file} BINARY\nTRACK 0${number} ${mode}\nINDEX 01 00:00:00\n`
    for (const first of [track(1, '1.bin', 'MODE1/2048'), track(1, 'sound', 'AUDIO')]) {
      const sheet = `${first}REM SESSION 02\n${track(2, '2.bin', 'MODE1/2048')}`
      const image = await openBytes(text(sheet), { name: 'x.cue', ...siblings(files) })
      await expectTree(image)
      expect(damages(image)).toEqual([])
    }
  })

  test('whose anchor lies in a file of another image is none', async () => {
    const { bytes } = buildUdf(tree(), { firstSector: 1000 })
    const anchor = bytes.subarray(256 * 2048, 257 * 2048)
    const other = new Uint8Array(400 * 2048)
    other.set(anchor, 256 * 2048)
    await expect(openBytes(other)).rejects.toThrow(/not a disc image/)
  })
})

describe('copies serve where the first is damaged', () => {
  test('the reserve volume descriptor sequence', async () => {
    const image = await openBytes(buildUdf(tree(), { damage: ['main-sequence'] }).bytes)
    await expectTree(image)
    expect(codes(image)).toEqual(['UDF_RESERVE_SEQUENCE_USED'])
  })

  test('the anchor at the end', async () => {
    const image = await openBytes(buildUdf(tree(), { damage: ['first-anchor'] }).bytes)
    await expectTree(image)
    expect(codes(image)).toEqual(['UDF_BACKUP_ANCHOR_USED'])
  })

  test('the mirror of the metadata file', async () => {
    const image = await openBytes(buildUdf(tree(), { kind: 'metadata', damage: ['metadata-main'] }).bytes)
    await expectTree(image)
    expect(codes(image)).toEqual(['UDF_METADATA_MIRROR_USED'])
  })

  test('single entries and directories from the mirror', async () => {
    const files = Array.from({ length: 8 }, (_, index): UdfNode => ({
      name: `file ${index}`,
      data: text(`content ${index}`),
    }))
    const image = await openBytes(buildUdf([...files], { kind: 'metadata', damage: ['metadata-entries'] }).bytes)
    expect(await pathsOf(image, 'udf')).toHaveLength(8)
    expect(codes(image)).toContain('UDF_METADATA_MIRROR_USED')
    expect(await contentOf(image, 'file 3', 'udf')).toBe('content 3')
  })
})

describe('files', () => {
  test.each<Allocation>(['short', 'long', 'extended', 'embedded', 'continued'])('%s allocation', async (allocation) => {
    const data = allocation === 'embedded' ? text('within the entry') : big
    const image = await openBytes(buildUdf([{ name: 'f', data, allocation }]).bytes)
    const found = await image.view('udf').lookup('f')
    expect(Buffer.compare(await readAll(found?.content), data)).toBe(0)
    const extents = found?.entry.extents ?? []
    expect(extents.reduce((sum, extent) => sum + extent.byteLength, 0)).toBe(data.byteLength)
  })

  test.each([1, 2] as const)('extents of type %i read as zeros', async (type) => {
    const image = await openBytes(buildUdf([{ name: 'f', data: big, hole: { blocks: 3, type } }]).bytes)
    const found = await image.view('udf').lookup('f')
    const bytes = await readAll(found?.content)
    expect(bytes.byteLength).toBe(big.byteLength + 3 * 2048)
    expect(bytes.subarray(2048, 2048 * 4).every((byte) => byte === 0)).toBe(true)
    expect(Buffer.compare(bytes.subarray(2048 * 4), big.subarray(2048))).toBe(0)
    expect(found?.entry.extents?.some((extent) => extent.byteOffset === null)).toBe(true)
  })

  test('strategy 4096: the newest version counts', async () => {
    const image = await openBytes(buildUdf([{ name: 'f', data: text('the newest'), rewrites: 3 }]).bytes)
    expect(await contentOf(image, 'f', 'udf')).toBe('the newest')
  })

  test('extended entries with named streams', async () => {
    const node: UdfNode = {
      name: 'f',
      data: text('data'),
      streams: [{ name: 'Zone.Identifier', data: text('[ZoneTransfer]') }],
    }
    const image = await openBytes(buildUdf([node]).bytes)
    expect(await pathsOf(image, 'udf')).toEqual(['f'])
    expect(image.diagnostics).toMatchObject([{ code: 'NAMED_STREAMS', severity: 'warning' }])
  })

  test('named streams are listed beside their files where that is asked for', async () => {
    const streams = [
      { name: 'Zone.Identifier', data: text('[ZoneTransfer]') },
      { name: 'long', data: big },
    ]
    const { bytes } = buildUdf([
      { name: 'd', children: [{ name: 'inner', data: text('i'), streams }] },
      { name: 'f', data: text('data'), streams },
      { name: 'g', data: text('x') },
    ])
    const image = await openBytes(bytes, { listsStreams: true })
    const own = (file: string): string[] => [file, `${file}:Zone.Identifier`, `${file}:long`]
    expect(await pathsOf(image, 'udf')).toEqual(['d', ...own('d/inner'), ...own('f'), 'g'])
    for (const file of ['f', 'd/inner']) {
      expect(await contentOf(image, `${file}:Zone.Identifier`, 'udf')).toBe('[ZoneTransfer]')
      const { content } = (await image.view('udf').lookup(`${file}:long`)) ?? {}
      expect(Buffer.compare(await readAll(content), big)).toBe(0)
    }
    expect(codes(image)).toEqual([])
  })

  test('a file keeps its own name from a stream that would have the same', async () => {
    const streams = [{ name: 's', data: text('stream') }]
    const { bytes } = buildUdf([
      { name: 'f', data: text('data'), streams },
      { name: 'f:s', data: text('a file of its own') },
    ])
    const image = await openBytes(bytes, { listsStreams: true })
    expect(await contentOf(image, 'f:s', 'udf')).toBe('a file of its own')
    expect(await contentOf(image, 'f:s~2', 'udf')).toBe('stream')
  })

  test('hard links, modes and times with their zone', async () => {
    const original: UdfNode = { name: 'a', data: text('shared'), links: 2 }
    const image = await openBytes(buildUdf([original, { name: 'b', linkTo: original }]).bytes)
    const table = await image.view('udf').readTree()
    expect(table.hardLinkGroupOf(1)).toBe(table.hardLinkGroupOf(2))
    expect(table.hardLinkGroupOf(1)).toBeGreaterThanOrEqual(0)
    const entry = table.entry(1)
    expect(entry).toMatchObject({ mode: 0o755, uid: 1000, gid: 100 })
    expect(entry.modified).toBe(Date.UTC(2024, 4, 17, 10, 30))
  })

  test.each<[[number, string][], string]>([
    [
      [
        [5, 'a'],
        [5, 'größe'],
      ],
      'a/größe',
    ],
    [
      [
        [2, ''],
        [5, 'etc'],
        [5, 'passwd'],
      ],
      '/etc/passwd',
    ],
    [
      [
        [3, ''],
        [4, ''],
        [5, 'x'],
      ],
      '.././x',
    ],
  ])('symbolic link %j', async (target, expected) => {
    const image = await openBytes(buildUdf([{ name: 'link', target }]).bytes)
    const entry = (await image.view('udf').lookup('link'))?.entry
    expect(entry).toMatchObject({ kind: 'symlink', target: expected })
  })

  test('deleted names are gone and hidden ones marked', async () => {
    const image = await openBytes(
      buildUdf([
        { name: 'deleted', data: text('x'), characteristics: 4 },
        { name: 'hidden', data: text('x'), characteristics: 1 },
      ]).bytes,
    )
    const table = await image.view('udf').readTree()
    expect(table.length).toBe(2)
    expect(table.entry(1)).toMatchObject({ path: 'hidden', hidden: true })
  })
})
