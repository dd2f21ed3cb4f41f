import { describe, expect, test } from 'vitest'
import { openImage, type ByteSource, type DiscImage } from '../../../src-main/image'
import { codes, contentOf, damages, openBytes, pathsOf } from '../../images/open-bytes'
import { buildUdf } from '../../images/udf-builder'
import { seal } from '../../images/udf-seal'
import { embedded, firstWriting, furtherWriting, type SequentialKind } from '../../images/udf-sequential'

const SECTOR = 2048
const KINDS: SequentialKind[] = ['virtual-1.50', 'virtual-2.00']

/** The first writing has one file, the second two. */
function twice(kind: SequentialKind, link = 0): { first: Uint8Array; both: Uint8Array } {
  const first = firstWriting([embedded('old', 'first')], kind).bytes
  return { first, both: furtherWriting(first, [embedded('old', 'first'), embedded('new', 'second')], kind, link) }
}

function padded(bytes: Uint8Array, byteLength: number, fill = 0): Uint8Array {
  const all = new Uint8Array(bytes.byteLength + byteLength).fill(fill)
  all.set(bytes)
  return all
}

async function expectSound(image: DiscImage, paths: string[]): Promise<void> {
  expect(await pathsOf(image)).toEqual(paths)
  expect(damages(image)).toEqual([])
  expect(image.info.completeness.status).toBe('complete')
}

describe.each(KINDS)('a medium that is written in a row, %s', (kind) => {
  test('is whole where its table is the last block, however much more could be written', async () => {
    const image = await openBytes(twice(kind).first)
    await expectSound(image, ['old'])
    expect(codes(image)).toEqual([])
  })

  test.each([0, 0xff])('is whole where it is padded with %i', async (fill) => {
    const image = await openBytes(padded(twice(kind).first, 40 * 2 ** 20, fill))
    await expectSound(image, ['old'])
  })

  test('shows its newest writing', async () => {
    for (const link of [0, 7, 3000]) {
      const image = await openBytes(twice(kind, link).both)
      await expectSound(image, ['new', 'old'])
      expect(await contentOf(image, 'new')).toBe('second')
    }
  })

  test('is whole where links, anchors or error correction follow its table', async () => {
    const { first } = twice(kind)
    const links = padded(first, 5 * SECTOR)
    links.fill(3, first.byteLength + 5, links.byteLength)
    await expectSound(await openBytes(links), ['old'])
    const corrected = padded(first, 64 * SECTOR)
    for (let at = first.byteLength; at < corrected.byteLength; at += 5) corrected[at] = at % 251
    corrected.set(new TextEncoder().encode('*dvdisaster*RS02'), first.byteLength)
    await expectSound(await openBytes(corrected), ['old'])
  })

  test('that is cut within its second writing says what it does not show', async () => {
    const { first, both } = twice(kind, 7)
    const image = await openBytes(both.slice(0, both.byteLength - SECTOR))
    expect(await pathsOf(image)).toEqual(['old'])
    expect(image.damage).toContainEqual(
      expect.objectContaining({ code: 'UDF_VAT_OLDER', byteOffset: first.byteLength + 7 * SECTOR }),
    )
  })

  test('says so where only bytes of a file follow the older table', async () => {
    const { first } = twice(kind)
    const bytes = padded(first, 40 * 2 ** 20)
    for (let at = first.byteLength; at < bytes.byteLength; at += 3) bytes[at] = at % 256
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['old'])
    expect(image.damage.map(({ code }) => code)).toEqual(['UDF_VAT_OLDER'])
  })

  test('says so where the newest table is destroyed', async () => {
    const { both } = twice(kind)
    both.fill(0x55, both.byteLength - SECTOR + 176)
    const image = await openBytes(both)
    expect(await pathsOf(image)).toEqual(['old'])
    expect(image.damage.map(({ code }) => code)).toEqual(['UDF_VAT_OLDER'])
  })

  test('without any table says that, and not how many bytes are missing', async () => {
    const { first } = twice(kind)
    const image = await openBytes(first.slice(0, first.byteLength - SECTOR))
    expect(await pathsOf(image)).toEqual([])
    expect(damages(image)).toEqual(['UDF_VAT_MISSING', 'UDF_FILE_SET_MISSING'])
  })

  test('says that its table’s sum does not fit', async () => {
    const { first } = twice(kind)
    first[first.byteLength - SECTOR + 120] = 9
    const image = await openBytes(first)
    expect(await pathsOf(image)).toEqual(['old'])
    expect(image.damage.map(({ code }) => code)).toEqual(['UDF_VAT_DAMAGED'])
  })

  test('is not misled by the table of an image that one of its files is', async () => {
    const { first } = twice(kind)
    const inner = firstWriting([embedded('inner', 'x')], kind).bytes
    const bytes = new Uint8Array(first.byteLength + inner.byteLength)
    bytes.set(first)
    bytes.set(inner, first.byteLength)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['old'])
    expect(damages(image)).toEqual(['UDF_VAT_OLDER'])
  })
})

describe('a sparing table (UDF 2.2.12)', () => {
  const TABLE = 880 * SECTOR
  const build = (): Uint8Array =>
    buildUdf([{ name: 'f', data: new Uint8Array(60_000).fill(7) }], { kind: 'sparable' }).bytes

  test('that is sound is worth no word', async () => {
    expect(codes(await openBytes(build()))).toEqual([])
  })

  test('that is destroyed costs what was replaced', async () => {
    const bytes = build()
    bytes.fill(0, TABLE, TABLE + SECTOR)
    const image = await openBytes(bytes)
    expect(image.damage).toContainEqual(
      expect.objectContaining({ code: 'UDF_SPARING_TABLE_MISSING', byteOffset: TABLE }),
    )
  })

  test('whose sum does not fit may cost something', async () => {
    const bytes = build()
    bytes[TABLE + 60] = (bytes[TABLE + 60] ?? 0) ^ 1
    expect((await openBytes(bytes)).damage.map(({ code }) => code)).toContain('UDF_SPARING_TABLE_DAMAGED')
  })
})

describe('a metadata file (UDF 2.2.10)', () => {
  const ENTRY = (272 + 250) * SECTOR
  const build = (): Uint8Array => buildUdf([{ name: 'f', data: new Uint8Array(6).fill(7) }], { kind: 'metadata' }).bytes

  test('whose entry’s sum does not fit is read from its mirror, at no cost', async () => {
    const bytes = build()
    bytes[ENTRY + 181] = (bytes[ENTRY + 181] ?? 0) ^ 1
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['f'])
    expect(damages(image)).toEqual(['UDF_METADATA_MIRROR_USED'])
    expect(image.damage).toEqual([])
  })

  test('that is longer than its extents is read from its mirror, at no cost', async () => {
    const bytes = build()
    // Its second extent is gone (ECMA-167 4/14.9.10).
    bytes[ENTRY + 172] = 8
    seal(bytes, ENTRY)
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['f'])
    expect(damages(image)).toEqual(['UDF_METADATA_MIRROR_USED'])
    expect(image.damage).toEqual([])
  })

  test('that is destroyed with its mirror is missed', async () => {
    const bytes = build()
    bytes.fill(0, ENTRY, ENTRY + 2 * SECTOR)
    expect(damages(await openBytes(bytes))).toContain('UDF_METADATA_LOST')
  })

  test('says that both sums do not fit', async () => {
    const bytes = build()
    for (const at of [ENTRY, ENTRY + SECTOR]) bytes[at + 120] = (bytes[at + 120] ?? 0) ^ 1
    const image = await openBytes(bytes)
    expect(await pathsOf(image)).toEqual(['f'])
    expect(image.damage.map(({ code }) => code)).toEqual(['UDF_METADATA_DAMAGED'])
  })
})

test('a table of which less is recorded than its length says is told', async () => {
  const { first } = twice('virtual-2.00')
  const at = first.byteLength - SECTOR
  const length = new DataView(first.buffer, first.byteOffset + at + 172)
  length.setUint32(0, length.getUint32(0, true) - 4, true)
  seal(first, at)
  expect((await openBytes(first)).damage.map(({ code }) => code)).toContain('UDF_VAT_DAMAGED')
})

test('a table that the last 8 GiB do not hold is said to be missing from those', async () => {
  const { first } = twice('virtual-2.00')
  const blank = new Uint8Array(8 << 20)
  const source: ByteSource = {
    byteLength: 9 * 2 ** 30,
    read: (at, length) =>
      at < first.byteLength ? padded(first, length).subarray(at, at + length) : blank.subarray(0, length),
    locate: () => null,
    close: () => undefined,
  }
  const image = await openImage(source, { name: 'a.iso' })
  expect(image.diagnostics.find(({ code }) => code === 'UDF_VAT_MISSING')?.message).toContain('last 8 GiB')
})
