import { describe, expect, test } from 'vitest'
import { buildIso, concat, text } from '../images/iso-builder'
import { openBytes, scratch, siblings } from '../images/open-bytes'

const iso = buildIso([{ name: 'F;1', data: 'f' }]).bytes
const u32 = (value: number): number[] => [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, (value >>> 24) & 255]

describe('compressed blocks', () => {
  const header = (byteLength: number[], blockLength: number, shift = 0): Uint8Array =>
    concat(text('CISO'), u32(24), byteLength, u32(blockLength), [1, shift, 0, 0])

  test.each([
    ['petabytes', header([0, 0, 0, 0, 0, 0, 16, 0], 2048)],
    ['a block length of zero', header([0, 0, 1, 0, 0, 0, 0, 0], 0)],
    ['a block length of four gigabytes', header([0, 0, 1, 0, 0, 0, 0, 0], 0xffffffff)],
    ['a shift of 255', header([0, 0, 1, 0, 0, 0, 0, 0], 2048, 255)],
  ])('%s', async (_, bytes) => {
    await expect(openBytes(concat(bytes, new Uint8Array(4096)), { name: 'a.cso' })).rejects.toThrow(/not a disc image/)
  })

  test('SOURCE_UNREADABLE: pointers out of order', async () => {
    const count = iso.byteLength / 2048
    const pointers = Array.from({ length: count + 1 }, (_, index) => u32(index === 16 ? 0x7fffffff : 100)).flat()
    const bytes = concat(header([...u32(iso.byteLength), 0, 0, 0, 0], 2048), pointers, new Uint8Array(4096))
    await expect(openBytes(bytes, { name: 'a.cso' })).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE' })
  })
})

describe('tables of contents', () => {
  test('a cue sheet that names files elsewhere asks for their names alone', async () => {
    const asked: string[] = []
    const sheet = 'FILE "../../../etc/passwd" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n'
    const opening = openBytes(text(sheet), {
      name: 'a.cue',
      openSibling: (name) => {
        asked.push(name)
        return Promise.resolve(null)
      },
    })
    await expect(opening).rejects.toThrow(/passwd/)
    expect(asked[0]).toBe('passwd')
    expect(asked.filter((name) => name.includes('/'))).toEqual([])
  })

  test('a cue sheet with times past the file', async () => {
    const sheet = 'FILE a.bin BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 99999999:59:74\n'
    const image = await openBytes(text(sheet), { name: 'a.cue', ...siblings({ 'a.bin': iso }) })
    const table = await image.view('tracks').readTree()
    for (let index = 1; index < table.length; index++)
      expect(table.byteLengthOf(index)).toBeLessThan(iso.byteLength + 45)
  })

  test('a Nero image whose chunks claim four gigabytes', async () => {
    const chunks = concat(text('DAOX'), [255, 255, 255, 255], new Uint8Array(64))
    const bytes = new Uint8Array(
      Buffer.concat([
        iso,
        chunks,
        text('NER5'),
        Buffer.from([0, 0, 0, 0]),
        Buffer.from(u32(iso.byteLength).toReversed()),
      ]),
    )
    await openBytes(bytes, { name: 'a.nrg' }).then(
      (image) => image.view(image.info.defaultViewId).readTree(),
      (error: unknown) => expect(error).toBeInstanceOf(Error),
    )
  })

  test('a media descriptor whose places lie outside', async () => {
    const mds = new Uint8Array(200).fill(255)
    mds.set(text('MEDIA DESCRIPTOR'))
    await expect(openBytes(mds, { name: 'a.mds', ...siblings({}) })).rejects.toThrow(/not beside it/)
  })
})

describe('what is no image', () => {
  test.each([
    ['an empty file', new Uint8Array(0), /is empty/],
    ['a ZIP archive', concat(text('PK\x03\x04'), new Uint8Array(5000)), /ZIP archive/],
    ['a 7z archive', concat([0x37, 0x7a, 0xbc, 0xaf, 0x27, 0x1c], new Uint8Array(5000)), /7z archive/],
    ['an HTML page', text('<!DOCTYPE html><html><body>404</body></html>'), /HTML page/],
    ['Arbortext IsoDraw', concat(text('IsoDraw'), new Uint8Array(100)), /IsoDraw/],
    ['text', text('just some words\n'.repeat(50)), /text file/],
    ['zeros', new Uint8Array(100_000), /zeros/],
    [
      'noise',
      Uint8Array.from({ length: 80_000 }, (_, index) => (Math.imul(index + 1, 2_654_435_761) >>> 13) & 255),
      /encrypted|known here/,
    ],
    ['NTFS', concat([0xeb, 0x52, 0x90], text('NTFS    '), new Uint8Array(1000)), /NTFS/],
  ])('%s is refused with a sentence', async (_, bytes, sentence) => {
    await expect(openBytes(bytes, { name: 'x.iso', ...scratch })).rejects.toThrow(sentence)
  })
})
