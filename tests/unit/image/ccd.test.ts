import { describe, expect, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { samples, sectors, SESSION_GAP } from '../../images/cd-sectors'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'
import { codes, contentOf, damages, openBytes, pathsOf, readAll, siblings } from '../../images/open-bytes'

const iso = buildIso([{ name: 'READ.ME;1', data: 'hello' }])
const count = iso.bytes.byteLength / SECTOR

type Entry = [session: number, point: number, control: number, address: number]

function sheet(entries: readonly Entry[], more = ''): string {
  const all = entries.map(
    ([session, point, control, address], index) =>
      `[Entry ${index}]\r\nSession=${session}\r\nPoint=0x${point.toString(16)}\r\nADR=0x01\r\nControl=0x0${control}\r\nPLBA=${address}\r\n`,
  )
  return `[CloneCD]\r\nVersion=3\r\n${all.join('')}${more}`
}

const lone: Entry[] = [
  [1, 0xa0, 4, 4350],
  [1, 0xa2, 4, count],
  [1, 1, 4, 0],
]

function open(ccd: string, img: Uint8Array, name = 'a'): Promise<DiscImage> {
  return openBytes(text(ccd), { name: `${name}.ccd`, ...siblings({ [`${name}.img`]: img }) })
}

async function lengths(image: DiscImage): Promise<number[]> {
  const table = await image.view('tracks').readTree()
  return Array.from({ length: table.length - 1 }, (_, at) => table.byteLengthOf(at + 1))
}

describe('a sheet of CloneCD', () => {
  const plain = sheet(lone)
  test.each([
    ['as it is written', plain],
    ['in lower case', plain.toLowerCase()],
    ['in upper case', plain.toUpperCase().replaceAll('0X', '0x')],
    ['with spaces and tabs', plain.replaceAll('=', ' =\t').replaceAll('[', '  [ ').replaceAll(']', ' ]')],
    ['with a comment before it', `; made by hand\r\n\r\n${plain}`],
    ['with numbers in hexadecimal', plain.replace('PLBA=0', 'PLBA=0x0').replace('Session=1', 'Session=0x1')],
  ])('%s', async (_, ccd) => {
    const image = await open(ccd, sectors(iso.bytes))
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(codes(image)).toEqual([])
  })

  test('that gives places as minutes, seconds and frames only', async () => {
    const ccd = plain
      .replace(/PLBA=0\r/, 'PMin=0\r\nPSec=2\r\nPFrame=0\r')
      .replace(`PLBA=${count}`, `PMin=0\r\nPSec=${2 + Math.floor(count / 75)}\r\nPFrame=${count % 75}`)
    const image = await open(ccd, sectors(iso.bytes))
    expect(image.info.containers[0]).toBe('ccd')
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(await pathsOf(image, 'tracks')).toEqual(['Track 01.iso'])
  })

  test('with CD-Text and titles', async () => {
    const ccd = sheet(
      lone,
      '[CDText]\r\nEntries=1\r\nEntry 0=80 00 00 00 41 00 00 00 00 00 00 00 00 00 00 00\r\n[TRACK 1]\r\nMODE=1\r\nINDEX 1=0\r\n',
    )
    expect(await contentOf(await open(ccd, sectors(iso.bytes)), 'READ.ME')).toBe('hello')
  })
})

describe('what a sheet of CloneCD stands beside', () => {
  test('sectors with subchannel, or blocks: the bytes are believed', async () => {
    const raw = sectors(iso.bytes)
    const sub = Array.from({ length: count }, (_, at) =>
      concat(raw.subarray(at * 2352, (at + 1) * 2352), new Uint8Array(96)),
    )
    for (const img of [concat(...sub), iso.bytes]) {
      const image = await open(sheet(lone), img)
      expect(await contentOf(image, 'READ.ME')).toBe('hello')
      expect(codes(image)).toContain('SECTOR_MODE_WRONG')
      expect(await lengths(image)).toEqual([iso.bytes.byteLength])
    }
  })

  test('an image under another extension', async () => {
    const image = await openBytes(text(sheet(lone)), { name: 'a.ccd', ...siblings({ 'a.bin': sectors(iso.bytes) }) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
  })

  test('a track that its entry calls sound, and that is data', async () => {
    const image = await open(sheet(lone.map(([a, b, , d]) => [a, b, 0, d])), sectors(iso.bytes))
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(codes(image)).toContain('SECTOR_MODE_WRONG')
  })
})

describe('pauses in a CloneCD image', () => {
  test('of two seconds before sound are no part of the data track', async () => {
    const entries: Entry[] = [
      [1, 0xa2, 0, count + 160],
      [1, 1, 4, 0],
      [1, 2, 0, count + 150],
    ]
    const ccd = sheet(
      entries,
      `[TRACK 1]\r\nMODE=1\r\nINDEX 1=0\r\n[TRACK 2]\r\nMODE=0\r\nINDEX 0=${count}\r\nINDEX 1=${count + 150}\r\n`,
    )
    const image = await open(ccd, concat(sectors(iso.bytes), new Uint8Array(150 * 2352), samples(10)))
    expect(await lengths(image)).toEqual([iso.bytes.byteLength, 44 + 10 * 2352])
  })

  test('sound hidden before the first track does not move the tracks, also where a session follows', async () => {
    const start = 400 + 20 + SESSION_GAP
    const second = buildIso([{ name: 'READ.ME;1', data: 'extra' }], { firstBlock: start })
    const entries: Entry[] = [
      [1, 0xa2, 0, 420],
      [1, 1, 0, 400],
      [1, 2, 0, 410],
      [2, 0xa2, 4, start + second.bytes.byteLength / SECTOR],
      [2, 3, 4, start],
    ]
    const hidden = samples(400, 5)
    const sound = samples(20)
    const image = await open(sheet(entries), concat(hidden, sound, sectors(second.bytes, start)))
    expect(await contentOf(image, 'READ.ME')).toBe('extra')
    const wav = await readAll((await image.view('tracks').lookup('Track 01.wav'))?.content)
    expect(Buffer.compare(wav.subarray(44), sound.subarray(0, 10 * 2352))).toBe(0)
    expect(damages(image)).toEqual([])
  })
})

test('a later session whose pause is in the image is found behind it', async () => {
  const start = count + SESSION_GAP
  const second = buildIso([{ name: 'READ.ME;1', data: 'extra' }], { firstBlock: start })
  const entries: Entry[] = [
    [1, 0xa2, 4, count],
    [1, 1, 4, 0],
    [2, 0xa2, 4, start + second.bytes.byteLength / SECTOR],
    [2, 2, 4, start],
  ]
  const pause = sectors(new Uint8Array(150 * SECTOR), start - 150)
  const image = await open(sheet(entries), concat(sectors(iso.bytes), pause, sectors(second.bytes, start)))
  expect(await contentOf(image, 'READ.ME')).toBe('extra')
  expect(await contentOf(image, 'READ.ME', 'iso9660@1')).toBe('hello')
  expect(damages(image)).toEqual([])
})

describe('a CloneCD image that something is missing of', () => {
  test('a sheet that is cut within its entries', async () => {
    const whole = sheet([...lone.slice(0, 1), [1, 1, 4, 0], [1, 2, 0, count], [1, 0xa2, 0, count + 10]]).replace(
      'Version=3',
      'Version=3\r\n[Disc]\r\nTocEntries=4',
    )
    const cut = whole.slice(0, whole.indexOf('[Entry 2]') + 30)
    const image = await open(cut, concat(sectors(iso.bytes), samples(10)))
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(damages(image)).toContain('DISC_METADATA_DAMAGED')
  })
})
