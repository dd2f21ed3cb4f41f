import { describe, expect, test } from 'vitest'
import { text } from '../images/iso-builder'
import { codes, damages, openBytes, pathsOf, readAll } from '../images/open-bytes'
import { buildUdf, tagged, type UdfNode } from '../images/udf-builder'

const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255]

/** Sets the checksum of the tag at `at` anew, after bytes in it were changed. */
function seal(bytes: Uint8Array, at: number): void {
  bytes[at + 4] = 0
  bytes[at + 4] = bytes.subarray(at, at + 16).reduce((sum, byte) => (sum + byte) & 255, 0)
}

describe('chains', () => {
  test('UDF_CONTINUATION_LOOP: allocation descriptors that lead to themselves', async () => {
    const node: UdfNode = { name: 'f', data: new Uint8Array(9000), allocation: 'continued' }
    const { bytes, entryOf } = buildUdf([node])
    // The first descriptor in the entry becomes a continuation that holds nothing but a continuation to itself.
    const at = entryOf(node)
    const target = 40
    const descriptor = [...u32((2048 + 3 * 2 ** 30) >>> 0), ...u32(target), 0, 0, 0, 0, 0, 0, 0, 0]
    bytes.set(descriptor, at + 176)
    bytes.set(tagged(258, target, [...u32(0), ...u32(16), ...descriptor]), (272 + target) * 2048)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['f'])
    expect(codes(image)).toContain('UDF_CONTINUATION_LOOP')
  })

  test('UDF_FILE_ENTRY_UNREADABLE: indirect entries in a ring', async () => {
    const node: UdfNode = { name: 'f', data: text('x') }
    const { bytes, entryOf, partitionStart } = buildUdf([node])
    const at = entryOf(node)
    const block = (at - partitionStart) / 2048
    bytes.set(tagged(259, block, [...new Uint8Array(20), ...u32(2048), ...u32(block), 0, 0, 0, 0, 0, 0, 0, 0]), at)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['f'])
    expect((await image.view('udf').lookup('f'))?.entry.status).toBe('lost')
    expect(codes(image)).toContain('UDF_FILE_ENTRY_UNREADABLE')
  })

  test('volume descriptor pointers in a ring', async () => {
    const { bytes } = buildUdf([{ name: 'f', data: text('x') }])
    for (const start of [32, 96]) {
      bytes.set(tagged(3, start, [...u32(1), ...u32(2048 * 16), ...u32(start), ...new Uint8Array(484)]), start * 2048)
      bytes.fill(0, (start + 1) * 2048, (start + 4) * 2048)
    }
    await expect(openBytes(bytes)).rejects.toThrow(/UDF whose descriptors are destroyed/)
  })

  test('DIRECTORY_LOOP: a directory that holds its parent', async () => {
    const outer: UdfNode = { name: 'outer', children: [] }
    outer.children = [{ name: 'back', linkTo: outer, characteristics: 2 }]
    const image = await openBytes(buildUdf([outer]).bytes)
    expect(await pathsOf(image)).toEqual(['outer', 'outer/back'])
    expect(damages(image)).toContain('DIRECTORY_LOOP')
  })
})

describe('references', () => {
  const withReference = (partition: number, block: number): Uint8Array => {
    const node: UdfNode = { name: 'victim', data: text('x') }
    const built = buildUdf([node])
    const { bytes } = built
    // Its identifier is the second one of the root directory, and the name is unique in the image.
    const at = Buffer.from(bytes).indexOf('victim') - 1 - 38
    bytes.set([...u32(block), partition & 255, partition >> 8], at + 24)
    return bytes
  }

  test('UDF_PARTITION_MISSING: a partition past the map', async () => {
    const image = await openBytes(withReference(77, 5))
    expect(await pathsOf(image)).toEqual(['victim'])
    expect((await image.view('udf').lookup('victim'))?.entry.status).toBe('lost')
    expect(codes(image)).toContain('UDF_PARTITION_MISSING')
  })

  test('a block past the end', async () => {
    const image = await openBytes(withReference(0, 0xfffffff0))
    expect((await image.view('udf').lookup('victim'))?.entry.status).toBe('lost')
  })

  test('the metadata file points at itself', async () => {
    const built = buildUdf([{ name: 'f', data: text('x') }], { kind: 'metadata' })
    const { bytes } = built
    for (const block of [250, 251]) {
      const at = (272 + block) * 2048
      bytes.set([...u32(48 * 2048), ...u32(block), ...u32(48 * 2048), ...u32(block)], at + 176)
    }
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual([])
    expect(codes(image)).toContain('UDF_FILE_SET_MISSING')
  })

  test('a sparing table of 65 535 entries in one block', async () => {
    const { bytes } = buildUdf([{ name: 'f', data: text('x') }], { kind: 'sparable' })
    const at = 880 * 2048
    bytes.set([0xff, 0xff], at + 48)
    expect(await pathsOf(await openBytes(bytes))).toEqual(['f'])
  })

  test('a map table whose count and length are of four gigabytes', async () => {
    const { bytes } = buildUdf([{ name: 'f', data: text('x') }])
    for (const start of [33, 97]) {
      const at = start * 2048
      bytes.set([255, 255, 255, 255, 255, 255, 255, 255], at + 264)
      bytes.set([0, 0], at + 10)
      bytes.set([0, 0], at + 8)
      seal(bytes, at)
    }
    expect(await pathsOf(await openBytes(bytes))).toEqual(['f'])
  })
})

describe('lengths', () => {
  test.each([
    ['2^53 and more', [255, 255, 255, 255, 255, 255, 255, 255]],
    ['2^40', [0, 0, 0, 0, 0, 1, 0, 0]],
  ])('an information length of %s', async (_, length) => {
    const node: UdfNode = { name: 'f', data: text('content') }
    const { bytes, entryOf } = buildUdf([node])
    bytes.set(length, entryOf(node) + 56)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['f'])
    const found = await image.view('udf').lookup('f')
    expect(Number.isSafeInteger(found?.entry.byteLength)).toBe(true)
    await found?.content?.read(0, 1000)
  })

  test('extended attributes and descriptors longer than the entry', async () => {
    const node: UdfNode = { name: 'f', data: text('content') }
    const { bytes, entryOf } = buildUdf([node])
    bytes.set([255, 255, 255, 255, 255, 255, 255, 255], entryOf(node) + 168)
    expect(await pathsOf(await openBytes(bytes))).toEqual(['f'])
  })

  test('UDF_BROKEN_IDENTIFIER: an identifier whose padding passes its block', async () => {
    const { bytes } = buildUdf([
      { name: 'victim', data: text('x') },
      { name: 'other', data: text('y') },
    ])
    const at = Buffer.from(bytes).indexOf('victim') - 1 - 38
    bytes.set([255, 255], at + 36)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toContain('other')
    expect(codes(image)).toContain('UDF_BROKEN_IDENTIFIER')
  })

  test('a virtual allocation table of rubbish', async () => {
    const { bytes } = buildUdf([{ name: 'f', data: text('x') }], { kind: 'virtual-2.00' })
    bytes.set([255, 255], 1023 * 2048 + 176)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual([])
  })

  test('a symbolic link whose components run on', async () => {
    const node: UdfNode = { name: 'link', target: [[5, 'abc']] }
    const { bytes, entryOf } = buildUdf([node])
    bytes[entryOf(node) + 177] = 255
    const image = await openBytes(bytes)
    expect((await image.view('udf').lookup('link'))?.entry).toMatchObject({ kind: 'symlink', target: '' })
  })
})

describe('both sides of a bridge', () => {
  test('every byte of a hostile file is either content or absent', async () => {
    const node: UdfNode = { name: 'f', data: new Uint8Array(5000).fill(7) }
    const { bytes, entryOf } = buildUdf([node])
    // The second extent goes past the end of the image.
    bytes.set(u32(0x0fffffff), entryOf(node) + 176 + 12)
    const image = await openBytes(bytes)
    const found = await image.view('udf').lookup('f')
    expect(found?.entry.status).toBe('partial')
    const content = await readAll(found?.content)
    expect(content.byteLength).toBe(2048)
  })
})
