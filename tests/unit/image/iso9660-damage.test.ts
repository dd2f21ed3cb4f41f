import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { namesFitIdentifier } from '../../../src-main/image/core/name-twin'
import { both16, both32, buildIso, ce, concat, nm, px, SECTOR, SP, type BuildNode } from '../../images/iso-builder'
import { contentOf, openBytes, pathsOf } from '../../images/open-bytes'

const FILE = 0o100644
const rootUse = concat(SP, px(0o040755))

/** Enough files for a directory of several sectors, every one with content of its own. */
function many(count: number, prefix = 'FILE'): BuildNode[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${prefix}${String(index).padStart(3, '0')}.TXT;1`,
    data: `content of ${prefix} ${index}`,
  }))
}

async function damageCodes(image: DiscImage, view = image.info.defaultViewId): Promise<string[]> {
  const table = await image.view(view).readTree()
  return [...image.damage, ...table.damage].map(({ code }) => code)
}

/** The place of a directory's records, by the block that its first record names. */
function directoryAt(bytes: Uint8Array, recordOffset: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(recordOffset + 2, true) * SECTOR
}

describe('a whole image', () => {
  test('is told no damage of, whatever its writer’s habits are', async () => {
    const untidy = many(20).map((node) => ({
      ...node,
      // Big-endian halves of nothing, in every record alike.
      patch: (record: Uint8Array) => record.fill(0x55, 6, 10),
    }))
    expect(await damageCodes(await openBytes(buildIso(many(100)).bytes))).toEqual([])
    const image = await openBytes(buildIso(untidy).bytes)
    expect(await damageCodes(image)).toEqual([])
    expect(image.diagnostics.find(({ code }) => code === 'BOTH_ENDIAN_MISMATCH')?.severity).toBe('note')
  })
})

describe('names with spaces, as untranslated ones are', () => {
  test('are in order where one ends at another’s space', async () => {
    const names = ['A.TXT;1', 'B.TXT;1', 'B  C.TXT;1', 'B D.TXT;1', 'C.TXT;1', 'D.TXT;1', 'E.TXT;1', 'F.TXT;1']
    const image = await openBytes(buildIso(names.map((name) => ({ name, data: name }))).bytes)
    expect(await damageCodes(image)).toEqual([])
  })
})

describe('descriptors in the wrong order', () => {
  test('are all read, also where the one that ends them comes first, and told', async () => {
    const { bytes } = buildIso(many(3), { joliet: [{ name: 'j', data: 'x' }] })
    const of = (index: number): Uint8Array => bytes.slice((16 + index) * SECTOR, (17 + index) * SECTOR)
    expect([0, 1, 2].map((index) => of(index)[0])).toEqual([1, 2, 255])
    const [primary, joliet, end] = [of(0), of(1), of(2)]
    for (const order of [
      [end, joliet, primary],
      [primary, end, joliet],
    ]) {
      for (const [index, descriptor] of order.entries()) bytes.set(descriptor, (16 + index) * SECTOR)
      const image = await openBytes(bytes)
      expect(image.info.views.map(({ id }) => id)).toEqual(expect.arrayContaining(['iso9660', 'joliet']))
      expect(await damageCodes(image)).toContain('DESCRIPTORS_OUT_OF_ORDER')
    }
  })
})

describe('a damaged directory', () => {
  test('says so where a sector of it is blank', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'DIR', children: many(100) }])
    const at = directoryAt(bytes, recordOf('DIR'))
    bytes.fill(0, at + SECTOR, at + 2 * SECTOR)
    const image = await openBytes(bytes)
    expect(await damageCodes(image)).toContain('DIRECTORY_SECTOR_BLANK')
    expect((await pathsOf(image)).length).toBeLessThan(100)
  })

  test.each([
    ['blank', (bytes: Uint8Array, at: number) => bytes.fill(0, at, at + SECTOR)],
    ['another', (bytes: Uint8Array, at: number) => bytes.copyWithin(at, at + SECTOR, at + 2 * SECTOR)],
  ])('says so where several sectors of the only one are %s: a loss is no habit', async (_, spoil) => {
    const { bytes } = buildIso(many(400))
    const root = new DataView(bytes.buffer).getUint32(16 * SECTOR + 158, true) * SECTOR
    spoil(bytes, root + SECTOR)
    spoil(bytes, root + 4 * SECTOR)
    const image = await openBytes(bytes)
    expect(await damageCodes(image)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^DIRECTORY_SECTOR_(?:BLANK|TWICE)$/)]),
    )
  })

  test('says so where the last sector is blank, and where the rest of one is not', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'DIR', children: many(60) }])
    const at = directoryAt(bytes, recordOf('DIR'))
    const last = Uint8Array.from(bytes)
    last.fill(0, at + SECTOR, at + 2 * SECTOR)
    expect(await damageCodes(await openBytes(last))).toContain('DIRECTORY_SECTOR_BLANK')
    bytes[recordOf('DIR/FILE005.TXT;1')] = 0
    expect(await damageCodes(await openBytes(bytes))).toContain('DIRECTORY_SECTOR_BLANK')
  })

  test('says so where one of its sectors is the beginning of another', async () => {
    const { bytes, recordOf } = buildIso([
      { name: 'DIR', children: many(100) },
      { name: 'OTHER', children: many(5, 'O') },
    ])
    const at = directoryAt(bytes, recordOf('DIR'))
    const other = directoryAt(bytes, recordOf('OTHER'))
    bytes.copyWithin(at + SECTOR, other, other + SECTOR)
    expect(await damageCodes(await openBytes(bytes))).toContain('DIRECTORY_SECTOR_FOREIGN')
  })

  test('that is the root names its folders by the path table, and says so', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'DIR', children: many(3) }, ...many(3, 'R')])
    const root = Math.floor(recordOf('DIR') / SECTOR) * SECTOR
    bytes.fill(0, root, root + SECTOR)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toContain('DIR/FILE000.TXT')
    expect(await damageCodes(image)).toContain('ROOT_DAMAGED')
  })

  test('is missed where the path table knows it and no record does', async () => {
    const { bytes, recordOf } = buildIso([
      { name: 'DIR', children: many(3) },
      { name: 'EIR', children: many(3) },
      ...many(5, 'R'),
    ])
    const flags = recordOf('DIR') + 25
    bytes[flags] = (bytes[flags] ?? 0) & ~2
    expect(await damageCodes(await openBytes(bytes))).toContain('DIRECTORY_LOST')
  })
})

describe('a directory whose record says that it is empty', () => {
  test('is read by its own record’s word, and told', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'DIR', children: many(60) }, ...many(5, 'R')])
    bytes.set(both32(0), recordOf('DIR') + 10)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toHaveLength(66)
    expect(await damageCodes(image)).toContain('DIRECTORY_WITHOUT_LENGTH')
  })
})

describe('associated files', () => {
  test('bear the name of the file beside them, which is no fault, and are told of', async () => {
    const nodes = many(9).flatMap((node): BuildNode[] => {
      const use = nm(String(node.name).toLowerCase().replace(';1', ''))
      return [
        { name: node.name, data: 'resource', flags: 4, use },
        { ...node, use },
      ]
    })
    const image = await openBytes(buildIso(nodes).bytes)
    expect(await damageCodes(image)).toEqual([])
    const told = image.diagnostics.find(({ code }) => code === 'ASSOCIATED_FILES')
    expect(told).toMatchObject({ severity: 'warning', message: expect.stringMatching(/^9 files/) as string })
  })

  test('without the file that they belong to are damage', async () => {
    const image = await openBytes(buildIso([{ name: 'A;1', data: 'a', flags: 4 }, ...many(9)]).bytes)
    expect(await damageCodes(image)).toContain('ASSOCIATED_ALONE')
  })
})

describe('a damaged record', () => {
  test('that speaks of extended attributes where there are none gives the file all the same (ECMA-119 9.5)', async () => {
    const { bytes, recordOf } = buildIso(many(9))
    bytes[recordOf('FILE004.TXT;1') + 1] = 1
    const image = await openBytes(bytes)
    expect(await contentOf(image, 'FILE004.TXT')).toBe('content of FILE 4')
    expect(await damageCodes(image)).toContain('EXTENDED_ATTRIBUTES_MISSING')
  })

  test('is not seen where extended attributes are recorded', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'X.TXT;1', data: 'content', xarLength: 2 }])
    const at = directoryAt(bytes, recordOf('X.TXT;1'))
    bytes.set([...both16(7).slice(0, 2), 0, 7, ...both16(9).slice(0, 2), 0, 9], at)
    bytes[at + 180] = 1
    const image = await openBytes(bytes)
    expect(await contentOf(image, 'X.TXT')).toBe('content')
    expect(await damageCodes(image)).toEqual([])
  })

  test.each([
    ['low', 0],
    ['high', 2],
  ])(
    'gives the place that joins its neighbours, when a %s bit of the little-endian half is flipped',
    async (_, byte) => {
      const { bytes, recordOf } = buildIso(many(9))
      const at = recordOf('FILE004.TXT;1') + 2 + byte
      bytes[at] = (bytes[at] ?? 0) ^ 1
      const image = await openBytes(bytes)
      expect(await contentOf(image, 'FILE004.TXT')).toBe('content of FILE 4')
      expect(await damageCodes(image)).toContain('BOTH_ENDIAN_MISMATCH')
    },
  )

  test('gives the length that fits before the next file', async () => {
    const { bytes, recordOf } = buildIso(many(9))
    const at = recordOf('FILE004.TXT;1') + 10 + 2
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const image = await openBytes(bytes)
    expect(await contentOf(image, 'FILE004.TXT')).toBe('content of FILE 4')
  })

  test('of another volume of the set is lost (ECMA-119 9.1.9)', async () => {
    const { bytes, recordOf } = buildIso(many(4))
    bytes.set(both16(2), recordOf('FILE002.TXT;1') + 28)
    const image = await openBytes(bytes)
    const lost = (await image.view('iso9660').lookup('FILE002.TXT'))!
    expect(lost.entry).toMatchObject({ status: 'lost', extents: [] })
    // What lies at its place on this volume is something else.
    expect((await lost.content!.read(0, 100)).byteLength).toBe(0)
    expect((await image.view('iso9660').lookup('FILE001.TXT'))?.entry.status).toBe('complete')
  })

  test.each([
    ['a letter of a name out of order', 'FILE004.TXT;1', 33, 'RECORDS_NOT_IN_ORDER'],
    ['an interleave without its gap', 'FILE004.TXT;1', 26, 'BROKEN_INTERLEAVE'],
    ['a section that never comes', 'FILE004.TXT;1', 25, 'SECTION_MISSING'],
  ])('with %s is told', async (_, name, offset, code) => {
    const { bytes, recordOf } = buildIso(many(30))
    const at = recordOf(name) + offset
    bytes[at] = offset === 25 ? 0x80 : offset === 26 ? 1 : 'Z'.charCodeAt(0)
    expect(await damageCodes(await openBytes(bytes))).toContain(code)
  })

  test('whose Rock Ridge name is not of its identifier is told, and one that has lost its name', async () => {
    const named = many(9).map((node, index) => ({
      ...node,
      use: concat(px(FILE), nm(`file${String(index).padStart(3, '0')}.txt`)),
    }))
    const { bytes } = buildIso(named, { rootUse })
    expect(await damageCodes(await openBytes(bytes))).toEqual([])
    const name = Buffer.from(bytes.buffer).indexOf('file004.txt')
    const other = Uint8Array.from(bytes)
    other[name] = 'v'.charCodeAt(0)
    expect(await damageCodes(await openBytes(other))).toEqual(['NAMES_DISAGREE'])
    bytes[name - 5] = 'O'.charCodeAt(0)
    expect(await damageCodes(await openBytes(bytes))).toContain('ROCK_RIDGE_NAME_MISSING')
  })

  test('whose Rock Ridge name is left out because its identifier is the name, as makefs does, is not', async () => {
    const named = many(9).map((node) => ({ ...node, use: concat(px(FILE), nm(String(node.name).toLowerCase())) }))
    const folder = { name: '2024', children: [], use: px(0o040755) }
    expect(await damageCodes(await openBytes(buildIso([folder, ...named], { rootUse }).bytes))).toEqual([])
    const file = { name: '2024.;1', data: 'x', use: px(FILE) }
    expect(await damageCodes(await openBytes(buildIso([file, ...named], { rootUse }).bytes))).toContain(
      'ROCK_RIDGE_NAME_MISSING',
    )
  })
})

describe('a damaged descriptor', () => {
  test('leaves the Joliet tree where the primary one is destroyed, and says what that costs', async () => {
    const files = many(3)
    const { bytes } = buildIso(files, { joliet: files.map((node) => ({ ...node, name: `long ${String(node.name)}` })) })
    bytes.fill(0, 16 * SECTOR, 17 * SECTOR)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['long FILE000.TXT', 'long FILE001.TXT', 'long FILE002.TXT'])
    expect(await damageCodes(image)).toContain('PRIMARY_DESCRIPTOR_LOST')
  })

  test('whose root lies nowhere is helped by the path table, at no cost (ECMA-119 6.9.1)', async () => {
    const { bytes } = buildIso([{ name: 'DIR', children: many(2) }, ...many(2, 'R')], {
      patchDescriptor: (descriptor) => descriptor.set(both32(0), 158),
    })
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['DIR', 'DIR/FILE000.TXT', 'DIR/FILE001.TXT', 'R000.TXT', 'R001.TXT'])
    expect(await damageCodes(image)).toEqual([])
    expect(image.diagnostics.find(({ code }) => code === 'ROOT_FROM_PATH_TABLE')?.severity).toBe('damage')
  })
})

test.each([
  ['file number 1.txt', 'FILE_NUM.TXT;1', true],
  ['file number 12.txt', 'FILE_012.TXT;1', true],
  // libisofs numbers with as many digits as it takes.
  ['a file name that is long 21000', 'A_F21000.;1', true],
  ['a file name that is long 21000.txt', 'A2100017.TXT;1', true],
  ['a file name that is long 21000', 'B_F21000.;1', false],
  ['vile12345', 'FILE12345.;1', false],
  ['README', 'README.;1', true],
  ['.profile', '_PROFILE.;1', true],
  ['Ünïcode name.bin', '__N__COD.BIN;1', true],
  ['lib.so.6', 'LIB_SO.6;1', true],
  ['vile001.txt', 'FILE001.TXT;1', false],
  // genisoimage records names as they are with -U and -iso-level 4, without versions.
  ['a.b;c.d', 'a.b;c.d', true],
  ['a.b;c.d', 'A.B;C.D;1', true],
  ['a;b.c;d', 'a;b.c;d', true],
  ['m;1;2', 'm;1;2', true],
  ['x;12', 'x;12', true],
  ['z;1.txt', 'z;1.txt', true],
  [';lead', ';lead', true],
  ['trail;', 'trail;', true],
  // Beside it, what Joliet has of the same name.
  ['a.b.c_d.e', 'a_b_c;d.e', true],
  ['a.b;c.d', 'a.b;x.d', false],
  ['a.bcdefg;c.d', 'a.bxdefg;c.d', false],
])('“%s” and “%s” can be of one file: %s', (name, identifier, fits) => {
  expect(namesFitIdentifier(name, identifier)).toBe(fits)
})

describe('one flipped bit', () => {
  test('in the length that a directory says it has adds nothing to it that lies behind', async () => {
    const { bytes, recordOf } = buildIso([
      { name: 'A', children: [{ name: 'B', children: many(3) }] },
      { name: 'C', children: many(3) },
    ])
    const at = directoryAt(bytes, recordOf('A'))
    const whole = await pathsOf(await openBytes(Uint8Array.from(bytes)))
    // The second byte of the little-endian half: 2048 becomes 18 432.
    bytes[at + 11] = (bytes[at + 11] ?? 0) ^ 0x40
    expect(await pathsOf(await openBytes(bytes))).toEqual(whole)
  })

  test('in a Rock Ridge name that its identifier has right is told, in a disc without names beyond ASCII too', async () => {
    const named = (name: string, own: string | Uint8Array): BuildNode => ({
      name,
      data: 'x',
      use: concat(px(FILE), nm(own)),
    })
    const flipped = Buffer.from('readme-first.txt')
    flipped[2] = (flipped[2] ?? 0) ^ 0x80
    const build = (own: string | Uint8Array): Uint8Array =>
      buildIso([named('CHANGES.TXT;1', 'changes.txt'), named('README_F.TXT;1', own)], { rootUse }).bytes
    expect(await damageCodes(await openBytes(build('readme-first.txt')))).toEqual([])
    expect(await damageCodes(await openBytes(build(flipped)))).toEqual(['NAMES_DISAGREE'])
    // Latin-1, as older discs have it.
    expect(await damageCodes(await openBytes(build(Buffer.from('readm\xe9-first.txt', 'latin1'))))).toEqual([])
  })
})

describe('a continuation area', () => {
  test('that is blank is told, and that what it held is missing', async () => {
    const build = (block: number) =>
      buildIso(
        [
          { name: 'A.TXT;1', data: 'a', use: concat(px(FILE), nm('a.txt')) },
          { name: 'B_NAME_T.;1', data: 'b', use: concat(px(FILE), ce(block, 0, 64)) },
        ],
        { rootUse, extraBlocks: 1 },
      )
    const { bytes, extraBlock } = build(build(0).extraBlock)
    bytes.set(nm('b name that is too long for its record'), extraBlock * SECTOR)
    const whole = await openBytes(Uint8Array.from(bytes))
    expect(await damageCodes(whole)).toEqual([])
    expect(await pathsOf(whole)).toContain('b name that is too long for its record')
    bytes.fill(0, extraBlock * SECTOR, (extraBlock + 1) * SECTOR)
    expect(await damageCodes(await openBytes(bytes))).toContain('CONTINUATION_LOST')
  })

  test('that lies far from a record at the beginning of a sector is fetched, and the record is not met twice', async () => {
    const files = Array.from({ length: 25 }, (_, index) => `file${String(index).padStart(3, '0')}.txt`)
    const build = (block: number) =>
      buildIso(
        [
          {
            name: 'DIR',
            use: concat(px(0o040755), nm('dir')),
            children: files.map((name, index) => ({
              name: `${name.toUpperCase()};1`,
              data: name,
              use: concat(px(FILE), ce(block + index * 80, 0, 32)),
            })),
          },
          ...['E', 'F', 'G'].map((name) => ({
            name,
            use: concat(px(0o040755), nm(name.toLowerCase())),
            children: [],
          })),
        ],
        { rootUse, extraBlocks: 80 * files.length },
      )
    const { bytes, extraBlock } = build(build(0).extraBlock)
    for (const [index, name] of files.entries()) bytes.set(nm(name), (extraBlock + index * 80) * SECTOR)
    const image = await openBytes(bytes)
    expect(await damageCodes(image)).toEqual([])
    expect(await pathsOf(image)).toEqual(['dir', ...files.map((name) => `dir/${name}`), 'e', 'f', 'g'])
  })
})

test('Rock Ridge is known by other directories where the root is lost', async () => {
  const use = (name: string, mode: number): Uint8Array => concat(px(mode), nm(name))
  const { bytes } = buildIso(
    [
      {
        name: 'DIR',
        use: use('dir', 0o040755),
        selfUse: px(0o040755),
        children: [{ name: 'FILE.TXT;1', data: 'x', use: use('a long name.txt', FILE) }],
      },
    ],
    { rootUse },
  )
  const root = new DataView(bytes.buffer, bytes.byteOffset).getUint32(16 * SECTOR + 158, true)
  bytes.fill(0, root * SECTOR, (root + 1) * SECTOR)
  const image = await openBytes(bytes)
  expect(image.info.views.map(({ id }) => id)).toContain('rock-ridge')
  expect(await damageCodes(image, 'rock-ridge')).toContain('SUSP_INDICATOR_LOST')
})
