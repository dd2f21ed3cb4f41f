import { describe, expect, test } from 'vitest'
import type { DiscImage, LocatedEntry } from '../../../src-main/image'
import { buildUdf, type BuiltUdf, type UdfNode } from '../../images/udf-builder'
import { descriptorsOf, seal, sealTag } from '../../images/udf-seal'
import { openBytes, pathsOf } from '../../images/open-bytes'

const SECTOR = 2048
/** In a file entry (ECMA-167 4/14.9). */
const INFORMATION_LENGTH = 56
const DESCRIPTORS_LENGTH = 172
const DESCRIPTORS = 176
/** In an allocation extent descriptor (4/14.5): the place that its first allocation descriptor names. */
const FIRST_PLACE = 28
const ALLOCATION_EXTENT = 258

async function damageCodes(image: DiscImage): Promise<string[]> {
  const table = await image.view('udf').readTree()
  return [...image.damage, ...table.damage].map(({ code }) => code)
}

async function find(image: DiscImage, path: string): Promise<LocatedEntry> {
  const found = await image.view('udf').lookup(path)
  if (found === null) throw new Error(`there is no ${path}`)
  return found
}

function files(count: number, more: Partial<UdfNode>): UdfNode[] {
  return Array.from({ length: count }, (_, index) => ({
    name: `${index}.bin`,
    data: new Uint8Array(9000).fill(index + 1),
    ...more,
  }))
}

/** Their places in the partition. */
function continuationsOf({ bytes, partitionStart }: BuiltUdf): number[] {
  return descriptorsOf(bytes, ALLOCATION_EXTENT, partitionStart / SECTOR, Infinity)
}

function setWord(bytes: Uint8Array, at: number, value: number): void {
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(at, value, true)
}

function wordAt(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true)
}

function flip(bytes: Uint8Array, at: number): void {
  bytes[at] = (bytes[at] ?? 0) ^ 1
}

describe('an allocation extent descriptor (ECMA-167 4/14.5)', () => {
  test('whose CRC does not fit makes its file doubtful', async () => {
    const built = buildUdf(files(4, { allocation: 'continued' }))
    const [first] = continuationsOf(built)
    flip(built.bytes, first! + FIRST_PLACE)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual(['UDF_CONTINUATION_DAMAGED'])
    const { entry, content } = await find(image, '0.bin')
    expect(entry).toMatchObject({ status: 'partial', byteLength: 9000 })
    expect((await content?.read(0, 9000))?.byteLength).toBe(9000)
    expect(content?.damage).toMatch(/continuation of allocation descriptors/)
    expect((await find(image, '1.bin')).entry.status).toBe('complete')
    const table = await image.view('udf').readTree()
    const index = Array.from({ length: table.length }, (_, at) => at).find((at) => table.nameOf(at) === '0.bin')
    expect(table.statusOf(index!)).toBe('partial')
  })

  test('is not checked where its CRC does not cover what it holds (UDF 2.3.11.1)', async () => {
    const built = buildUdf(files(4, { allocation: 'continued' }))
    const [first] = continuationsOf(built)
    new DataView(built.bytes.buffer).setUint16(first! + 10, 8, true)
    seal(built.bytes, first!)
    flip(built.bytes, first! + FIRST_PLACE)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual([])
    expect((await find(image, '0.bin')).entry.status).toBe('complete')
  })

  test('has a CRC that does not fit by its writer’s habit where all have', async () => {
    const built = buildUdf(files(4, { allocation: 'continued' }))
    for (const at of continuationsOf(built)) {
      flip(built.bytes, at + 8)
      sealTag(built.bytes, at)
    }
    const image = await openBytes(built.bytes)
    expect((await find(image, '0.bin')).entry.status).toBe('complete')
    expect((await find(image, '3.bin')).content?.damage ?? null).toBeNull()
    expect(await damageCodes(image)).toEqual([])
    expect(image.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'UDF_CONTINUATION_DAMAGED', severity: 'note' }),
    )
  })

  test('that says that it lies elsewhere makes its file doubtful', async () => {
    const built = buildUdf(files(4, { allocation: 'continued' }))
    const [first, second] = continuationsOf(built)
    built.bytes.copyWithin(first!, second!, second! + SECTOR)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual(['UDF_CONTINUATION_MISPLACED'])
    expect((await find(image, '0.bin')).entry.status).toBe('partial')
  })

  test('is taken from the metadata mirror, at no cost', async () => {
    const built = buildUdf(files(2, { allocation: 'continued' }), { kind: 'metadata' })
    const [first] = continuationsOf(built)
    flip(built.bytes, first! + FIRST_PLACE)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual([])
    const { entry, content } = await find(image, '0.bin')
    expect(entry.status).toBe('complete')
    expect(await content?.read(0, 9000)).toEqual(new Uint8Array(9000).fill(1))
    expect(image.diagnostics.map(({ code }) => code)).toContain('UDF_METADATA_MIRROR_USED')
  })
})

describe('extents of a file', () => {
  /** Its first one ends four bytes in front of the end of a block, and another follows. */
  function shorten({ bytes, entryOf }: BuiltUdf, node: UdfNode): void {
    const at = entryOf(node)
    setWord(bytes, at + DESCRIPTORS, SECTOR - 4)
    setWord(bytes, at + INFORMATION_LENGTH, 9000 - 4)
    seal(bytes, at)
  }

  test('that end within a block before others make it doubtful (ECMA-167 4/12.1)', async () => {
    const nodes = files(4, { allocation: 'short' })
    const built = buildUdf(nodes)
    shorten(built, nodes[1]!)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual(['UDF_EXTENTS_UNEVEN'])
    const { entry, content } = await find(image, '1.bin')
    expect(entry).toMatchObject({ status: 'partial', byteLength: 8996 })
    expect(content?.damage).toMatch(/within a block/)
    expect((await find(image, '2.bin')).entry.status).toBe('complete')
  })

  test('that do so everywhere are their writer’s habit', async () => {
    const nodes = files(4, { allocation: 'short' })
    const built = buildUdf(nodes)
    for (const node of nodes) shorten(built, node)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual([])
    expect((await find(image, '1.bin')).entry.status).toBe('complete')
    expect(image.diagnostics.map(({ code }) => code)).toContain('UDF_EXTENTS_UNEVEN')
  })

  test('that are described by an entry whose CRC does not fit make it doubtful', async () => {
    const nodes = files(4, { allocation: 'short' })
    const built = buildUdf(nodes)
    flip(built.bytes, built.entryOf(nodes[1]!) + DESCRIPTORS + 4)
    const image = await openBytes(built.bytes)
    const { entry, content } = await find(image, '1.bin')
    expect(entry.status).toBe('partial')
    expect(content?.damage).toMatch(/file entry/)
    expect((await find(image, '0.bin')).entry.status).toBe('complete')
  })
})

describe('content that lies in its file entry (ECMA-167 4/14.6.8)', () => {
  const text = 'twenty-six bytes are here.'

  function embedded(informationLength: number, descriptorsLength: number): Uint8Array {
    const node: UdfNode = { name: 'a.txt', data: new TextEncoder().encode(text), allocation: 'embedded' }
    const built = buildUdf([node, ...files(8, { allocation: 'short' })])
    const at = built.entryOf(node)
    expect(wordAt(built.bytes, at + DESCRIPTORS_LENGTH)).toBe(26)
    setWord(built.bytes, at + INFORMATION_LENGTH, informationLength)
    setWord(built.bytes, at + DESCRIPTORS_LENGTH, descriptorsLength)
    seal(built.bytes, at)
    return built.bytes
  }

  test('is as long as its entry says', async () => {
    const image = await openBytes(embedded(26, 26))
    expect(await damageCodes(image)).toEqual([])
    expect((await find(image, 'a.txt')).entry).toMatchObject({ byteLength: 26, status: 'complete' })
  })

  test.each([
    [26, 5, 'partial'],
    [26, 0, 'lost'],
    [126, 26, 'partial'],
    [100_026, 26, 'partial'],
  ])('says that of %i bytes %i are recorded', async (byteLength, recorded, status) => {
    const image = await openBytes(embedded(byteLength, recorded))
    expect(await damageCodes(image)).toEqual(['UDF_EXTENTS_SHORT'])
    const { entry, content } = await find(image, 'a.txt')
    expect(entry).toMatchObject({ byteLength, status })
    expect(new TextDecoder().decode(await content?.read(0, byteLength))).toBe(text.slice(0, recorded))
  })

  test('may be longer than what is shown where more is recorded', async () => {
    expect(await damageCodes(await openBytes(embedded(21, 26)))).toEqual(['UDF_EXTENTS_LONG'])
  })

  test.each([
    ['is cut off', (bytes: Uint8Array, at: number) => setWord(bytes, at + DESCRIPTORS_LENGTH, 6)],
    ['has a component that goes past its end', (bytes: Uint8Array, at: number) => (bytes[at + DESCRIPTORS + 1] = 200)],
    ['has a component that is none', (bytes: Uint8Array, at: number) => (bytes[at + DESCRIPTORS] = 9)],
  ])('of a symbolic link that %s leads nowhere', async (_, change) => {
    const link: UdfNode = { name: 'link', target: [[5, 'elsewhere']] }
    const built = buildUdf([link, ...files(4, { allocation: 'short' })])
    const at = built.entryOf(link)
    change(built.bytes, at)
    seal(built.bytes, at)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual(['UDF_LINK_DAMAGED'])
    expect((await find(image, 'link')).entry.status).toBe('lost')
  })
})

describe.each(['embedded', 'long'] as const)('a UDF directory (%s)', (allocation) => {
  function build(): { bytes: Uint8Array; folder: number; root: number; length: number } {
    const folder: UdfNode = { name: 'folder', children: files(5, { allocation: 'short' }), allocation }
    const built = buildUdf([folder, ...files(6, { allocation: 'short' })])
    const at = built.entryOf(folder)
    const [root] = descriptorsOf(built.bytes, 261, built.partitionStart / SECTOR, Infinity).filter(
      (entry) => built.bytes[entry + 27] === 4 && entry !== at,
    )
    return { bytes: built.bytes, folder: at, root: root!, length: wordAt(built.bytes, at + INFORMATION_LENGTH) }
  }

  test('that is whole is told no damage of', async () => {
    expect(await damageCodes(await openBytes(build().bytes))).toEqual([])
  })

  test('of which less is recorded than its length says', async () => {
    const { bytes, folder } = build()
    setWord(bytes, folder + DESCRIPTORS_LENGTH, 0)
    seal(bytes, folder)
    const image = await openBytes(bytes)
    expect(await damageCodes(image)).toEqual(['UDF_EXTENTS_SHORT', 'UDF_PARENT_MISSING'])
  })

  test.each([4, 10, 16, 30])('whose length cuts off %i bytes of its last identifier', async (cut) => {
    const { bytes, folder, length } = build()
    setWord(bytes, folder + INFORMATION_LENGTH, length - cut)
    seal(bytes, folder)
    const image = await openBytes(bytes)
    expect(await damageCodes(image)).toContain(cut === 4 ? 'UDF_EXTENTS_LONG' : 'UDF_BROKEN_IDENTIFIER')
    expect(await pathsOf(image)).toContain('folder/0.bin')
  })

  test('whose length leaves out whole identifiers', async () => {
    const { bytes, folder } = build()
    // Behind that of the parent, which has no name.
    setWord(bytes, folder + INFORMATION_LENGTH, 40)
    seal(bytes, folder)
    expect(await damageCodes(await openBytes(bytes))).toEqual(['UDF_EXTENTS_LONG'])
  })

  test('that has no identifier at all, not even of the one above it (ECMA-167 4/8.6)', async () => {
    const { bytes, folder } = build()
    setWord(bytes, folder + INFORMATION_LENGTH, 0)
    setWord(bytes, folder + DESCRIPTORS_LENGTH, 0)
    seal(bytes, folder)
    expect(await damageCodes(await openBytes(bytes))).toEqual(['UDF_PARENT_MISSING'])
  })

  test('that is the root, and has no identifier at all', async () => {
    const { bytes, root } = build()
    setWord(bytes, root + INFORMATION_LENGTH, 0)
    setWord(bytes, root + DESCRIPTORS_LENGTH, 0)
    seal(bytes, root)
    expect(await damageCodes(await openBytes(bytes))).toContain('UDF_PARENT_MISSING')
  })
})

test('directories of which none names the one above it are their writer’s habit', async () => {
  const folders = Array.from({ length: 3 }, (_, index): UdfNode => ({ name: `${index}`, children: [] }))
  const built = buildUdf(folders)
  for (const at of descriptorsOf(built.bytes, 261, built.partitionStart / SECTOR, Infinity)) {
    const place = built.partitionStart + wordAt(built.bytes, at + DESCRIPTORS + 4) * SECTOR
    built.bytes[place + 18] = 2 | 4
    seal(built.bytes, place)
  }
  const image = await openBytes(built.bytes)
  expect(await damageCodes(image)).toEqual([])
  expect(image.diagnostics.map(({ code }) => code)).toContain('UDF_PARENT_MISSING')
})
