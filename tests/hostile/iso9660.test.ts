import { describe, expect, test } from 'vitest'
import { both32, buildIso, ce, concat, nm, px, SECTOR, sl, SP, text, use, type BuildNode } from '../images/iso-builder'
import { codes, contentOf, damages, openBytes, pathsOf, readAll } from '../images/open-bytes'
import { processorTime } from '../unit/processor-time'

const FILE = 0o100644
const DIRECTORY = 0o040755
const rootUse = concat(SP, px(DIRECTORY, 2))
const file = (systemUse: Uint8Array, data: Uint8Array | string = 'x'): BuildNode => ({
  name: 'F;1',
  data,
  use: systemUse,
})

/** Every path is relative, without empty, `.` or `..` parts, and without NUL. */
function expectSafe(all: string[]): void {
  expect(all.filter((path) => path.split('/').some((part) => part === '' || part === '.' || part === '..'))).toEqual([])
  expect(all.join('')).not.toContain('\0')
  expect(new Set(all).size).toBe(all.length)
}

describe('directories', () => {
  test('DIRECTORY_LOOP: a directory that holds itself', async () => {
    const nodes = (block: number): BuildNode[] => [
      {
        name: 'A',
        children: [
          { name: 'SELF', children: [], location: block },
          { name: 'F;1', data: 'f' },
        ],
      },
    ]
    const image = await openBytes(buildIso(nodes(buildIso(nodes(0)).blockOf('A'))).bytes)
    expect(await pathsOf(image)).toEqual(['A', 'A/F', 'A/SELF'])
    expect(damages(image)).toContain('DIRECTORY_LOOP')
  })

  test('DIRECTORY_LOOP: two directories that are each other’s parent', async () => {
    const nodes = (a: number, b: number): BuildNode[] => [
      { name: 'A', children: [{ name: 'TO_B', children: [], location: b }] },
      { name: 'B', children: [{ name: 'TO_A', children: [], location: a }] },
    ]
    const plan = buildIso(nodes(0, 0))
    const image = await openBytes(buildIso(nodes(plan.blockOf('A'), plan.blockOf('B'))).bytes)
    expect((await pathsOf(image)).length).toBeLessThan(8)
    expect(damages(image)).toContain('DIRECTORY_LOOP')
  })

  test('DIRECTORY_LOOP: the root as its own child', async () => {
    const root = 19 - 1
    const { bytes } = buildIso([{ name: 'ROOT', children: [], location: root + 2 }])
    expect((await pathsOf(await openBytes(bytes))).length).toBeLessThan(4)
  })

  test('DIRECTORIES_OVERLAP: ten million entries claimed by a tiny image', async () => {
    // Each directory begins one record later than the one before and ends where all of them end.
    const many = Array.from({ length: 200 }, (_, index) => ({ name: `FILE${index}`, data: '' }))
    const plan = buildIso([{ name: 'BASE', children: many }])
    const children = Array.from({ length: 200 }, (_, index): BuildNode => ({
      name: `D${index}`,
      children: [],
      location: plan.blockOf('BASE'),
      byteLength: 0x7fffffff - index,
    }))
    const image = await openBytes(buildIso([{ name: 'BASE', children: many }, ...children]).bytes)
    const { ms, value } = await processorTime(() => image.view('iso9660').readTree())
    expect(value.length).toBeLessThan(20_000)
    expect(ms).toBeLessThan(5000)
  })

  test('DIRECTORY_PAST_END: a directory that lies past the image', async () => {
    const { bytes } = buildIso([
      { name: 'FAR', children: [], location: 0x7fffff00 },
      { name: 'F;1', data: 'f' },
    ])
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['F', 'FAR'])
    expect(codes(image)).toContain('DIRECTORY_PAST_END')
  })

  test.each([1, 20, 33, 255])('BROKEN_DIRECTORY_RECORD: a record of %i bytes', async (length) => {
    const { bytes, recordOf } = buildIso([
      { name: 'A;1', data: 'a' },
      { name: 'B;1', data: 'b' },
    ])
    bytes[recordOf('B;1')] = length
    bytes[recordOf('B;1') + 32] = 255
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['A'])
    expect(codes(image)).toContain('BROKEN_DIRECTORY_RECORD')
  })

  test('PATH_TABLE_USED: a root directory that is overwritten', async () => {
    const { bytes } = buildIso([{ name: 'DIR', children: [{ name: 'F;1', data: 'kept' }] }])
    bytes.fill(0xa5, 20 * SECTOR, 21 * SECTOR)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['DIR', 'DIR/F'])
    expect(await contentOf(image, 'DIR/F')).toBe('kept')
    expect(codes(image)).toContain('PATH_TABLE_USED')
  })

  test('a broken primary tree beside a whole Joliet one', async () => {
    const data = text('kept')
    const { bytes, blockOf } = buildIso([{ name: 'F;1', data }], { joliet: [{ name: 'file', data }] })
    bytes.fill(0, blockOf('') * SECTOR, (blockOf('') + 1) * SECTOR)
    const image = await openBytes(bytes)
    expect(image.info.defaultViewId).toBe('joliet')
    expect(await contentOf(image, 'file')).toBe('kept')
  })

  test('TOO_DEEP: directories nested without end', async () => {
    let node: BuildNode = { name: 'D', children: [] }
    for (let depth = 0; depth < 300; depth++) node = { name: 'D', children: [node] }
    const image = await openBytes(buildIso([node]).bytes, { limits: { depth: 100 } })
    expect(await pathsOf(image)).toHaveLength(100)
    expect(codes(image)).toContain('TOO_DEEP')
  })

  test('PATH_TOO_LONG: long names nested until a path is a quarter of a megabyte', async () => {
    let node: BuildNode = { name: 'D'.repeat(200), children: [{ name: 'F;1', data: 'f' }] }
    for (let depth = 0; depth < 600; depth++) node = { name: 'D'.repeat(200), children: [node] }
    const image = await openBytes(buildIso([node]).bytes)
    const all = await pathsOf(image)
    expect(all.every((path) => path.length < 33_000)).toBe(true)
    expect(codes(image)).toContain('PATH_TOO_LONG')
  })

  test('TOO_MANY_ENTRIES: more than the limit', async () => {
    const many = Array.from({ length: 500 }, (_, index) => ({ name: `FILE${index}`, data: '' }))
    const image = await openBytes(buildIso([{ name: 'D', children: many }]).bytes, { limits: { entryCount: 100 } })
    expect((await pathsOf(image)).length).toBeLessThan(100)
    expect(codes(image)).toContain('TOO_MANY_ENTRIES')
  })
})

describe('names', () => {
  test.each(['../up', '/absolute', 'a/b', '..', '.', '', 'nul\0nul', '../../../etc/passwd'])(
    'UNSAFE_NAME: %j',
    async (name) => {
      const { bytes } = buildIso([file(concat(px(FILE), use('NM', [0], text(name)))), { name: 'G;1', data: 'g' }], {
        rootUse,
      })
      expectSafe(await pathsOf(await openBytes(bytes)))
    },
  )

  test('equal names, many times over, in little time', async () => {
    const nodes = Array.from({ length: 20_000 }, () => ({ name: 'SAME', data: '' }))
    const image = await openBytes(buildIso(nodes).bytes)
    const { ms, value: all } = await processorTime(() => pathsOf(image))
    expectSafe(all)
    expect(all).toHaveLength(20_000)
    expect(ms).toBeLessThan(5000)
  })

  test('a name that another one would be renamed to', async () => {
    const { bytes } = buildIso(['A~2', 'A', 'A', 'A~2'].map((name) => ({ name, data: '' })))
    const all = await pathsOf(await openBytes(bytes))
    expectSafe(all)
    expect(all).toHaveLength(4)
  })
})

describe('system use', () => {
  test('CONTINUATION_LOST: an area that leads to itself', async () => {
    const build = (block: number) =>
      buildIso([file(concat(px(FILE), nm('looped'), ce(block, 0, 28)))], { rootUse, extraBlocks: 1 })
    const { bytes, extraBlock } = build(build(0).extraBlock)
    bytes.set(ce(extraBlock, 0, 28), extraBlock * SECTOR)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['looped'])
    expect(codes(image)).toContain('CONTINUATION_LOST')
  })

  test('CONTINUATION_LOST: a chain without end', async () => {
    const build = (block: number) => buildIso([file(concat(px(FILE), ce(block, 0, 28)))], { rootUse, extraBlocks: 64 })
    const { bytes, extraBlock } = build(build(0).extraBlock)
    for (let i = 0; i < 64; i++) bytes.set(ce(extraBlock + ((i + 1) % 64), 0, 28), (extraBlock + i) * SECTOR)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['F'])
    expect(codes(image)).toContain('CONTINUATION_LOST')
  })

  test('a continuation area past the end', async () => {
    const { bytes } = buildIso([file(concat(px(FILE), nm('name'), ce(0x7fffffff, 0, 2048)))], { rootUse })
    expect(await pathsOf(await openBytes(bytes))).toEqual(['name'])
  })

  test('CONTINUATION_LOST: an area of four gigabytes', async () => {
    const { bytes } = buildIso([file(concat(px(FILE), nm('name'), ce(0, 0xfffffff0, 0xfffffff0)))], { rootUse })
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['name'])
    expect(codes(image)).toContain('CONTINUATION_LOST')
  })

  test('BROKEN_SYSTEM_USE: NM longer than its record', async () => {
    const long = nm('name')
    long[2] = 200
    const { bytes } = buildIso([file(concat(px(FILE), long))], { rootUse })
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['F'])
    expect(codes(image)).toContain('BROKEN_SYSTEM_USE')
  })

  test('SYMLINK_CUT: a component longer than its SL', async () => {
    const link = sl([[0, 'target']])
    link[6] = 200
    const { bytes } = buildIso([file(concat(px(0o120777), link))], { rootUse })
    const image = await openBytes(bytes)
    expect((await image.view('rock-ridge').lookup('F'))?.entry.kind).toBe('symlink')
    await image.view('rock-ridge').readTree()
    expect(codes(image)).toContain('SYMLINK_CUT')
  })

  test('SP that skips past every record', async () => {
    const { bytes } = buildIso([file(px(FILE))], { rootUse: concat(use('SP', [0xbe, 0xef, 255]), px(DIRECTORY)) })
    expect(await pathsOf(await openBytes(bytes))).toEqual(['F'])
  })

  test('NAME_TOO_LONG: a name of eight kilobytes from shared areas', async () => {
    const areas = 31
    const build = (block: number) =>
      buildIso([file(concat(px(FILE), nm('a', 1), ce(block, 0, 255 + 28)))], { rootUse, extraBlocks: areas })
    const { bytes, extraBlock } = build(build(0).extraBlock)
    for (let i = 0; i < areas; i++) {
      bytes.set(concat(nm('b'.repeat(250), 1), ce(extraBlock + i + 1, 0, 255 + 28)), (extraBlock + i) * SECTOR)
    }
    const image = await openBytes(bytes)
    const [name] = await pathsOf(image)
    expect(name?.length).toBeLessThanOrEqual(1024)
    expect(codes(image)).toContain('NAME_TOO_LONG')
  })
})

describe('content', () => {
  const zisofs = (headerLength: number, log2: number, byteLength: number): Uint8Array =>
    use('ZF', text('pz'), [headerLength, log2], both32(byteLength))

  test.each([
    ['block log2 0', zisofs(4, 0, 1000)],
    ['block log2 63', zisofs(4, 63, 1000)],
    ['terabytes over a short file', zisofs(4, 15, 0xffffffff)],
    ['no header', zisofs(0, 15, 1000)],
  ])('BROKEN_COMPRESSION: zisofs with %s', async (_, entry) => {
    const { bytes } = buildIso([file(concat(px(FILE), entry), 'as stored')], { rootUse })
    const image = await openBytes(bytes)
    expect(await contentOf(image, 'F')).toBe('as stored')
    expect(codes(image)).toContain('BROKEN_COMPRESSION')
  })

  test('CONTENT_DAMAGED: zisofs pointers out of order', async () => {
    const magic = [0x37, 0xe4, 0x53, 0x96, 0xc9, 0xdb, 0xd6, 0x07]
    const data = concat(
      magic,
      both32(1000).slice(0, 4),
      [4, 15, 0, 0],
      [200, 0, 0, 0],
      [24, 0, 0, 0],
      new Uint8Array(500),
    )
    const { bytes } = buildIso([file(concat(px(FILE), zisofs(4, 15, 1000)), data)], { rootUse })
    const found = await (await openBytes(bytes)).view('rock-ridge').lookup('F')
    await expect(readAll(found?.content)).rejects.toMatchObject({ code: 'CONTENT_DAMAGED' })
  })

  test('extents past the end are lost, those across it partial', async () => {
    const { bytes } = buildIso([
      { name: 'LOST;1', data: '', location: 0x7fffffff, byteLength: 100 },
      { name: 'PART;1', data: 'p', byteLength: 0xffffffff },
      { name: 'ZERO;1', data: '', location: 0xffffffff },
    ])
    const image = await openBytes(bytes)
    const table = await image.view('iso9660').readTree()
    expect([1, 2, 3].map((index) => [table.nameOf(index), table.statusOf(index)])).toEqual([
      ['LOST', 'lost'],
      ['PART', 'partial'],
      ['ZERO', 'complete'],
    ])
    expect(await table.content(1)?.read(0, 100)).toHaveLength(0)
    expect((await table.content(2)?.read(0, 1 << 20))?.byteLength).toBe(SECTOR)
  })

  test('FILES_OVERLAP: small content, shared a thousand times', async () => {
    const data = new Uint8Array(1_000_000)
    const nodes = Array.from({ length: 100 }, (_, index) => ({ name: `F${index}`, data }))
    const image = await openBytes(buildIso(nodes).bytes)
    await image.view('iso9660').readTree()
    expect(codes(image)).toContain('FILES_OVERLAP')
  })

  test('an interleaved file of four gigabytes in units of one block', async () => {
    const { bytes } = buildIso([{ name: 'F;1', data: 'x', fileUnit: 1, gap: 255, byteLength: 0xffffffff }])
    const { ms, value } = await processorTime(async () => pathsOf(await openBytes(bytes)))
    expect(value).toEqual(['F'])
    expect(ms).toBeLessThan(5000)
  })
})

describe('boot catalogs and partition tables', () => {
  test('BOOT_CATALOG_INVALID: a catalog of rubbish', async () => {
    const { bytes } = buildIso([{ name: 'F;1', data: 'f' }], {
      enhanced: [],
      patchDescriptor: (descriptor, index) => {
        if (index !== 1) return
        descriptor.fill(0)
        descriptor.set(concat([0], text('CD001'), [1], text('EL TORITO SPECIFICATION')))
        descriptor.set([16, 0, 0, 0], 71)
      },
    })
    const image = await openBytes(bytes)
    expect(image.info.boot).toEqual([])
    expect(codes(image)).toContain('BOOT_CATALOG_INVALID')
  })

  test('logical partitions in a ring', async () => {
    const { bytes } = buildIso([{ name: 'F;1', data: 'f' }])
    const entry = (at: number, type: number, start: number): void => {
      bytes.set([0, 0, 0, 0, type, 0, 0, 0, start, 0, 0, 0, 10, 0, 0, 0], at)
    }
    entry(446, 5, 1)
    bytes.set([0x55, 0xaa], 510)
    entry(512 + 446, 0x83, 1)
    entry(512 + 462, 5, 0)
    bytes.set([0x55, 0xaa], 512 + 510)
    expect(await pathsOf(await openBytes(bytes), 'partitions')).toHaveLength(2)
  })
})
