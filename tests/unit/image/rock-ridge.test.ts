import { describe, expect, test } from 'vitest'
import { both32, buildIso, ce, concat, nm, px, SECTOR, sl, SP, text, use } from '../../images/iso-builder'
import { codes, contentOf, openBytes, pathsOf, readAll } from '../../images/open-bytes'
import { packZisofs, zisofsUse } from '../../images/zisofs'

const FILE = 0o100644
const DIRECTORY = 0o040755
const LINK = 0o120777

const rootUse = concat(SP, px(DIRECTORY, 2))

describe('Rock Ridge', () => {
  test('names, modes, owners and times', async () => {
    const time = use('TF', [0x0e], [120, 1, 2, 3, 4, 5, 4], [121, 1, 2, 3, 4, 5, 0], [121, 1, 2, 3, 4, 5, 0])
    const { bytes } = buildIso(
      [{ name: 'HELLO.TXT;1', data: 'hi', use: concat(px(0o104755), nm('Hello World.txt'), time) }],
      { rootUse },
    )
    const image = await openBytes(bytes)
    expect(image.info.defaultViewId).toBe('rock-ridge')
    const entry = (await image.view('rock-ridge').lookup('Hello World.txt'))?.entry
    expect(entry).toMatchObject({ kind: 'file', mode: 0o4755, uid: 1000, gid: 100 })
    // One hour east of UTC.
    expect(entry?.modified).toBe(Date.UTC(2020, 0, 2, 2, 4, 5))
  })

  test('times of seventeen bytes', async () => {
    const long = concat(text('2023070809101150'), [8])
    const time = use('TF', [0x82], long)
    const { bytes } = buildIso([{ name: 'A;1', data: 'a', use: concat(px(FILE), time) }], { rootUse })
    const found = await (await openBytes(bytes)).view('rock-ridge').lookup('A')
    expect(found?.entry.modified).toBe(Date.UTC(2023, 6, 8, 7, 10, 11, 500))
  })

  test('names and link targets in several pieces, over a continuation area', async () => {
    const rest = concat(nm('-continued'), sl([[0, 'c']]))
    const builder = (block: number) =>
      buildIso(
        [
          {
            name: 'L;1',
            data: '',
            use: concat(
              px(LINK),
              nm('name', 1),
              sl(
                [
                  [8, ''],
                  [0, 'a'],
                  [1, 'b'],
                ],
                1,
              ),
              ce(block, 100, rest.byteLength),
            ),
          },
        ],
        { rootUse, extraBlocks: 1 },
      )
    const { bytes, extraBlock } = builder(builder(0).extraBlock)
    bytes.set(rest, extraBlock * SECTOR + 100)
    const found = await (await openBytes(bytes)).view('rock-ridge').lookup('name-continued')
    expect(found?.entry.target).toBe('/a/bc')
    expect(found?.entry.kind).toBe('symlink')
  })

  test.each<[[number, string][], string]>([
    [
      [
        [4, ''],
        [4, ''],
        [0, 'up'],
      ],
      '../../up',
    ],
    [
      [
        [2, ''],
        [0, 'here'],
      ],
      './here',
    ],
    [[[8, '']], '/'],
    [
      [
        [8, ''],
        [0, 'usr'],
        [0, 'bin'],
      ],
      '/usr/bin',
    ],
  ])('link components %j', async (components, target) => {
    const { bytes } = buildIso([{ name: 'L;1', data: '', use: concat(px(LINK), sl(components)) }], { rootUse })
    expect((await (await openBytes(bytes)).view('rock-ridge').lookup('L'))?.entry.target).toBe(target)
  })

  test('genisoimage 1.1.11 cuts targets: what is left ends in a separator', async () => {
    const whole = sl([
      [0, 'first'],
      [0, 'second'],
    ])
    whole[2] = whole.byteLength - 3
    const { bytes } = buildIso([{ name: 'L;1', data: '', use: concat(px(LINK), whole) }], { rootUse })
    const image = await openBytes(bytes)
    expect((await image.view('rock-ridge').lookup('L'))?.entry.target).toBe('first/')
    await image.view('rock-ridge').readTree()
    expect(codes(image)).toContain('SYMLINK_CUT')
  })

  test('relocated directories are put back, and the folder they waited in is not shown', async () => {
    const deep = {
      name: 'DEEP',
      children: [{ name: 'F;1', data: 'deep' }],
      use: concat(px(DIRECTORY), nm('deep'), use('RE')),
      selfUse: px(0o040700),
    }
    const build = (block: number) =>
      buildIso(
        [
          {
            name: 'A',
            children: [{ name: 'DEEP;1', data: '', use: concat(px(FILE), nm('deep'), use('CL', both32(block))) }],
            use: nm('a'),
          },
          { name: 'RR_MOVED', children: [deep], use: concat(nm('rr_moved'), use('RE')) },
        ],
        { rootUse },
      )
    const { bytes } = build(build(0).blockOf('RR_MOVED/DEEP'))
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['a', 'a/deep', 'a/deep/F'])
    expect(await contentOf(image, 'a/deep/F')).toBe('deep')
    const table = await image.view('rock-ridge').readTree()
    const index = Array.from({ length: table.length }, (_, at) => at).find((at) => table.pathOf(at) === 'a/deep') ?? 0
    expect(table.kindOf(index)).toBe('directory')
  })

  test('BSD’s makefs marks a relocated directory by PL alone, and its contents are put back all the same', async () => {
    const deep = { name: 'DEEP', children: [{ name: 'F;1', data: 'deep' }], use: concat(px(DIRECTORY), nm('deep')) }
    const build = (block: number) =>
      buildIso(
        [
          {
            name: 'A',
            children: [{ name: 'DEEP;1', data: '', use: concat(px(FILE), nm('deep'), use('CL', both32(block))) }],
            use: nm('a'),
          },
          { name: 'RR_MOVED', children: [deep], use: nm('.rr_moved') },
        ],
        { rootUse },
      )
    const { bytes, blockOf } = build(build(0).blockOf('RR_MOVED/DEEP'))
    // The `..` record of the directory that was moved gets a PL: the records behind it move along.
    const at = blockOf('RR_MOVED/DEEP') * SECTOR
    const parent = at + (bytes[at] ?? 0)
    const pl = use('PL', both32(1))
    const rest = bytes.slice(parent + 34, at + SECTOR - pl.byteLength)
    bytes.set(rest, parent + 34 + pl.byteLength)
    bytes.set(pl, parent + 34)
    bytes[parent] = 34 + pl.byteLength
    expect(await pathsOf(await openBytes(bytes))).toEqual(['.rr_moved', 'a', 'a/deep', 'a/deep/F'])
  })

  test('SP says how many bytes of each field to skip', async () => {
    const skipping = use('SP', [0xbe, 0xef, 4])
    const { bytes } = buildIso([{ name: 'A;1', data: 'a', use: concat([1, 2, 3, 4], px(FILE), nm('skipped')) }], {
      rootUse: concat(skipping, px(DIRECTORY)),
    })
    expect(await pathsOf(await openBytes(bytes))).toEqual(['skipped'])
  })

  test('hard links share a group', async () => {
    const data = text('shared')
    const { bytes } = buildIso(
      [
        { name: 'A;1', data, use: px(FILE, 2, 7) },
        { name: 'B;1', data, use: px(FILE, 2, 7) },
        { name: 'C;1', data: 'own', use: px(FILE, 1, 8) },
      ],
      { rootUse },
    )
    const table = await (await openBytes(bytes)).view('rock-ridge').readTree()
    expect(table.hardLinkGroupOf(1)).toBeGreaterThanOrEqual(0)
    expect(table.hardLinkGroupOf(1)).toBe(table.hardLinkGroupOf(2))
    expect(table.hardLinkGroupOf(3)).toBe(-1)
  })

  test('devices, pipes and sockets', async () => {
    const { bytes } = buildIso(
      [
        { name: 'B;1', data: '', use: concat(px(0o060660), use('PN', both32(8), both32(1))) },
        { name: 'F;1', data: '', use: px(0o010644) },
        { name: 'S;1', data: '', use: px(0o140755) },
      ],
      { rootUse },
    )
    const table = await (await openBytes(bytes)).view('rock-ridge').readTree()
    expect([1, 2, 3].map((index) => table.kindOf(index))).toEqual(['device', 'fifo', 'socket'])
  })

  test('names that cannot be a file’s are changed, and told', async () => {
    const { bytes } = buildIso(
      [
        { name: 'A;1', data: '1', use: concat(px(FILE), nm('../../etc/passwd')) },
        { name: 'B;1', data: '2', use: concat(px(FILE), nm('a\0b')) },
        { name: 'C;1', data: '3', use: concat(px(FILE), nm('..')) },
      ],
      { rootUse },
    )
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['.._.._etc_passwd', '__', 'a_b'])
    expect(codes(image)).toContain('UNSAFE_NAME')
    const found = await image.view('rock-ridge').lookup('.._.._etc_passwd')
    expect(found?.entry.pathBytes).toEqual(text('../../etc/passwd'))
  })
})

describe('zisofs', () => {
  const blockSize = 32_768
  const content = new Uint8Array(blockSize * 2 + 1000)
  for (let at = 0; at < content.byteLength; at++) content[at] = at < blockSize ? 0 : (at * 7) % 251

  test.each([1, 2] as const)('version %i is undone, blocks of zeros included', async (version) => {
    const entry = zisofsUse(content.byteLength, version)
    const data = packZisofs(content, version)
    const { bytes } = buildIso([{ name: 'Z;1', data, use: concat(px(FILE), entry) }], { rootUse })
    const found = await (await openBytes(bytes)).view('rock-ridge').lookup('Z')
    expect(found?.entry.byteLength).toBe(content.byteLength)
    expect(found?.entry.extents).toBeNull()
    expect(Buffer.compare(await readAll(found?.content), content)).toBe(0)
    const middle = await found?.content?.read(blockSize - 10, 20)
    expect(middle).toEqual(content.slice(blockSize - 10, blockSize + 10))
  })
})
