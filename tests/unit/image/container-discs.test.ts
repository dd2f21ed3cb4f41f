import { describe, expect, test } from 'vitest'
import { parseToc } from '../../../src-main/image/containers/toc/cdrdao-toc'
import { parseCueSheet } from '../../../src-main/image/containers/cue/cue-sheet'
import { parseGdi } from '../../../src-main/image/containers/gdi/gdi-sheet'
import { sessionGap } from '../../../src-main/image/containers/disc/track-address'
import type { DiscImage } from '../../../src-main/image'
import { samples, sectors, SESSION_GAP, time } from '../../images/cd-sectors'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'
import { codes, contentOf, damages, openBytes, pathsOf, readAll, siblings } from '../../images/open-bytes'

const ascii = (value: string): Uint8Array => text(value)
const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255]
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(Math.floor(value / 65536))]
const u32be = (value: number): number[] => u32(value).toReversed()
const u64be = (value: number): number[] => [...u32be(Math.floor(value / 2 ** 32)), ...u32be(value % 2 ** 32)]

const one = buildIso([{ name: 'OLD.TXT;1', data: 'in the first session' }])
const oneLength = one.bytes.byteLength / SECTOR
const second = oneLength + SESSION_GAP
/** A later session names files of the first by the disc's own blocks. */
const two = buildIso(
  [
    { name: 'NEW.TXT;1', data: 'in the second session' },
    { name: 'OLD.TXT;1', location: one.blockOf('OLD.TXT;1'), byteLength: 20 },
  ],
  { firstBlock: second },
)
const both = { 'OLD.TXT': 'in the first session', 'NEW.TXT': 'in the second session' }

async function expectBoth(image: DiscImage): Promise<void> {
  for (const [path, content] of Object.entries(both)) expect(await contentOf(image, path, 'iso9660')).toBe(content)
  expect((await image.view('iso9660').lookup('OLD.TXT'))?.entry.status).toBe('complete')
  expect(await pathsOf(image, 'iso9660@1')).toEqual(['OLD.TXT'])
}

/** Nero’s chunks behind the data: sessions of [mode, stride, sectors, address]. */
function nero(sessions: [number, number, Uint8Array, number | null][][], isWide: boolean, asTime = false): Uint8Array {
  let data: Uint8Array = new Uint8Array(0)
  const chunks: Uint8Array[] = []
  const chunk = (id: string, body: Uint8Array): number => chunks.push(concat(ascii(id), u32be(body.byteLength), body))
  const number = (value: number): number[] => (isWide ? u64be(value) : u32be(value))
  let track = 0
  for (const tracks of sessions) {
    const cue: number[] = []
    const dao: number[] = []
    for (const [mode, stride, bytes, address] of tracks) {
      const start = data.byteLength
      data = concat(data, bytes)
      track++
      const place = (address ?? 0) + 150
      if (address !== null)
        cue.push(
          ...[0x41, track, 1, 0],
          ...(asTime ? [0, bcd(place / 4500), bcd((place / 75) % 60), bcd(place % 75)] : u32be(address)),
        )
      dao.push(...Array.from({ length: 12 }, () => 0), stride >> 8, stride & 255, mode, 0, 0, 1)
      dao.push(...number(start), ...number(start), ...number(data.byteLength))
    }
    if (cue.length > 0) chunk(isWide ? 'CUEX' : 'CUES', Uint8Array.from(cue))
    chunk(isWide ? 'DAOX' : 'DAOI', concat(new Uint8Array(20), [track - tracks.length + 1, track], dao))
  }
  chunk('END!', new Uint8Array(0))
  const end = isWide ? concat(ascii('NER5'), u64be(data.byteLength)) : concat(ascii('NERO'), u32be(data.byteLength))
  return concat(data, ...chunks, end)
}

function bcd(value: number): number {
  const whole = Math.floor(value)
  return (Math.floor(whole / 10) << 4) | (whole % 10)
}

describe('two sessions', () => {
  test('lie 11 400 sectors apart, later ones 6900 (Orange Book)', () => {
    expect([sessionGap(1), sessionGap(2), sessionGap(3)]).toEqual([11_400, 6900, 6900])
  })

  const parts = { '1.bin': sectors(one.bytes), '2.bin': sectors(two.bytes, second) }
  test.each([
    [
      'with the lengths that redump gives',
      'REM LEAD-OUT 01:30:00\nREM SESSION 02\nREM LEAD-IN 01:00:00\nREM PREGAP 00:02:00\n',
    ],
    ['without them', 'REM SESSION 02\n'],
  ])('a cue sheet, a file for each, %s', async (_, between) => {
    const sheet = `REM SESSION 01\nFILE "1.bin" BINARY\n  TRACK 01 MODE1/2352\n    INDEX 01 00:00:00\n${between}FILE "2.bin" BINARY\n  TRACK 02 MODE1/2352\n    INDEX 01 00:00:00\n`
    const image = await openBytes(ascii(sheet), { name: 'x.cue', ...siblings(parts) })
    await expectBoth(image)
    expect(codes(image)).toEqual(['MORE_SESSIONS'])
  })

  test('a cue sheet with blocks of 2048 bytes, where only the volume tells its place', async () => {
    const moved = buildIso([{ name: 'NEW.TXT;1', data: 'moved' }], { firstBlock: oneLength + 12_000 })
    const sheet =
      'FILE 1.iso BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\nREM SESSION 2\nFILE 2.iso BINARY\nTRACK 02 MODE1/2048\nINDEX 01 00:00:00\n'
    const image = await openBytes(ascii(sheet), {
      name: 'x.cue',
      ...siblings({ '1.iso': one.bytes, '2.iso': moved.bytes }),
    })
    expect(await contentOf(image, 'NEW.TXT', 'iso9660')).toBe('moved')
    expect(await contentOf(image, 'OLD.TXT', 'iso9660@1')).toBe('in the first session')
    expect(codes(image)).toContain('TRACK_PLACE_FROM_CONTENT')
  })

  test.each([
    ['with addresses', true, second, false],
    ['of 32 bits, with addresses as numbers', false, second, false],
    ['of 32 bits, with addresses as times', false, second, true],
    ['without addresses', true, null, false],
  ])('a Nero image %s', async (_, isWide, address, asTime) => {
    const start = address === null ? null : 0
    const bytes = nero(
      [[[5, 2352, sectors(one.bytes), start]], [[5, 2352, sectors(two.bytes, second), address]]],
      isWide,
      asTime,
    )
    await expectBoth(await openBytes(bytes, { name: 'x.nrg' }))
  })

  test('the second one alone: what the first holds is lost', async () => {
    for (const bytes of [two.bytes, sectors(two.bytes, second)]) {
      const image = await openBytes(bytes, { name: 'two.bin' })
      expect(codes(image)).toContain('EARLIER_SESSION_MISSING')
      expect(await contentOf(image, 'NEW.TXT')).toBe('in the second session')
      const old = await image.view('iso9660').lookup('OLD.TXT')
      expect(old?.entry.status).toBe('lost')
      expect((await readAll(old?.content)).byteLength).toBe(0)
    }
  })
})

describe('CloneCD', () => {
  const data = buildIso([{ name: 'READ.ME;1', data: 'extra' }], { firstBlock: 20 + SESSION_GAP })
  const entries: [session: number, point: number, control: number, address: number][] = [
    [1, 0xa2, 0, 20],
    [1, 1, 0, 0],
    [1, 2, 0, 10],
    [2, 0xa2, 4, 20 + SESSION_GAP + data.bytes.byteLength / SECTOR],
    [2, 3, 4, 20 + SESSION_GAP],
  ]
  const ccd = `[CloneCD]\nVersion=3\n${entries
    .map(
      ([session, point, control, address], index) =>
        `[Entry ${index}]\nSession=${session}\nPoint=0x${point.toString(16)}\nControl=0x0${control}\nPLBA=${address}\n`,
    )
    .join('')}`
  const sound = samples(20)

  test('a CD-Extra: tracks lie in the image one behind the other, without the gap', async () => {
    const img = concat(sound, sectors(data.bytes, 20 + SESSION_GAP))
    const image = await openBytes(ascii(ccd), { name: 'x.ccd', ...siblings({ 'x.img': img }) })
    expect(await contentOf(image, 'READ.ME')).toBe('extra')
    for (const [track, from] of [
      [1, 0],
      [2, 10],
    ] as const) {
      const wav = await readAll((await image.view('tracks').lookup(`Track 0${track}.wav`))?.content)
      expect(Buffer.compare(wav.subarray(44), sound.subarray(from * 2352, (from + 10) * 2352))).toBe(0)
    }
  })

  test('an image that holds the gap as well', async () => {
    const img = concat(sound, new Uint8Array(SESSION_GAP * 2352), sectors(data.bytes, 20 + SESSION_GAP))
    const image = await openBytes(ascii(ccd), { name: 'x.ccd', ...siblings({ 'x.img': img }) })
    expect(await contentOf(image, 'READ.ME')).toBe('extra')
  })

  test('a track that the image is too short for is partial', async () => {
    const image = await openBytes(ascii(ccd), { name: 'x.ccd', ...siblings({ 'x.img': sound.subarray(0, 15 * 2352) }) })
    const table = await image.view('tracks').readTree()
    expect([1, 2, 3].map((index) => table.statusOf(index))).toEqual(['complete', 'partial', 'lost'])
    expect(table.byteLengthOf(2)).toBe(44 + 10 * 2352)
  })

  test('convert makes of it what any reader opens, and says that sound is left out', async () => {
    const img = concat(sound, sectors(data.bytes, 20 + SESSION_GAP))
    const image = await openBytes(ascii(ccd), { name: 'x.ccd', ...siblings({ 'x.img': img }) })
    const plain = await image.plain()
    expect(plain.leftOut.map(({ message }) => message)).toEqual(['2 audio tracks'])
    const again = await openBytes(await readAll(plain.blocks), { name: 'x.iso' })
    expect(await contentOf(again, 'READ.ME')).toBe('extra')
    expect(again.diagnostics.filter(({ severity }) => severity !== 'note')).toEqual([])
  })
})

describe('volumes in other tracks than the first', () => {
  test('behind a blank data track', async () => {
    const blank = new Uint8Array(300 * SECTOR)
    const data = buildIso([{ name: 'GAME;1', data: 'g' }], { firstBlock: 300 })
    const sheet = `FILE x.bin BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 MODE1/2352\nINDEX 01 ${time(300)}\n`
    const bin = concat(sectors(blank), sectors(data.bytes, 300))
    const image = await openBytes(ascii(sheet), { name: 'x.cue', ...siblings({ 'x.bin': bin }) })
    expect(await contentOf(image, 'GAME')).toBe('g')
    const again = await openBytes(await readAll((await image.plain()).blocks), { name: 'x.iso' })
    expect(await contentOf(again, 'GAME')).toBe('g')
  })

  test('one that counts from itself', async () => {
    const sheet = `FILE x.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 MODE1/2352\nINDEX 01 ${time(10)}\n`
    const bin = concat(samples(10), sectors(one.bytes, 10))
    const image = await openBytes(ascii(sheet), { name: 'x.cue', ...siblings({ 'x.bin': bin }) })
    expect(await contentOf(image, 'OLD.TXT')).toBe(both['OLD.TXT'])
    expect(Buffer.compare(await readAll((await image.plain()).blocks), one.bytes)).toBe(0)
  })

  test('the high-density area of a GD-ROM, in both kinds of sheet', async () => {
    const high = buildIso([{ name: '1ST_READ.BIN;1', data: 'high' }], { firstBlock: 45_000 })
    const files = { 'a 1.bin': sectors(one.bytes), 'a 2.bin': samples(300), 'a 3.bin': sectors(high.bytes, 45_000) }
    const cue =
      'REM SINGLE-DENSITY AREA\nFILE "a 1.bin" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nFILE "a 2.bin" BINARY\nTRACK 02 AUDIO\nINDEX 00 00:00:00\nINDEX 01 00:02:00\nREM HIGH-DENSITY AREA\nFILE "a 3.bin" BINARY\nTRACK 03 MODE1/2352\nINDEX 01 00:00:00\n'
    const gdi = '3\r\n1 0 4 2352 "a 1.bin" 0\r\n2 450 0 2352 "a 2.bin" 0\r\n3 45000 4 2352 "a 3.bin" 0\r\n'
    for (const [name, sheet] of [
      ['x.cue', cue],
      ['x.gdi', gdi],
    ] as const) {
      const image = await openBytes(ascii(sheet), { name, ...siblings(files) })
      expect(image.info.containers[0]).toBe(name.slice(2))
      expect(await contentOf(image, '1ST_READ.BIN')).toBe('high')
      expect(await contentOf(image, 'OLD.TXT', 'iso9660@1')).toBe(both['OLD.TXT'])
    }
  })
})

describe('how cue sheets name things', () => {
  const bin = sectors(one.bytes)
  const sheet = (file: string): string => `${file}\r\n  TRACK 01 MODE1/2352\r\n    INDEX 01 00:00:00\r\n`

  test.each([
    ['without quotation marks, up to the last word', 'FILE my game disc.bin BINARY', 'my game disc.bin'],
    ['below the sheet’s folder', 'FILE "img/game.bin" BINARY', 'img/game.bin'],
    ['below it, as Windows writes it', 'FILE ".\\img\\game.bin" BINARY', 'img/game.bin'],
    ['in a folder that is not there, beside the sheet', 'FILE "D:\\dumps\\game.bin" BINARY', 'game.bin'],
    ['outside of it, beside the sheet all the same', 'FILE "../game.bin" BINARY', 'game.bin'],
  ])('%s', async (_, line, place) => {
    const image = await openBytes(ascii(sheet(line)), { name: 'x.cue', ...siblings({ [place]: bin }) })
    expect(await contentOf(image, 'OLD.TXT')).toBe(both['OLD.TXT'])
  })

  test.each([
    ['UTF-16LE', 'utf16le'],
    ['UTF-16BE', 'utf16be'],
    ['UTF-16LE without its mark', 'bare'],
    ['UTF-8 with its mark', 'utf8'],
  ])('in %s', async (_, encoding) => {
    const line = sheet('FILE "spiele für heute.bin" BINARY')
    const marked = `\uFEFF${line}`
    const little = Buffer.from(encoding === 'bare' ? line : marked, 'utf16le')
    const bytes = encoding === 'utf8' ? Buffer.from(marked) : encoding === 'utf16be' ? little.swap16() : little
    const image = await openBytes(Uint8Array.from(bytes), {
      name: 'x.cue',
      ...siblings({ 'spiele für heute.bin': bin }),
    })
    expect(await contentOf(image, 'OLD.TXT')).toBe(both['OLD.TXT'])
  })

  test('a file that is missing is told, and the others are read', async () => {
    const all = `${sheet('FILE 1.bin BINARY')}FILE 2.wav WAVE\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n`
    const image = await openBytes(ascii(all), { name: 'x.cue', ...siblings({ '1.bin': bin }) })
    expect(await contentOf(image, 'OLD.TXT')).toBe(both['OLD.TXT'])
    expect(image.diagnostics.find(({ code }) => code === 'TRACK_FILE_MISSING')?.message).toContain('2.wav')
  })

  test.each([
    ['MODE1/2352', one.bytes, 2048],
    ['MODE2/2336', one.bytes, 2048],
    ['MODE1/2048', bin, 2352],
    ['AUDIO', bin, 2352],
  ])('the mode %s is wrong: the bytes are believed, and that is said', async (mode, bytes, stride) => {
    const line = `FILE x.bin BINARY\nTRACK 01 ${mode}\nINDEX 01 00:00:00\n`
    const image = await openBytes(ascii(line), { name: 'x.cue', ...siblings({ 'x.bin': bytes }) })
    expect(await contentOf(image, 'OLD.TXT')).toBe(both['OLD.TXT'])
    expect(image.diagnostics.find(({ code }) => code === 'SECTOR_MODE_WRONG')?.message).toContain(`${stride} bytes`)
  })

  test('pauses: PREGAP, POSTGAP and index 0 in the file before', () => {
    const tracks = parseCueSheet(
      'FILE a.wav WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nPOSTGAP 00:01:00\nTRACK 02 AUDIO\nINDEX 00 03:00:00\nFILE b.wav WAVE\nINDEX 01 00:00:00\n',
    )
    expect(tracks.map(({ file, pregapFile, postgap }) => [file, pregapFile, postgap])).toEqual([
      ['a.wav', 'a.wav', 75],
      ['b.wav', 'a.wav', 0],
    ])
  })
})

describe('a cue sheet', () => {
  const raw = sectors(one.bytes)
  const open = (sheet: Uint8Array, name = 'a.bin', bytes = raw): Promise<DiscImage> =>
    openBytes(sheet, { name: 'x.cue', ...siblings({ [name]: bytes }) })
  const data = (mode: string, name = 'a.bin'): string => `FILE "${name}" BINARY\nTRACK 01 ${mode}\nINDEX 01 00:00:00\n`

  test('whose track begins behind the end of its file says what is missing', async () => {
    const image = await open(ascii(`${data('MODE1/2352')}TRACK 02 AUDIO\nINDEX 01 10:00:00\n`))
    expect(damages(image)).toEqual(['TRACK_CUT_SHORT', 'TRACK_PAST_END'])
    const table = await image.view('tracks').readTree()
    expect([1, 2].map((index) => table.statusOf(index))).toEqual(['partial', 'lost'])
  })

  test('that names another mode than the sectors do is wrong, and the sectors are believed', async () => {
    expect(codes(await open(ascii(data('MODE1/2352'))))).toEqual([])
    const image = await open(ascii(data('MODE2/2352')))
    expect(codes(image)).toEqual(['SECTOR_MODE_WRONG'])
    expect(await contentOf(image, 'OLD.TXT')).toBe('in the first session')
  })

  test('in UTF-16 without a mark opens, also where names are hardly ASCII', async () => {
    const name = 'ゲームのディスクイメージその一.bin'
    const image = await open(Buffer.from(data('MODE1/2352', name), 'utf16le'), name)
    expect(await contentOf(image, 'OLD.TXT')).toBe('in the first session')
  })

  test('of a disc that is not read says by name what it is', async () => {
    const disc = new Uint8Array(20 * SECTOR)
    disc.set(ascii('\x01CD-I \x01'), 16 * SECTOR)
    const image = await open(ascii(data('CDI/2352')), 'a.bin', sectors(disc, 0, 2))
    expect(image.diagnostics).toEqual([
      expect.objectContaining({ code: 'TRACK_NOT_READ', message: expect.stringContaining('CD-i') as string }),
    ])
  })
})

describe('sound files', () => {
  const pcm = samples(150)
  const chunk = (id: string, body: Uint8Array, length = body.byteLength): Uint8Array =>
    concat(ascii(id), u32(length), body, new Uint8Array(body.byteLength % 2))
  const format = concat(u16(1), u16(2), u32(44_100), u32(176_400), u16(4), u16(16))
  const riff = (id: string, ...chunks: Uint8Array[]): Uint8Array => {
    const body = concat(...chunks)
    return concat(ascii(id), u32(4 + body.byteLength), ascii('WAVE'), body)
  }
  const swapped = Uint8Array.from(Buffer.from(pcm).swap16())
  const chunkBe = (id: string, body: Uint8Array): Uint8Array =>
    concat(ascii(id), u32be(body.byteLength), body, new Uint8Array(body.byteLength % 2))
  const rate = [0x40, 0x0e, 0xac, 0x44, 0, 0, 0, 0, 0, 0]
  const comm = concat([0, 2], u32be(pcm.byteLength / 4), [0, 16], rate)
  const aiff = (kind: string, common: Uint8Array, data: Uint8Array): Uint8Array => {
    const body = concat(
      ascii(kind),
      chunkBe('COMM', common),
      chunkBe('NAME', ascii('odd')),
      chunkBe('SSND', concat(new Uint8Array(8), data)),
    )
    return concat(ascii('FORM'), u32be(body.byteLength), body)
  }

  test.each<[string, string, Uint8Array]>([
    ['plain WAVE', 'WAVE', riff('RIFF', chunk('fmt ', format), chunk('data', pcm))],
    [
      'a format of 18 bytes and a LIST of odd length',
      'WAVE',
      riff('RIFF', chunk('fmt ', concat(format, [0, 0])), chunk('LIST', new Uint8Array(25)), chunk('data', pcm)),
    ],
    [
      'chunks behind the samples',
      'WAVE',
      riff('RIFF', chunk('fmt ', format), chunk('data', pcm), chunk('id3 ', new Uint8Array(6001))),
    ],
    [
      'RF64',
      'WAVE',
      riff(
        'RF64',
        chunk('ds64', concat(new Uint8Array(8), u32(pcm.byteLength), new Uint8Array(16))),
        chunk('fmt ', format),
        chunk('data', pcm, 0xffffffff),
        chunk('LIST', new Uint8Array(40)),
      ),
    ],
    ['a length that was never filled in', 'WAVE', riff('RIFF', chunk('fmt ', format), chunk('data', pcm, 0))],
    ['WAVE that is called BINARY', 'BINARY', riff('RIFF', chunk('fmt ', format), chunk('data', pcm))],
    ['MOTOROLA', 'MOTOROLA', swapped],
    ['AIFF', 'AIFF', aiff('AIFF', comm, swapped)],
    ['AIFF-C, little-endian', 'AIFF', aiff('AIFC', concat(comm, ascii('sowt'), [0, 0]), pcm)],
    ['bare samples', 'BINARY', pcm],
  ])('%s', async (_, type, bytes) => {
    const sheet = `FILE "a.snd" ${type}\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n`
    const image = await openBytes(ascii(sheet), { name: 'x.cue', ...siblings({ 'a.snd': bytes }) })
    const wav = await readAll((await image.view('tracks').lookup('Track 01.wav'))?.content)
    expect(wav.byteLength).toBe(44 + pcm.byteLength)
    expect(Buffer.compare(wav.subarray(44), pcm)).toBe(0)
  })

  test.each([
    ['a.flac', 'WAVE', concat(ascii('fLaC'), new Uint8Array(5000).fill(3))],
    ['a.mp3', 'MP3', concat([0xff, 0xfb], new Uint8Array(5000).fill(3))],
    ['a.ape', 'WAVE', concat(ascii('MAC '), new Uint8Array(5000).fill(3))],
    [
      'a.wav',
      'WAVE',
      riff(
        'RIFF',
        chunk('fmt ', concat(u16(1), u16(1), u32(22_050), u32(44_100), u16(2), u16(16))),
        chunk('data', pcm),
      ),
    ],
  ])('%s is not samples of a CD: it is given as it is', async (name, type, bytes) => {
    const sheet = `FILE "${name}" ${type}\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 00:01:00\n`
    const image = await openBytes(ascii(sheet), { name: 'x.cue', ...siblings({ [name]: bytes }) })
    expect(await pathsOf(image, 'tracks')).toEqual([`Track 01.${name.slice(2)}`])
    const [path = ''] = await pathsOf(image, 'tracks')
    expect(Buffer.compare(await readAll((await image.view('tracks').lookup(path))?.content), bytes)).toBe(0)
    expect(codes(image)).toContain('SOUND_NOT_SAMPLES')
  })

  test.each([
    ['cut within its samples', riff('RIFF', chunk('fmt ', format), chunk('data', pcm)).subarray(0, 60_000)],
    ['cut before them', riff('RIFF', chunk('fmt ', format), chunk('data', pcm)).subarray(0, 36)],
    ['AIFF that is cut', aiff('AIFF', comm, swapped).subarray(0, 60_000)],
  ])('a sound file %s is damage', async (_, bytes) => {
    const sheet = 'FILE "a.snd" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n'
    const image = await openBytes(ascii(sheet), { name: 'x.cue', ...siblings({ 'a.snd': bytes }) })
    expect(damages(image)).toContain('SOUND_CUT_SHORT')
    expect((await image.view('tracks').readTree()).statusOf(1)).toBe(bytes.byteLength < 100 ? 'lost' : 'partial')
  })

  test('a disc of sound alone has nothing to convert', async () => {
    const sheet = 'FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n'
    const image = await openBytes(ascii(sheet), { name: 'x.cue', ...siblings({ 'a.bin': pcm }) })
    await expect(image.plain()).rejects.toMatchObject({ code: 'NOTHING_READABLE' })
  })
})

describe('cdrdao', () => {
  test('names with bytes in octal are the files’', () => {
    const file = (name: string): string | null | undefined =>
      parseToc(`CD_DA TRACK MODE1_RAW DATAFILE "${name}"`)[0]?.parts[0]?.file
    expect(file('a\\040b \\"c\\".bin')).toBe('a b "c".bin')
    expect(file('caf\\303\\251.bin')).toBe('café.bin')
    expect(file('caf\\351.bin')).toBe('café.bin')
  })

  const toc = `CD_ROM_XA
// comment with "TRACK AUDIO" in it
CD_TEXT { LANGUAGE 0 { TITLE "TRACK MODE1" } }
TRACK MODE1_RAW
NO COPY
DATAFILE "x.bin" ${time(oneLength)} // length in bytes: 1
TRACK AUDIO
SILENCE 00:02:00
START 00:02:00
FILE "x.bin" #${oneLength * 2352} 0 ${time(10)}
TRACK AUDIO
AUDIOFILE "b.wav" 588 00:00:05
`

  test('tracks, pauses and places', async () => {
    const big = Uint8Array.from(Buffer.from(samples(10)).swap16())
    const wav = concat(
      ascii('RIFF'),
      u32(36 + 23_520),
      ascii('WAVEfmt '),
      u32(16),
      u16(1),
      u16(2),
      u32(44_100),
      u32(176_400),
      u16(4),
      u16(16),
      ascii('data'),
      u32(23_520),
      samples(10, 2),
    )
    const files = { 'x.bin': concat(sectors(one.bytes), big), 'b.wav': wav }
    const image = await openBytes(ascii(toc), { name: 'x.toc', ...siblings(files) })
    expect(image.info.containers).toEqual(['toc', 'raw-2352'])
    expect(await contentOf(image, 'OLD.TXT')).toBe(both['OLD.TXT'])
    const track = async (number: number): Promise<Uint8Array> =>
      (await readAll((await image.view('tracks').lookup(`Track 0${number}.wav`))?.content)).subarray(44)
    // Bare samples have their high byte first in such a sheet; the pause is no part of the track.
    expect(Buffer.compare(await track(2), samples(10))).toBe(0)
    expect(Buffer.compare(await track(3), samples(10, 2).subarray(2352, 6 * 2352))).toBe(0)
  })

  test('what is none', () => {
    expect(parseToc('FILE "a.bin" BINARY\nTRACK 01 AUDIO\n')).toEqual([])
    expect(parseToc('CD_DA\n')).toEqual([])
    expect(parseGdi('3\nhello\n')).toEqual([])
    expect(parseGdi('1\n1 0 4 999 x.bin 0\n')).toEqual([])
  })
})
