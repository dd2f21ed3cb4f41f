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

  test('NOTHING_READABLE: pointers out of order', async () => {
    const count = iso.byteLength / 2048
    const pointers = Array.from({ length: count + 1 }, (_, index) => u32(index === 16 ? 0x7fffffff : 100)).flat()
    const bytes = concat(header([...u32(iso.byteLength), 0, 0, 0, 0], 2048), pointers, new Uint8Array(4096))
    await expect(openBytes(bytes, { name: 'a.cso' })).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining('“a.cso” is damaged') as string,
    })
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

  test.each([
    ['cue', 'FILE "a/../../b.bin" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n'],
    ['cue', 'FILE "C:\\\\..\\b.bin" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n'],
    ['cue', 'FILE "/etc/b.bin" BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\n'],
    ['gdi', '1\n1 0 4 2352 ../../b.bin 0\n'],
    ['toc', 'CD_ROM\nTRACK MODE1\nDATAFILE "../b.bin"\n'],
  ])('a .%s that leads out asks for the name alone: %j', async (kind, sheet) => {
    const asked: string[] = []
    const openSibling = (name: string): Promise<null> => {
      asked.push(name)
      return Promise.resolve(null)
    }
    await expect(openBytes(text(sheet), { name: `a.${kind}`, openSibling })).rejects.toThrow(/b\.bin/)
    expect(asked[0]).toBe('b.bin')
    expect(asked.filter((name) => name.includes('/') || name.includes('..'))).toEqual([])
  })

  const track = 'TRACK 01 MODE1/2048\nINDEX 01 00:00:00\n'
  test.each([
    ['sessions without end', `${'REM SESSION 99999999999\n'.repeat(1000)}FILE a.bin BINARY\n${track}`],
    [
      'pauses of years',
      `FILE a.bin BINARY\nTRACK 01 AUDIO\nPREGAP 999999999999:00:00\nINDEX 01 00:00:00\n${track.replace('01', '02')}`,
    ],
    [
      'gaps of years',
      `FILE a.bin BINARY\n${track}REM LEAD-OUT 99999999:00:00\nREM SESSION 2\nFILE a.bin BINARY\n${track}`,
    ],
    ['the same file a thousand times', `FILE a.bin BINARY\n${track}`.repeat(1000)],
    [
      'indexes backwards',
      'FILE a.bin BINARY\nTRACK 01 MODE1/2048\nINDEX 01 99:00:00\nTRACK 02 MODE1/2352\nINDEX 00 00:00:00\nINDEX 01 00:00:00\n',
    ],
    ['numbers that are none', 'FILE a.bin BINARY\nTRACK x MODE1/2048\nINDEX 01 x:y:z\nINDEX -1 a\n'],
    ['a place beyond every disc', '1\n1 4294967295 4 2048 a.bin 0\n'],
    ['an offset past the file', '2\n1 0 4 2048 a.bin 99999999999999\n2 10 4 2352 a.bin -5\n'],
    [
      'silence without end',
      'CD_ROM\nTRACK AUDIO\nSILENCE 99999999:00:00\nTRACK MODE1\nDATAFILE "a.bin" 99999999:00:00\n',
    ],
    ['braces that never close', `CD_ROM\nCD_TEXT ${'{'.repeat(10_000)}\nTRACK MODE1\nDATAFILE "a.bin"\n`],
    ['places of samples past the file', 'CD_DA\nTRACK AUDIO\nFILE "a.bin" #99999999999 99999999999 99999999999\n'],
    [
      'entries of petabytes',
      '[CloneCD]\n[Entry 0]\nPoint=1\nSession=1\nControl=4\nPLBA=9007199254740991\n[Entry 1]\nPoint=0xa2\nSession=1\nPLBA=1e300\n',
    ],
  ])('%s', async (_, sheet) => {
    const opening = openBytes(text(sheet), { name: 'a.cue', ...siblings({ 'a.bin': iso, 'a.img': iso }) })
    const image = await opening.catch((error: unknown) => {
      expect(error).toBeInstanceOf(Error)
      return null
    })
    if (image === null) return
    expect(image.blocks.byteLength).toBeLessThan(2 ** 38)
    for (const { id } of image.info.views) {
      const table = await image.view(id).readTree()
      expect(table.length).toBeLessThan(200)
      for (let index = 1; index < table.length; index++) await table.content(index)?.read(0, 4096)
    }
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
