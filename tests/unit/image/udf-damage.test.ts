import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { buildUdf, type BuiltUdf, type UdfNode } from '../../images/udf-builder'
import { descriptorsOf, seal } from '../../images/udf-seal'
import { buildIso } from '../../images/iso-builder'
import { contentOf, openBytes, pathsOf } from '../../images/open-bytes'

const SECTOR = 2048

function tree(): { nodes: UdfNode[]; folder: UdfNode; file: UdfNode } {
  const files = Array.from({ length: 12 }, (_, index) => ({
    name: `file ${index}.txt`,
    data: new TextEncoder().encode(`content ${index} `.repeat(300)),
  }))
  const folder = { name: 'folder', children: files }
  const file = { name: 'beside.txt', data: new TextEncoder().encode('beside') }
  return { nodes: [folder, file], folder, file }
}

async function damageCodes(image: DiscImage): Promise<string[]> {
  const table = await image.view('udf').readTree()
  return [...image.damage, ...table.damage].map(({ code }) => code)
}

/** The CRC covers it, the tag's own checksum does not. */
function flip(built: BuiltUdf, at: number): void {
  built.bytes[at] = (built.bytes[at] ?? 0) ^ 4
}

describe('a UDF volume', () => {
  test('that is whole is told no damage of', async () => {
    for (const kind of ['physical', 'sparable', 'metadata', 'virtual-1.50', 'virtual-2.00'] as const)
      expect(await damageCodes(await openBytes(buildUdf(tree().nodes, { kind }).bytes))).toEqual([])
  })

  test('says that a wrong bit in a folder’s file entry may cost entries (ECMA-167 3/7.2)', async () => {
    const { nodes, folder } = tree()
    const built = buildUdf(nodes)
    flip(built, built.entryOf(folder) + 56)
    expect(await damageCodes(await openBytes(built.bytes))).toContain('UDF_FILE_ENTRY_DAMAGED')
  })

  test('says so of a file’s entry, and of one that is another’s', async () => {
    const { nodes, file, folder } = tree()
    const built = buildUdf(nodes)
    const copy = Uint8Array.from(built.bytes)
    flip({ ...built, bytes: copy }, built.entryOf(file) + 57)
    expect(await damageCodes(await openBytes(copy))).toContain('UDF_FILE_ENTRY_DAMAGED')
    const other = built.entryOf(folder.children![3]!)
    built.bytes.copyWithin(built.entryOf(file), other, other + SECTOR)
    expect(await damageCodes(await openBytes(built.bytes))).toContain('UDF_FILE_ENTRY_MISPLACED')
  })

  test.each([
    ['a folder’s', 4, 5],
    ['a file’s', 5, 4],
  ])('says that %s entry is of another kind than its name, though both have their sums', async (_, from, to) => {
    const { nodes, file, folder } = tree()
    const built = buildUdf(nodes)
    const at = built.entryOf(from === 4 ? folder : file)
    // Of the ICB tag (ECMA-167 4/14.6.6).
    expect(built.bytes[at + 27]).toBe(from)
    built.bytes[at + 27] = to
    seal(built.bytes, at)
    expect(await damageCodes(await openBytes(built.bytes))).toContain('UDF_KINDS_DISAGREE')
  })

  test('takes a damaged entry from the metadata mirror, at no cost', async () => {
    const { nodes, folder } = tree()
    const built = buildUdf(nodes, { kind: 'metadata' })
    flip(built, built.entryOf(folder) + 56)
    const image = await openBytes(built.bytes)
    expect(await damageCodes(image)).toEqual([])
    expect(await pathsOf(image)).toContain('folder/file 3.txt')
    expect(image.diagnostics).toContainEqual(
      expect.objectContaining({ code: 'UDF_METADATA_MIRROR_USED', severity: 'damage' }),
    )
  })

  test('says that a changed name may be another’s', async () => {
    const built = buildUdf(tree().nodes)
    const at = Buffer.from(built.bytes.buffer).indexOf('beside.txt')
    built.bytes[at] = 'p'.charCodeAt(0)
    expect(await damageCodes(await openBytes(built.bytes))).toContain('UDF_IDENTIFIER_DAMAGED')
  })

  test('takes a destroyed partition descriptor from the reserve sequence', async () => {
    const built = buildUdf(tree().nodes)
    for (let at = 0; at < 256 * SECTOR; at += SECTOR)
      if (built.bytes[at] === 5 && built.bytes[at + 1] === 0) {
        built.bytes.fill(0, at, at + SECTOR)
        break
      }
    const image = await openBytes(built.bytes)
    expect(await contentOf(image, 'beside.txt')).toBe('beside')
    expect(image.diagnostics.map(({ code }) => code)).toContain('UDF_RESERVE_SEQUENCE_USED')
    expect(await damageCodes(image)).toEqual([])
  })

  test('is found without any anchor', async () => {
    const built = buildUdf(tree().nodes)
    for (let at = 256 * SECTOR; at + SECTOR <= built.bytes.byteLength; at += SECTOR)
      if (built.bytes[at] === 2 && built.bytes[at + 1] === 0 && built.bytes[at + 5] === 0)
        built.bytes.fill(0, at, at + SECTOR)
    const image = await openBytes(built.bytes)
    expect(await contentOf(image, 'beside.txt')).toBe('beside')
    expect(image.diagnostics.map(({ code }) => code)).toContain('UDF_ANCHORS_LOST')
  })

  test('gives no zeros for what its extents do not hold (ECMA-167 4/14.9.10)', async () => {
    const file: UdfNode = { name: 'short.bin', data: new Uint8Array(3000).fill(7), allocation: 'short' }
    const built = buildUdf([file])
    const at = built.entryOf(file) + 56
    new DataView(built.bytes.buffer).setUint32(at, 100_000, true)
    const image = await openBytes(built.bytes)
    const found = await image.view('udf').lookup('short.bin')
    expect(found?.entry).toMatchObject({ status: 'partial', byteLength: 100_000 })
    expect((await found?.content?.read(0, 100_000))?.byteLength).toBe(3000)
    expect((found?.entry.extents ?? []).every(({ byteOffset }) => (byteOffset ?? 0) < built.bytes.byteLength)).toBe(
      true,
    )
    expect(await damageCodes(image)).toContain('UDF_EXTENTS_SHORT')
  })

  test('says so where a file’s length is less than what is recorded of it', async () => {
    const data = new Uint8Array(9000).fill(7)
    const others = Array.from({ length: 4 }, (_, index): UdfNode => ({
      name: `${index}.bin`,
      data,
      allocation: 'short',
    }))
    const built = buildUdf(others)
    expect(await damageCodes(await openBytes(Uint8Array.from(built.bytes)))).toEqual([])
    const at = built.entryOf(others[1]!)
    new DataView(built.bytes.buffer).setUint32(at + 56, 100, true)
    seal(built.bytes, at)
    expect(await damageCodes(await openBytes(built.bytes))).toEqual(['UDF_EXTENTS_LONG'])
  })

  test.each(['physical', 'sparable', 'metadata', 'virtual-1.50', 'virtual-2.00'] as const)(
    'that has lost both copies of its logical volume descriptor is found by its file set (%s)',
    async (kind) => {
      // Of the sparable one the first packet alone is used, so that none is replaced.
      const nodes = kind === 'sparable' ? tree().nodes.slice(1) : tree().nodes
      const built = buildUdf(nodes, { kind })
      for (const at of descriptorsOf(built.bytes, 6)) built.bytes.fill(0, at, at + SECTOR)
      const image = await openBytes(built.bytes)
      expect(image.info.views.map(({ id, format }) => [id, format])).toEqual([['udf', 'UDF']])
      expect(await contentOf(image, 'beside.txt')).toBe('beside')
      if (kind !== 'sparable') expect(await contentOf(image, 'folder/file 3.txt')).toBe('content 3 '.repeat(300))
      expect(await damageCodes(image)).toEqual(['UDF_LOGICAL_VOLUME_LOST'])
    },
  )

  test('whose packets were replaced by others is not guessed at without its partition map', async () => {
    const built = buildUdf(tree().nodes, { kind: 'sparable' })
    for (const at of descriptorsOf(built.bytes, 6)) built.bytes.fill(0, at, at + SECTOR)
    await expect(openBytes(built.bytes)).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('UDF whose descriptors are destroyed') as unknown,
    })
  })

  test('is no guess by a file set that lies in another place than it says', async () => {
    const built = buildUdf(tree().nodes)
    for (const at of descriptorsOf(built.bytes, 6)) built.bytes.fill(0, at, at + SECTOR)
    const [fileSet] = descriptorsOf(built.bytes, 256, built.partitionStart / SECTOR, Infinity)
    built.bytes.copyWithin(900 * SECTOR, fileSet!, fileSet! + SECTOR)
    built.bytes.fill(0, fileSet, fileSet! + SECTOR)
    await expect(openBytes(built.bytes)).rejects.toMatchObject({ code: 'NOTHING_READABLE' })
  })

  test('of which only anchors are left is said to be one', async () => {
    const built = buildUdf(tree().nodes)
    for (const id of [1, 5, 6, 8]) for (const at of descriptorsOf(built.bytes, id)) built.bytes.fill(0, at, at + SECTOR)
    await expect(openBytes(built.bytes)).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message:
        '“test.iso” is a disc with UDF whose descriptors are destroyed. “isolde rescue” finds what is left in it.',
    })
  })

  test('is missed where all copies of its descriptors are destroyed', async () => {
    const built = buildUdf(tree().nodes)
    for (const id of [5, 6]) for (const at of descriptorsOf(built.bytes, id)) built.bytes.fill(0, at, at + SECTOR)
    const bridge = buildIso([{ name: 'A.TXT;1', data: 'a' }]).bytes
    built.bytes.set(bridge, 0)
    for (const [index, id] of ['BEA01', 'NSR02', 'TEA01'].entries())
      built.bytes.set(new TextEncoder().encode(id), bridge.byteLength + index * SECTOR + 1)
    const image = await openBytes(built.bytes)
    expect(image.info.views.map(({ id }) => id)).toEqual(['iso9660'])
    expect(image.damage.map(({ code }) => code)).toContain('UDF_VOLUME_LOST')
  })

  test('says that a partition of a kind that nobody knows is a guess', async () => {
    const built = buildUdf(tree().nodes)
    for (const at of descriptorsOf(built.bytes, 6)) {
      built.bytes[at + 440] = 9
      seal(built.bytes, at)
    }
    expect(await damageCodes(await openBytes(built.bytes))).toEqual(['UDF_PARTITION_KIND'])
  })
})
