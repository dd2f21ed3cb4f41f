import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { WavSource } from '../../../src-main/image/containers/disc/tracks-view'
import { MemoryByteSource } from '../../../src-main/image'
import { samples, sectors, time } from '../../images/cd-sectors'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'
import { buildMds } from '../../images/mds-builder'
import { damages, openBytes, readAll, siblings } from '../../images/open-bytes'

const iso = buildIso([{ name: 'READ.ME;1', data: 'hello' }])
const count = iso.bytes.byteLength / SECTOR
const data = sectors(iso.bytes)
const sound = samples(20)
const wav = await readAll(new WavSource(new MemoryByteSource(sound)))

async function tracksOf(image: DiscImage): Promise<[string, number, string][]> {
  const table = await image.view('tracks').readTree()
  return Array.from({ length: table.length - 1 }, (_, at) => [
    table.nameOf(at + 1),
    table.byteLengthOf(at + 1),
    table.statusOf(at + 1),
  ])
}

const whole = ['Track 01.iso', count * SECTOR, 'complete'] as const
const second = (sectorCount: number, status: string): [string, number, string] => [
  'Track 02.wav',
  44 + sectorCount * 2352,
  status,
]

describe('a track that its file is too short for', () => {
  const ccd = (lead: string): string =>
    `[CloneCD]\r\n${[
      [1, 0, 4],
      [2, count, 0],
      [0xa2, count + 20, 0],
    ]
      .map(
        ([point, place, control], at) =>
          `[Entry ${at}]\r\nSession=1\r\nPoint=${point}\r\nControl=${control}\r\nPLBA=${place}\r\n`,
      )
      .join('')}${lead}`
  const mds = buildMds([
    [
      { number: 1, mode: 0xaa, stride: 2352, start: 0, length: count, byteOffset: 0 },
      { number: 2, mode: 0xa9, stride: 2352, start: count, length: 20, byteOffset: count * 2352 },
    ],
  ])
  const cue = `FILE "x.img" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 ${time(count)}\nTRACK 03 AUDIO\nINDEX 01 ${time(count + 20)}\n`

  test.each([
    ['CloneCD', 'x.ccd', text(ccd(''))],
    ['Alcohol', 'x.mds', mds],
  ])('%s: is partial, and the disc is damaged', async (_, name, sheet) => {
    const open = (bytes: Uint8Array): Promise<DiscImage> => {
      const image = concat(data, bytes)
      return openBytes(sheet, { name, ...siblings({ 'x.img': image, 'x.mdf': image }) })
    }
    const sound2 = await open(sound)
    expect([damages(sound2), await tracksOf(sound2)]).toEqual([[], [whole, second(20, 'complete')]])
    const cut = await open(sound.subarray(0, 7 * 2352))
    expect([damages(cut), await tracksOf(cut)]).toEqual([['TRACK_CUT_SHORT'], [whole, second(20, 'partial')]])
    const none = await open(new Uint8Array(0))
    expect([damages(none), await tracksOf(none)]).toEqual([['TRACK_PAST_END'], [whole, second(20, 'lost')]])
    // The files lie in the other track.
    expect(none.damage).toEqual([])
  })

  test('a cue sheet: where the next track begins tells how long it is', async () => {
    const image = await openBytes(text(cue), {
      name: 'x.cue',
      ...siblings({ 'x.img': concat(data, sound.subarray(0, 7 * 2352)) }),
    })
    expect(damages(image)).toEqual(['TRACK_CUT_SHORT', 'TRACK_PAST_END'])
    expect(await tracksOf(image)).toEqual([whole, second(20, 'partial'), ['Track 03.wav', 44, 'lost']])
  })

  test.each([
    ['cut', wav.subarray(0, 44 + 7 * 2352), 20, 'partial'],
    ['whole', wav, 20, 'complete'],
    [
      'with the length left open',
      concat(wav.subarray(0, 40), [255, 255, 255, 255], wav.subarray(44, 44 + 7 * 2352)),
      7,
      'complete',
    ],
  ])('a WAVE that is %s', async (_, file, length, status) => {
    const sheet = `FILE "x.img" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nFILE "a.wav" WAVE\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n`
    const image = await openBytes(text(sheet), { name: 'x.cue', ...siblings({ 'x.img': data, 'a.wav': file }) })
    expect(await tracksOf(image)).toEqual([whole, second(length, status)])
    expect(damages(image)).toEqual(status === 'complete' ? [] : ['SOUND_CUT_SHORT', 'TRACK_CUT_SHORT'])
  })

  test('a sound file in another format that is cut is given as it is, and is partial', async () => {
    const mono = Uint8Array.from(wav)
    mono[22] = 1
    const sheet = `FILE "a.wav" WAVE\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n`
    const open = (file: Uint8Array): Promise<DiscImage> =>
      openBytes(text(sheet), { name: 'x.cue', ...siblings({ 'a.wav': file }) })
    expect(await tracksOf(await open(mono))).toEqual([['Track 01.wav', mono.byteLength, 'complete']])
    const cut = await open(mono.subarray(0, 5000))
    expect(await tracksOf(cut)).toEqual([['Track 01.wav', mono.byteLength, 'partial']])
    expect(damages(cut)).toEqual(['SOUND_CUT_SHORT'])
  })

  const toc = (part: string): string =>
    `CD_ROM\nTRACK MODE1_RAW\nDATAFILE "x.img" ${time(count)}\nTRACK AUDIO\n${part}\n`
  test.each([
    ['that asks for more than a file has', 'AUDIOFILE "a.wav" 0 00:00:50', second(50, 'partial'), 'TRACK_CUT_SHORT'],
    ['that begins behind its end', 'AUDIOFILE "a.wav" 00:09:00 00:00:50', second(50, 'lost'), 'TRACK_PAST_END'],
    [
      'whose first part is short',
      'AUDIOFILE "a.wav" 0 00:00:30\nSILENCE 00:00:10',
      second(40, 'partial'),
      'TRACK_CUT_SHORT',
    ],
    ['that asks for what is there', 'AUDIOFILE "a.wav" 0 00:00:20\nSILENCE 00:00:10', second(30, 'complete'), null],
    ['that asks for all', 'AUDIOFILE "a.wav" 0', second(20, 'complete'), null],
  ])('a table of cdrdao %s', async (_, part, track, code) => {
    const image = await openBytes(text(toc(part)), { name: 'x.toc', ...siblings({ 'x.img': data, 'a.wav': wav }) })
    expect([damages(image), await tracksOf(image)]).toEqual([code === null ? [] : [code], [whole, track]])
  })

  test.each([
    ['holds no sector', sound.subarray(0, 1000), second(0, 'lost'), ['TRACK_PAST_END']],
    ['ends long before the next', sound, second(375, 'partial'), ['TRACK_CUT_SHORT']],
  ])('a sheet of a GD-ROM, whose file %s', async (_, file, track, found) => {
    const gdi = `3\n1 0 4 2352 1.bin 0\n2 600 0 2352 2.raw 0\n3 1200 0 2352 3.raw 0\n`
    const image = await openBytes(text(gdi), {
      name: 'd.gdi',
      ...siblings({ '1.bin': data, '2.raw': file, '3.raw': sound }),
    })
    expect(damages(image)).toEqual(found)
    expect((await tracksOf(image)).slice(0, 2)).toEqual([whole, file === sound ? track : second(375, 'lost')])
  })
})
