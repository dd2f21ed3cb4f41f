import { describe, expect, test } from 'vitest'
import { samples, sectors, SESSION_GAP } from '../../images/cd-sectors'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'
import { buildNero, type NeroTrack } from '../../images/nero-builder'
import { codes, contentOf, damages, openBytes, pathsOf, readAll } from '../../images/open-bytes'

const iso = buildIso([{ name: 'READ.ME;1', data: 'hello' }])
const count = iso.bytes.byteLength / SECTOR
const raw = sectors(iso.bytes)
const name = 'a.nrg'

/** What sectors of mode 2 are without sync and header. */
function headless(bytes: Uint8Array): Uint8Array {
  const all = sectors(bytes, 0, 2)
  return concat(...Array.from({ length: count }, (_, at) => all.subarray(at * 2352 + 16, (at + 1) * 2352)))
}

function withSubchannel(bytes: Uint8Array): Uint8Array {
  const all = Array.from({ length: bytes.byteLength / 2352 }, (_, at) =>
    concat(bytes.subarray(at * 2352, (at + 1) * 2352), new Uint8Array(96).fill(at)),
  )
  return concat(...all)
}

const wide = [
  ['version 1', false],
  ['version 2', true],
] as const

describe.each(wide)('a Nero image of %s', (_, isWide) => {
  test.each<[string, number, number, Uint8Array]>([
    ['blocks', 0, 2048, iso.bytes],
    ['blocks of mode 2', 2, 2048, iso.bytes],
    ['2336 bytes', 3, 2336, headless(iso.bytes)],
    ['2352 bytes', 5, 2352, raw],
    ['2352 bytes of mode 2', 6, 2352, sectors(iso.bytes, 0, 2)],
    ['2448 bytes', 0x0f, 2448, withSubchannel(raw)],
    ['2448 bytes of mode 2', 0x11, 2448, withSubchannel(sectors(iso.bytes, 0, 2))],
    // MagicISO gives raw sectors the modes of blocks.
    ['2352 bytes under the mode of blocks', 0, 2352, raw],
    ['2352 bytes of mode 2 under the mode of blocks', 3, 2352, sectors(iso.bytes, 0, 2)],
  ])('of %s, at once and with a pause in the file', async (_name, mode, stride, data) => {
    const track: NeroTrack = { mode, stride, pause: new Uint8Array(150 * stride), data, address: 0 }
    const image = await openBytes(buildNero([[track]], { isWide }), { name })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(damages(image)).toEqual([])
    const taos = await openBytes(buildNero([[{ ...track, pause: new Uint8Array(0) }]], { isWide, isAtOnce: false }), {
      name,
    })
    expect(await contentOf(taos, 'READ.ME')).toBe('hello')
    expect(damages(taos)).toEqual([])
  })

  test('of data and sound', async () => {
    const sound = samples(10)
    const tracks: NeroTrack[] = [
      { mode: 5, stride: 2352, pause: new Uint8Array(150 * 2352), data: raw, address: 0 },
      { mode: 7, stride: 2352, pause: new Uint8Array(150 * 2352), data: sound, address: count + 150 },
    ]
    const image = await openBytes(buildNero([tracks], { isWide }), { name })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    const wav = await readAll((await image.view('tracks').lookup('Track 02.wav'))?.content)
    expect(Buffer.compare(wav.subarray(44), sound)).toBe(0)
    expect(codes(image)).toEqual([])
  })

  test.each([
    ['from the disc’s first address', 0],
    ['from the first address of the pause', 150],
  ])('written track by track in two sessions, counted %s', async (_name, offset) => {
    const start = count + SESSION_GAP
    const second = buildIso(
      [
        { name: 'NEW.TXT;1', data: 'new' },
        { name: 'READ.ME;1', location: iso.blockOf('READ.ME;1'), byteLength: 5 },
      ],
      { firstBlock: start },
    )
    const none = new Uint8Array(0)
    const bytes = buildNero(
      [
        [{ mode: 0, stride: 2048, pause: none, data: iso.bytes, address: offset }],
        [{ mode: 0, stride: 2048, pause: none, data: second.bytes, address: start + offset }],
      ],
      { isWide, isAtOnce: false },
    )
    const image = await openBytes(bytes, { name })
    expect(await contentOf(image, 'NEW.TXT', 'iso9660')).toBe('new')
    expect(await contentOf(image, 'READ.ME', 'iso9660')).toBe('hello')
    expect(damages(image)).toEqual([])
  })

  test('whose chunks stand in another order', async () => {
    const tracks: NeroTrack[] = [{ mode: 5, stride: 2352, pause: new Uint8Array(0), data: raw, address: 0 }]
    const image = await openBytes(buildNero([tracks], { isWide, order: ['SINF', 'MTYP', 'CDTX', 'DAO', 'CUE'] }), {
      name,
    })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
  })

  test('whose chunks are cut says that tracks may be missing', async () => {
    const tracks: NeroTrack[] = [
      { mode: 5, stride: 2352, pause: new Uint8Array(0), data: raw, address: 0 },
      { mode: 7, stride: 2352, pause: new Uint8Array(0), data: samples(10), address: count },
    ]
    const image = await openBytes(buildNero([tracks], { isWide, cutTracks: 20 }), { name })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(damages(image)).toContain('DISC_METADATA_DAMAGED')
  })

  test('whose track goes on behind the file’s end says what is missing', async () => {
    const tracks: NeroTrack[] = [
      { mode: 5, stride: 2352, pause: new Uint8Array(0), data: raw, address: 0, missing: 50 },
    ]
    const image = await openBytes(buildNero([tracks], { isWide }), { name })
    const table = await image.view('tracks').readTree()
    expect([table.statusOf(1), table.byteLengthOf(1)]).toEqual(['partial', (count + 50) * SECTOR])
  })
})

test('the chunk of the oldest images, track by track, is read', async () => {
  const image = await openBytes(
    buildNero([[{ mode: 0, stride: 2048, pause: new Uint8Array(0), data: iso.bytes, address: 0 }]], {
      isWide: false,
      isAtOnce: false,
      isOldest: true,
    }),
    { name },
  )
  expect(await contentOf(image, 'READ.ME')).toBe('hello')
  expect(await pathsOf(image, 'tracks')).toEqual(['Track 01.iso'])
})

describe('a Nero image without its end', () => {
  const cut = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.byteLength - 30)

  test.each([
    ['blocks', 0, 2048, iso.bytes],
    ['raw sectors', 5, 2352, raw],
  ])('of %s is read behind the pause that it begins with, and that is damage', async (_, mode, stride, data) => {
    const pause = stride === 2048 ? new Uint8Array(150 * stride) : sectors(new Uint8Array(150 * SECTOR), -150)
    const whole = buildNero([[{ mode, stride, pause, data, address: 0 }]], { isWide: true })
    const image = await openBytes(cut(whole), { name })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(damages(image)).toContain('DISC_METADATA_DAMAGED')
  })

  test('that is no such image at all is not taken for one', async () => {
    await expect(openBytes(text('nothing of the kind'.repeat(50_000)), { name })).rejects.toThrow(/not a disc image/)
  })
})
