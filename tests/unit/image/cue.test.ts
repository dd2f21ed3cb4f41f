import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { parseCueSheet } from '../../../src-main/image/containers/cue/cue-sheet'
import { samples, sectors, time } from '../../images/cd-sectors'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'
import { mayBeText } from '../../../src-main/image/containers/disc/sheet-text'
import { codes, contentOf, damages, openBytes, readAll, siblings } from '../../images/open-bytes'

const iso = buildIso([{ name: 'READ.ME;1', data: 'hello' }])
const count = iso.bytes.byteLength / SECTOR
const raw = sectors(iso.bytes)
const sound = samples(10)

function open(sheet: string | Uint8Array, files: Record<string, Uint8Array>): Promise<DiscImage> {
  return openBytes(typeof sheet === 'string' ? text(sheet) : sheet, { name: 'x.cue', ...siblings(files) })
}

async function samplesOf(image: DiscImage, track: string): Promise<Uint8Array> {
  return (await readAll((await image.view('tracks').lookup(track))?.content)).subarray(44)
}

describe('sheets as people have them', () => {
  test.each([
    ['a name with spaces and no type', 'FILE my game disc.bin\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n'],
    ['a quoted name without a type', 'FILE "my game disc.bin"\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n'],
    ['no zeros before numbers', 'FILE "my game disc.bin" BINARY\nTRACK 1 MODE1/2352\nINDEX 1 0:0:0\n'],
    ['index 0 alone', 'FILE "my game disc.bin" BINARY\nTRACK 01 MODE1/2352\nINDEX 00 00:00:00\n'],
    ['no index', 'FILE "my game disc.bin" BINARY\nTRACK 01 MODE1/2352\n'],
    ['apostrophes around the name', "FILE 'my game disc.bin' BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n"],
  ])('%s', async (_, sheet) => {
    const image = await open(sheet, { 'my game disc.bin': raw })
    expect(image.info.containers[0]).toBe('cue')
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(codes(image)).toEqual([])
  })

  test('an apostrophe or a type that are a part of the name', () => {
    const fileOf = (line: string): unknown => parseCueSheet(`${line}\nTRACK 01 AUDIO\nINDEX 01 00:00:00\n`)[0]?.file
    expect(fileOf("FILE Don't stop.wav WAVE")).toBe("Don't stop.wav")
    expect(fileOf('FILE great wave.bin')).toBe('great wave.bin')
    expect(fileOf('FILE "a" BINARY')).toBe('a')
  })

  test('a track whose place nothing tells is said to be missing', async () => {
    const sheet = 'FILE a.bin BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\n'
    const image = await open(sheet, { 'a.bin': concat(raw, sound) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(damages(image)).toEqual(['DISC_METADATA_DAMAGED'])
  })

  test.each([
    ['a.wav', 'WAVE', 'a.flac', concat(text('fLaC'), new Uint8Array(100))],
    ['a.ape', 'WAVE', 'a.wav', sound],
  ])('%s, which was packed otherwise later, is %s', async (name, type, file, bytes) => {
    const sheet = `FILE "b.bin" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nFILE "${name}" ${type}\nTRACK 02 AUDIO\nINDEX 01 00:00:00\n`
    const image = await open(sheet, { 'b.bin': raw, [file]: bytes })
    expect(damages(image)).toEqual([])
    expect(await readAll((await image.view('tracks').lookup(`Track 02.${file.slice(2)}`))?.content)).toBeDefined()
  })

  test.each([
    ['latin1', Buffer.from('größe.bin', 'latin1'), 'größe.bin'],
    ['cp1251', Uint8Array.from([0xe8, 0xe3, 0xf0, 0xe0, 0x2e, 0x62, 0x69, 0x6e]), 'игра.bin'],
  ])('a name of few letters in %s', async (_, bytes, file) => {
    const sheet = concat(text('FILE "'), bytes, text('" BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\n'))
    const image = await openBytes(sheet, { name: 'other.cue', ...siblings({ [file]: raw }) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
  })
})

describe('tracks of different sectors in one file', () => {
  test('a pause counts in the sectors of its own track', async () => {
    const sheet = `FILE a.bin BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 ${time(count)}\nINDEX 01 ${time(count + 150)}\n`
    const image = await open(sheet, { 'a.bin': concat(iso.bytes, new Uint8Array(150 * 2352), sound) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(Buffer.compare(await samplesOf(image, 'Track 02.wav'), sound)).toBe(0)
    expect(damages(image)).toEqual([])
  })

  test.each([
    ['a pause', 150, new Uint8Array(150 * 2352), count],
    ['a pause that is not quite silent', 150, samples(150), count],
    ['a part of one', 20, new Uint8Array(20 * 2352), count],
    // Whatever else lost its sync was data.
    ['a few damaged sectors', 3, samples(3), count + 3],
    ['what is longer than any pause', 300, samples(300), count + 300],
  ])('%s between data and sound that no index tells of', async (_, length, between, expected) => {
    const sheet = `FILE a.bin BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 ${time(count + length)}\n`
    const image = await open(sheet, { 'a.bin': concat(raw, between, sound) })
    const table = await image.view('tracks').readTree()
    expect(table.byteLengthOf(1)).toBe(expected * SECTOR)
    expect(Buffer.compare(await samplesOf(image, 'Track 02.wav'), sound)).toBe(0)
  })

  test('a pause between two tracks of sound is played with the first of them', async () => {
    const file = concat(sound, samples(30), sound)
    const first = sound.byteLength / 2352
    const sheet = `FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 00 ${time(first)}\nINDEX 01 ${time(first + 30)}\n`
    const image = await open(sheet, { 'a.bin': file })
    const parts = [await samplesOf(image, 'Track 01.wav'), await samplesOf(image, 'Track 02.wav')]
    expect(Buffer.compare(Buffer.concat(parts), file)).toBe(0)
    expect(parts[1]?.byteLength).toBe(sound.byteLength)
  })

  test('sound in front of the first track is a track of its own, where it is not silence', async () => {
    const sheet = `FILE a.bin BINARY\nTRACK 01 AUDIO\nINDEX 00 00:00:00\nINDEX 01 ${time(40)}\n`
    const hidden = samples(40)
    const image = await open(sheet, { 'a.bin': concat(hidden, sound) })
    expect(Buffer.compare(await samplesOf(image, 'Track 00.wav'), hidden)).toBe(0)
    expect(Buffer.compare(await samplesOf(image, 'Track 01.wav'), sound)).toBe(0)
    const silent = await open(sheet, { 'a.bin': concat(new Uint8Array(40 * 2352), sound) })
    expect((await silent.view('tracks').readTree()).length).toBe(2)
  })

  test('subchannel that the sheet says nothing of stands behind sound as well', async () => {
    const all = concat(raw, sound)
    const sub = Array.from({ length: all.byteLength / 2352 }, (_, at) =>
      concat(all.subarray(at * 2352, (at + 1) * 2352), new Uint8Array(96).fill(255)),
    )
    const sheet = `FILE a.bin BINARY\nTRACK 01 MODE1/2352\nINDEX 01 00:00:00\nTRACK 02 AUDIO\nINDEX 01 ${time(count)}\n`
    const image = await open(sheet, { 'a.bin': concat(...sub) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(Buffer.compare(await samplesOf(image, 'Track 02.wav'), sound)).toBe(0)
  })
})

describe('what may be a sheet', () => {
  test.each([
    ['one in Chinese', Buffer.from('REM 中文说明\r\nFILE "图片.bin" BINARY\r\n'), true],
    ['one in UTF-16', Buffer.from('\ufeffFILE "a.bin" BINARY', 'utf16le'), true],
    ['a formatted floppy', Buffer.alloc(512, 0xf6), false],
  ])('%s', (_, start, isText) => {
    expect(mayBeText(start)).toBe(isText)
  })
})
