import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { both16, both32, buildIso, ce, concat, nm, px, SECTOR, sl, SP, type BuildNode } from '../../images/iso-builder'
import { openBytes, pathsOf } from '../../images/open-bytes'

const FILE = 0o100644
const LINK = 0o120777
const rootUse = concat(SP, px(0o040755))

function many(count: number): BuildNode[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `FILE${String(index).padStart(3, '0')}.TXT;1`,
    data: `content of ${index}`,
  }))
}

async function damageCodes(image: DiscImage): Promise<string[]> {
  const table = await image.view(image.info.defaultViewId).readTree()
  return [...image.damage, ...table.damage].map(({ code }) => code)
}

/** Everything that `verify` fails for, also what costs nothing. */
async function toldCodes(image: DiscImage): Promise<string[]> {
  await image.view(image.info.defaultViewId).readTree()
  return image.diagnostics.filter(({ severity }) => severity === 'damage').map(({ code }) => code)
}

function blockAt(bytes: Uint8Array, record: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(record + 2, true)
}

describe('the length of a record', () => {
  test('that reaches over the records behind it is told, be it that of the parent’s record', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'DIR', children: many(3) }])
    const first = recordOf('DIR/FILE000.TXT;1')
    const length = bytes[first] ?? 0
    const overFile = Uint8Array.from(bytes)
    overFile[first] = length * 3
    expect(await damageCodes(await openBytes(overFile))).toEqual(['RECORD_HOLDS_RECORDS'])
    const overParent = Uint8Array.from(bytes)
    overParent[first - 34] = 34 + length
    expect(await damageCodes(await openBytes(overParent))).toEqual(['RECORD_HOLDS_RECORDS'])
  })

  test('is told where the record has fields of its own in front of those that it reaches over', async () => {
    const files = many(4).map((node, index) => ({ ...node, use: concat(px(0o100644), nm(`file00${index}.txt`)) }))
    const { bytes, recordOf } = buildIso(files, { rootUse: concat(SP, px(0o040755)) })
    expect(await damageCodes(await openBytes(bytes))).toEqual([])
    const second = recordOf('FILE001.TXT;1')
    bytes[second] = (bytes[second] ?? 0) + 36
    expect(await damageCodes(await openBytes(bytes))).toContain('RECORD_HOLDS_RECORDS')
  })

  test('that leaves room for an extension of its writer’s is no fault', async () => {
    const use = Uint8Array.from({ length: 60 }, (_, index) => index + 40)
    const { bytes } = buildIso(many(3).map((node) => ({ ...node, use })))
    expect(await damageCodes(await openBytes(bytes))).toEqual([])
  })
})

describe('a directory', () => {
  test('whose parent says that it is shorter is shown whole, and told', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'DIR', children: many(100) }, ...many(2)])
    bytes.set(both32(SECTOR), recordOf('DIR') + 10)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toHaveLength(103)
    expect(await damageCodes(image)).toContain('DIRECTORY_LENGTHS_DIFFER')
  })

  test('one of whose sectors stands there twice is told', async () => {
    const { bytes, recordOf } = buildIso([{ name: 'DIR', children: many(140) }])
    const at = blockAt(bytes, recordOf('DIR')) * SECTOR
    bytes.copyWithin(at + 2 * SECTOR, at + SECTOR, at + 2 * SECTOR)
    expect(await damageCodes(await openBytes(bytes))).toContain('DIRECTORY_SECTOR_TWICE')
  })

  test('that has lost every folder is missed by a path table that is its own', async () => {
    const folders = ['A', 'B', 'C'].map((name) => ({ name, children: many(1) }))
    const { bytes, recordOf } = buildIso(folders)
    const at = recordOf('A')
    bytes.fill(0, at, at - (at % SECTOR) + SECTOR)
    expect(await damageCodes(await openBytes(bytes))).toContain('DIRECTORY_LOST')
  })

  test('with a record without a name is told', async () => {
    const { bytes, recordOf } = buildIso(many(3))
    bytes[recordOf('FILE001.TXT;1') + 32] = 0
    expect(await damageCodes(await openBytes(bytes))).toContain('NAME_EMPTY')
  })
})

test('a file that lies in the system area is told, unless its writer keeps dummies there (ECMA-119 6.2.1)', async () => {
  const { bytes, recordOf } = buildIso(many(9))
  bytes.set(both32(0), recordOf('FILE004.TXT;1') + 2)
  expect(await damageCodes(await openBytes(bytes))).toEqual(['EXTENT_IN_SYSTEM_AREA'])
  const dummies = buildIso(many(9).map((node) => ({ ...node, location: 0 })))
  expect(await damageCodes(await openBytes(dummies.bytes))).toEqual([])
})

describe('what several Rock Ridge records share', () => {
  test('is damage where it is blank, though every record has lost it', async () => {
    const build = (block: number) =>
      buildIso(
        many(6).map((node, index) => ({ ...node, use: concat(px(FILE), ce(block, index * 64, 64)) })),
        { rootUse, extraBlocks: 1 },
      )
    const { bytes, extraBlock } = build(build(0).extraBlock)
    for (let index = 0; index < 6; index++) bytes.set(nm(`file00${index}.txt`), extraBlock * SECTOR + index * 64)
    expect(await damageCodes(await openBytes(Uint8Array.from(bytes)))).toEqual([])
    bytes.fill(0, extraBlock * SECTOR, (extraBlock + 1) * SECTOR)
    expect(await damageCodes(await openBytes(bytes))).toContain('CONTINUATION_LOST')
  })
})

test('a link whose target says that it goes on, and does not, is told (RRIP 4.1.3)', async () => {
  const build = (flags: number, kind: number): Uint8Array =>
    buildIso(
      [
        ...many(4).map((node, index) => ({ ...node, use: concat(px(FILE), nm(`file00${index}.txt`)) })),
        { name: 'LN.;1', use: concat(px(LINK), nm('ln'), sl([[kind, 'target']], flags)) },
      ],
      { rootUse },
    ).bytes
  expect(await damageCodes(await openBytes(build(0, 0)))).toEqual([])
  expect(await damageCodes(await openBytes(build(1, 0)))).toEqual(['SYMLINK_CUT'])
  expect(await damageCodes(await openBytes(build(0, 1)))).toEqual(['SYMLINK_CUT'])
})

describe('a primary descriptor', () => {
  test('whose standard identifier has a wrong bit is read all the same, and told', async () => {
    const { bytes } = buildIso(many(2))
    const at = 16 * SECTOR + 3
    bytes[at] = (bytes[at] ?? 0) ^ 1
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['FILE000.TXT', 'FILE001.TXT'])
    expect(await toldCodes(image)).toEqual(['DESCRIPTOR_DAMAGED'])
  })

  test('without a size of blocks is read with the usual one, and told', async () => {
    const { bytes } = buildIso(many(2), { patchDescriptor: (descriptor) => descriptor.set(both16(0), 128) })
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['FILE000.TXT', 'FILE001.TXT'])
    expect(await toldCodes(image)).toEqual(['BLOCK_SIZE_UNKNOWN'])
  })

  test('with two sizes of blocks has that which leads to the root (ECMA-119 7.2.3)', async () => {
    for (const [at, size] of [
      [128, [0, 2]],
      [130, [2, 0]],
    ] as const) {
      const { bytes } = buildIso(many(2), { patchDescriptor: (descriptor) => descriptor.set(size, at) })
      const image = await openBytes(bytes)
      expect(await pathsOf(image)).toEqual(['FILE000.TXT', 'FILE001.TXT'])
      expect(await toldCodes(image)).toContain('BOTH_ENDIAN_MISMATCH')
    }
  })
})
