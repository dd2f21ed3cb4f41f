import { describe, expect, it } from 'vitest'
import type { ByteSource } from '../../../src-main/image'
import { openImage } from '../../../src-main/image'
import { codes, contentOf, openBytes, pathsOf } from '../../images/open-bytes'
import { buildXdvdfs } from '../../images/xdvdfs-builder'

const many = Array.from({ length: 200 }, (_, index) => ({ name: `f${index}.bin`, data: Buffer.from(`file ${index}`) }))
const disc = buildXdvdfs([
  { name: 'default.xbe', data: Buffer.alloc(5000, 'code ') },
  { name: 'media', children: [{ name: 'deep', children: [{ name: 'A.TXT', data: Buffer.from('text') }] }, ...many] },
  { name: 'empty', children: [] },
])

/** A disc with much of nothing in front of the game's partition. */
function behind(byteOffset: number): ByteSource {
  return {
    byteLength: byteOffset + disc.byteLength,
    read(at, length) {
      const wanted = Math.max(0, Math.min(length, this.byteLength - at))
      const out = new Uint8Array(wanted)
      const from = Math.max(at, byteOffset)
      if (from < at + wanted) out.set(disc.subarray(from - byteOffset, at + wanted - byteOffset), from - at)
      return out
    },
    locate: () => null,
    close: () => undefined,
  }
}

describe('an Xbox disc', () => {
  it('is listed, and its files are read', async () => {
    const image = await openBytes(new Uint8Array(disc), { name: 'game.iso' })
    expect(image.info.defaultViewId).toBe('xdvdfs')
    const paths = await pathsOf(image)
    expect(paths.filter((path) => !/f\d+\.bin$/.test(path))).toEqual([
      'default.xbe',
      'empty',
      'media',
      'media/deep',
      'media/deep/A.TXT',
    ])
    expect(paths).toHaveLength(205)
    expect(await contentOf(image, 'default.xbe')).toBe('code '.repeat(1000))
    expect(await contentOf(image, 'media/f123.bin')).toBe('file 123')
    expect(await contentOf(image, 'media/deep/A.TXT')).toBe('text')
    const table = await image.view('xdvdfs').readTree()
    expect(table.entry(1).modified).toBe(Date.UTC(2001, 10, 15))
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it.each([0x0fd90000, 0x02080000, 0x18300000, 0x89d80000])(
    'with a film in front of the game: %i',
    async (byteOffset) => {
      const image = await openImage(behind(byteOffset), { name: 'game.iso' })
      expect(await contentOf(image, 'media/deep/A.TXT')).toBe('text')
      await image.close()
    },
  )

  it('whose entries go round, or lead out, ends', async () => {
    const bytes = new Uint8Array(disc)
    const view = new DataView(bytes.buffer)
    const root = view.getUint32(32 * 2048 + 20, true) * 2048
    view.setUint16(root, 0x7fff, true)
    const out = await openBytes(bytes.slice(), { name: 'game.iso' })
    expect((await out.view('xdvdfs').readTree()).damage.map(({ code }) => code)).toContain('RECORD_DAMAGED')
    await out.close()
    const first = bytes[root + 13]!
    // The second entry of the tree names itself.
    const second = root + Math.ceil((14 + first) / 4) * 4
    view.setUint16(root, (second - root) / 4, true)
    view.setUint16(second, (second - root) / 4, true)
    const round = await openBytes(bytes, { name: 'game.iso' })
    expect((await round.view('xdvdfs').readTree()).damage.map(({ code }) => code)).toContain('RECORD_DAMAGED')
    await round.close()
  })

  it('whose root lies outside lists nothing', async () => {
    const bytes = new Uint8Array(disc)
    new DataView(bytes.buffer).setUint32(32 * 2048 + 20, 0xfffffff0, true)
    const image = await openBytes(bytes, { name: 'game.iso' })
    expect((await image.view('xdvdfs').readTree()).damage.map(({ code }) => code)).toContain('DIRECTORY_UNREADABLE')
    await image.close()
  })
})
