import { describe, expect, test } from 'vitest'
import { samples, sectors, SESSION_GAP } from '../../images/cd-sectors'
import { buildIso, concat, SECTOR } from '../../images/iso-builder'
import { buildMds, type MdsTrack } from '../../images/mds-builder'
import { codes, contentOf, damages, openBytes, readAll, siblings } from '../../images/open-bytes'

const iso = buildIso([{ name: 'READ.ME;1', data: 'hello' }])
const count = iso.bytes.byteLength / SECTOR
const AUDIO = 0xa9
const MODE1 = 0xaa
const MODE2 = 0xab

const cd = (over: Partial<MdsTrack> = {}): MdsTrack => ({
  number: 1,
  mode: MODE1,
  stride: 2352,
  start: 0,
  length: count,
  byteOffset: 0,
  ...over,
})
const dvd = (over: Partial<MdsTrack> = {}): MdsTrack => cd({ mode: 2, stride: SECTOR, ...over })

/** Sectors with 96 bytes of subchannel behind each. */
function withSubchannel(raw: Uint8Array): Uint8Array {
  const all = Array.from({ length: raw.byteLength / 2352 }, (_, at) =>
    concat(raw.subarray(at * 2352, (at + 1) * 2352), new Uint8Array(96).fill(at)),
  )
  return concat(...all)
}

describe('a media descriptor', () => {
  test.each([
    [1, 3],
    [1, 4],
    [1, 5],
  ] as const)('of version %i.%i, of a CD', async (major, minor) => {
    const mds = buildMds([[cd()]], { version: [major, minor] })
    const image = await openBytes(mds, { name: 'a.mds', ...siblings({ 'a.mdf': sectors(iso.bytes) }) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(codes(image)).toEqual([])
  })

  test('of sectors with subchannel, data and sound', async () => {
    const sound = samples(10)
    const mdf = withSubchannel(concat(sectors(iso.bytes), sound))
    const tracks = [
      cd({ stride: 2448, subchannel: 8 }),
      cd({
        number: 2,
        mode: AUDIO,
        stride: 2448,
        subchannel: 8,
        start: count + 150,
        length: 10,
        pregap: 150,
        byteOffset: count * 2448,
      }),
    ]
    const image = await openBytes(buildMds([tracks]), { name: 'a.mds', ...siblings({ 'a.mdf': mdf }) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    const wav = await readAll((await image.view('tracks').lookup('Track 02.wav'))?.content)
    expect(Buffer.compare(wav.subarray(44), sound)).toBe(0)
    expect(codes(image)).toEqual([])
  })

  test('of two sessions', async () => {
    const start = count + SESSION_GAP
    const second = buildIso(
      [
        { name: 'NEW.TXT;1', data: 'new' },
        { name: 'READ.ME;1', location: iso.blockOf('READ.ME;1'), byteLength: 5 },
      ],
      { firstBlock: start },
    )
    const mdf = concat(sectors(iso.bytes, 0, 2), sectors(second.bytes, start, 2))
    const sessions = [
      [cd({ mode: MODE2 })],
      [cd({ number: 2, mode: MODE2, start, length: second.bytes.byteLength / SECTOR, byteOffset: count * 2352 })],
    ]
    const image = await openBytes(buildMds(sessions), { name: 'a.mds', ...siblings({ 'a.mdf': mdf }) })
    expect(await contentOf(image, 'NEW.TXT', 'iso9660')).toBe('new')
    expect(await contentOf(image, 'READ.ME', 'iso9660')).toBe('hello')
    expect(damages(image)).toEqual([])
  })

  // A DVD's block gives its length where a CD's gives the place of another block.
  test.each([0, 100, 8212])(
    'of a DVD with fewer sectors than the descriptor has bytes, %i of structures',
    async (padding) => {
      const long = concat(iso.bytes, new Uint8Array((400 - count) * SECTOR))
      for (const length of [count, 400]) {
        const mds = buildMds([[dvd({ length })]], { medium: 0x10, padding, measurements: 500 })
        const mdf = long.subarray(0, length * SECTOR)
        const image = await openBytes(mds, { name: 'a.mds', ...siblings({ 'a.mdf': mdf }) })
        expect(await contentOf(image, 'READ.ME')).toBe('hello')
        expect((await readAll((await image.view('tracks').lookup('Track 01.iso'))?.content)).byteLength).toBe(
          mdf.byteLength,
        )
      }
    },
  )

  test('of a DVD whose data are cut says what is missing', async () => {
    const mds = buildMds([[dvd({ length: 400 })]], { medium: 0x12, padding: 4100 })
    const image = await openBytes(mds, { name: 'a.mds', ...siblings({ 'a.mdf': iso.bytes }) })
    const table = await image.view('tracks').readTree()
    expect([table.statusOf(1), table.byteLengthOf(1)]).toEqual(['partial', 400 * SECTOR])
  })

  test.each([
    ['*.mdf', 'a.mdf', false],
    ['*.mdf', 'a.mdf', true],
    ['*.MDF', 'a.MDF', false],
    ['C:\\Images\\größe.mdf', 'größe.mdf', true],
    ['старый.mdf', 'a.mdf', true],
  ])('finds its data by “%s” as “%s”', async (name, file, isWide) => {
    const mds = buildMds([[cd()]], { names: [name], isWide })
    const image = await openBytes(mds, { name: 'a.mds', ...siblings({ [file]: sectors(iso.bytes) }) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(codes(image)).toEqual([])
  })

  test('finds its data by a name in the writer’s own character set', async () => {
    for (const [bytes, file] of [
      [Uint8Array.from([0x83, 0x51, 0x81, 0x5b, 0x83, 0x80, 0x2e, 0x6d, 0x64, 0x66]), 'ゲーム.mdf'],
      [Buffer.from('größe.mdf', 'latin1'), 'größe.mdf'],
      [Buffer.from('größe.mdf'), 'größe.mdf'],
    ] as const) {
      const mds = buildMds([[cd()]], { names: [bytes] })
      const image = await openBytes(mds, { name: 'other.mds', ...siblings({ [file]: sectors(iso.bytes) }) })
      expect(await contentOf(image, 'READ.ME')).toBe('hello')
    }
  })

  test('without a footer belongs to data of its own name', async () => {
    const mds = buildMds([[cd()]], { names: [] })
    const image = await openBytes(mds, { name: 'a.b.mds', ...siblings({ 'a.b.mdf': sectors(iso.bytes) }) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
  })

  test('that names a wrong mode or length of sectors: the bytes are believed', async () => {
    for (const [over, bytes] of [
      [{ mode: MODE1, stride: 2352 }, iso.bytes],
      [{ mode: MODE1, stride: 2048 }, sectors(iso.bytes)],
      [{ mode: AUDIO, stride: 2352 }, sectors(iso.bytes)],
    ] as const) {
      const image = await openBytes(buildMds([[cd(over)]]), { name: 'a.mds', ...siblings({ 'a.mdf': bytes }) })
      expect(await contentOf(image, 'READ.ME')).toBe('hello')
      expect(codes(image)).toContain('SECTOR_MODE_WRONG')
    }
  })
})

describe('data in parts', () => {
  const half = Math.floor(count / 2) * SECTOR
  const parts = [iso.bytes.subarray(0, half), iso.bytes.subarray(half)]
  const mds = (names: readonly string[]): Uint8Array => buildMds([[dvd()]], { medium: 0x10, names })

  test.each([
    ['by the descriptor’s own name', ['*.mdf', '*.md1'], ['a.mdf', 'a.md1']],
    ['counted from 0', ['*.md0', '*.md1'], ['a.md0', 'a.md1']],
    ['renamed along with it', ['old.mdf', 'old.md1'], ['a.mdf', 'a.md1']],
  ])('%s', async (_, names, files) => {
    const beside = { [files[0]!]: parts[0]!, [files[1]!]: parts[1]! }
    const image = await openBytes(mds(names), { name: 'a.mds', ...siblings(beside) })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(codes(image)).toEqual([])
    // Whichever part is opened, it is the whole disc.
    for (const name of files) {
      const again = await openBytes(beside[name]!, { name, ...siblings({ ...beside, 'a.mds': mds(names) }) })
      expect(await contentOf(again, 'READ.ME')).toBe('hello')
    }
  })

  test('of which one is missing: what lies before it is read, and the rest is lost', async () => {
    const long = concat(iso.bytes, new Uint8Array(100 * SECTOR))
    const descriptor = buildMds([[dvd({ length: count + 100 })]], { medium: 0x10, names: ['*.mdf', '*.md1'] })
    const image = await openBytes(descriptor, {
      name: 'a.mds',
      ...siblings({ 'a.mdf': long.subarray(0, iso.bytes.byteLength) }),
    })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(damages(image)).toContain('TRACK_FILE_MISSING')
    const table = await image.view('tracks').readTree()
    expect([table.statusOf(1), table.byteLengthOf(1)]).toEqual(['partial', long.byteLength])
  })
})

describe('a descriptor without lengths', () => {
  test('has tracks up to the next one in their file', async () => {
    const sound = cd({ number: 2, mode: AUDIO, start: count, length: 10, byteOffset: count * 2352 })
    const mds = buildMds([[cd(), sound]], { hasLengths: false })
    const mdf = concat(sectors(iso.bytes), samples(10))
    const image = await openBytes(mds, { name: 'a.mds', ...siblings({ 'a.mdf': mdf }) })
    const table = await image.view('tracks').readTree()
    expect([table.byteLengthOf(1), table.byteLengthOf(2)]).toEqual([count * SECTOR, 44 + 10 * 2352])
  })
})

describe('a descriptor that is cut', () => {
  test('says that tracks are missing', async () => {
    const tracks = [cd(), cd({ number: 2, mode: AUDIO, start: count, length: 10, byteOffset: count * 2352 })]
    const whole = buildMds([tracks], { names: [] })
    // Behind the first track's block and a part of the second's.
    const image = await openBytes(whole.subarray(0, 88 + 24 + 80 * 4 + 20), {
      name: 'a.mds',
      ...siblings({ 'a.mdf': concat(sectors(iso.bytes), samples(10)) }),
    })
    expect(await contentOf(image, 'READ.ME')).toBe('hello')
    expect(damages(image)).toContain('DISC_METADATA_DAMAGED')
  })
})
