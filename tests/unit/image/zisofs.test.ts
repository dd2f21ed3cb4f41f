import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { buildIso, concat, nm, px, SP, type BuildNode } from '../../images/iso-builder'
import { damages, openBytes, readAll } from '../../images/open-bytes'
import { packZisofs, zisofsUse } from '../../images/zisofs'

const rootUse = concat(SP, px(0o040755))
const content = Uint8Array.from({ length: 100_000 }, (_, at) => (at * at) >> 7)

/** Files around a packed one, so that its faults are no habit of their writer's. */
function withOthers(packed: Uint8Array, use: Uint8Array): Promise<DiscImage> {
  const node = (name: string, data: Uint8Array | string, more: Uint8Array): BuildNode => ({
    name: `${name.toUpperCase()};1`,
    data,
    use: concat(px(0o100644), nm(name), more),
  })
  const nodes = [
    node('a.txt', 'a', new Uint8Array(0)),
    node('p.bin', packed, use),
    node('z.txt', 'z', new Uint8Array(0)),
  ]
  return openBytes(buildIso(nodes, { rootUse }).bytes)
}

async function found(image: DiscImage): Promise<[string, number, string[]]> {
  const table = await image.view('rock-ridge').readTree()
  const index = [1, 2, 3].find((at) => table.pathOf(at) === 'p.bin') ?? 0
  return [table.statusOf(index), table.byteLengthOf(index), damages(image)]
}

async function contentOf(image: DiscImage): Promise<Uint8Array> {
  return readAll((await image.view('rock-ridge').lookup('p.bin'))?.content)
}

/** With a number of its header or its table replaced. */
function patched(version: 1 | 2, at: number, value: number): Uint8Array {
  const packed = packZisofs(content, version)
  new DataView(packed.buffer).setUint32(at, value, true)
  return packed
}

describe.each([1, 2] as const)('a packed file, of version %i', (version) => {
  const lengthAt = version === 1 ? 8 : 12
  const tableAt = version === 1 ? 16 : 24
  const packed = packZisofs(content, version)

  test('is what was packed', async () => {
    const image = await withOthers(packed, zisofsUse(content.byteLength, version))
    expect(await found(image)).toEqual(['complete', content.byteLength, []])
    expect(Buffer.compare(await contentOf(image), content)).toBe(0)
  })

  test.each([
    ['a longer one in its record', packed, 150_000],
    ['a far longer one in its record', packed, 1_500_000_000],
    ['a shorter one in its record', packed, 50_000],
    ['a longer one in its header', patched(version, lengthAt, 150_000), content.byteLength],
    ['a shorter one in its header', patched(version, lengthAt, 1), content.byteLength],
  ])('has the length that its blocks come to, where there is %s', async (_, bytes, stated) => {
    const image = await withOthers(bytes, zisofsUse(stated, version))
    expect(await found(image)).toEqual(['complete', content.byteLength, ['BROKEN_COMPRESSION']])
    expect(Buffer.compare(await contentOf(image), content)).toBe(0)
  })

  test.each([
    ['both of whose lengths can be', patched(version, lengthAt, content.byteLength - 1)],
    ['whose header is none', patched(version, 0, 0)],
    ['whose blocks are out of order', patched(version, tableAt + (version === 1 ? 4 : 8), 0)],
    ['whose last block ends behind what is recorded', patched(version, tableAt + (version === 1 ? 16 : 32), 1 << 20)],
    ['that is cut', packed.subarray(0, packed.byteLength >> 1)],
    [
      'whose number of blocks is none of either length',
      patched(version, tableAt, tableAt + (version === 1 ? 4 : 8) * 9),
    ],
  ])('%s is partial', async (_, bytes) => {
    const image = await withOthers(bytes, zisofsUse(content.byteLength, version))
    expect(await found(image)).toEqual(['partial', content.byteLength, ['BROKEN_COMPRESSION']])
  })

  test('whose length cannot be, in its record and its header, is lost', async () => {
    const image = await withOthers(patched(version, lengthAt, 1_500_000_000), zisofsUse(1_500_000_000, version))
    expect((await found(image))[0]).toBe('lost')
    expect(damages(image)).toEqual(['BROKEN_COMPRESSION'])
  })
})
