import { buildCompressedBlocks } from '../../images/packed-disc-builder'
import zlib from 'node:zlib'
import iconv from 'iconv-lite'
import { describe, expect, test } from 'vitest'
import { NotAnImageError } from '../../../src-main/image'
import { decodeBzip2 } from '../../../src-main/image/containers/stream/bzip2'
import { StreamInput, type StreamReport } from '../../../src-main/image/containers/stream/stream-input'
import { parseCueSheet } from '../../../src-main/image/containers/cue/cue-sheet'
import { decodeLz4Block } from '../../../src-main/image/codecs/lz4'
import { nextPartNames } from '../../../src-main/image/containers/split/split'
import { buildIso, concat, SECTOR, text } from '../../images/iso-builder'
import { contentOf, openBytes, pathsOf, readAll, scratch, siblings } from '../../images/open-bytes'

const plain = buildIso([
  { name: 'HELLO.TXT;1', data: 'hello from the container' },
  { name: 'ZEROS.BIN;1', data: new Uint8Array(100_000) },
]).bytes

const u16 = (value: number): number[] => [value & 255, (value >> 8) & 255]
const u32 = (value: number): number[] => [...u16(value & 0xffff), ...u16(Math.floor(value / 65536))]
const u64 = (value: number): number[] => [...u32(value % 2 ** 32), ...u32(Math.floor(value / 2 ** 32))]
const be = (bytes: number[]): number[] => bytes.toReversed()

/** CD sectors around the user data of an image. */
function raw(image: Uint8Array, mode: 1 | 2, stride: number): Uint8Array {
  const sectors = image.byteLength / SECTOR
  const out = new Uint8Array(sectors * stride)
  for (let sector = 0; sector < sectors; sector++) {
    const at = sector * stride
    const data = image.subarray(sector * SECTOR, (sector + 1) * SECTOR)
    if (stride === 2336) {
      out.set(data, at + 8)
      continue
    }
    out.set([0, ...Array.from({ length: 10 }, () => 255), 0, 0, 2, sector % 75, mode], at)
    out.set(data, at + (mode === 1 ? 16 : 24))
  }
  return out
}

async function expectHello(image: Awaited<ReturnType<typeof openBytes>>): Promise<void> {
  expect(await contentOf(image, 'HELLO.TXT', 'iso9660')).toBe('hello from the container')
  const zeros = await image.view('iso9660').lookup('ZEROS.BIN')
  expect((await readAll(zeros?.content)).byteLength).toBe(100_000)
  expect(Buffer.compare(await readAll(image.blocks), plain)).toBe(0)
}

describe('raw sectors', () => {
  test.each([
    [1, 2352],
    [2, 2352],
    [1, 2448],
    [2, 2336],
  ] as const)('mode %i of %i bytes', async (mode, stride) => {
    const image = await openBytes(raw(plain, mode, stride), { name: 'disc.bin' })
    expect(image.info.containers).toEqual([`raw-${stride}`])
    await expectHello(image)
    expect((await image.view('iso9660').lookup('HELLO.TXT'))?.entry.extents).toBeNull()
  })
})

describe('form 2 sectors', () => {
  test('a Video CD’s stream has all of its 2324 bytes a sector', async () => {
    const xa = concat([0, 0, 0, 0, 0x10, 0x00], text('XA'), new Uint8Array(6))
    const image = buildIso([{ name: 'AVSEQ01.DAT;1', data: new Uint8Array(SECTOR * 3), use: xa }])
    const disc = raw(image.bytes, 2, 2352)
    const first = image.blockOf('AVSEQ01.DAT;1')
    for (let sector = 0; sector < 3; sector++) {
      const at = (first + sector) * 2352
      disc.set([0, 0, 0x20, 0, 0, 0, 0x20, 0], at + 16)
      disc.fill(sector + 1, at + 24, at + 24 + 2324)
    }
    const found = await (await openBytes(disc, { name: 'video.bin' })).view('iso9660').lookup('AVSEQ01.DAT')
    expect(found?.entry.byteLength).toBe(2324 * 3)
    const content = await readAll(found?.content)
    expect([content[0], content[2323], content[2324], content[2324 * 3 - 1]]).toEqual([1, 1, 2, 3])
  })
})

describe('tables of contents', () => {
  const data = raw(plain, 1, 2352)
  const audio = new Uint8Array(2352 * 10).map((_, index) => index % 256)
  const bin = concat2(data, audio)
  const time = (frames: number): string =>
    [Math.floor(frames / 4500), Math.floor(frames / 75) % 60, frames % 75]
      .map((n) => String(n).padStart(2, '0'))
      .join(':')
  const cue = [
    'FILE "C:\\Discs\\disc.bin" BINARY',
    '  TRACK 01 MODE1/2352',
    '    INDEX 01 00:00:00',
    '  TRACK 02 AUDIO',
    `    INDEX 01 ${time(data.byteLength / 2352)}`,
  ].join('\r\n')

  test('a cue sheet, opened itself', async () => {
    const image = await openBytes(text(cue), { name: 'disc.cue', ...siblings({ 'disc.bin': bin }) })
    expect(image.info.containers).toEqual(['cue', 'raw-2352'])
    await expectHello(image)
    expect(await pathsOf(image, 'tracks')).toEqual(['Track 01.iso', 'Track 02.wav'])
  })

  test('a cue sheet beside the .bin that is opened', async () => {
    const image = await openBytes(bin, { name: 'disc.bin', ...siblings({ 'disc.cue': text(cue) }) })
    await expectHello(image)
    expect(image.info.views.some((view) => view.id === 'tracks')).toBe(true)
  })

  test('an audio track is a WAVE file of its samples', async () => {
    const image = await openBytes(bin, { name: 'disc.bin', ...siblings({ 'disc.cue': text(cue) }) })
    const wav = await readAll((await image.view('tracks').lookup('Track 02.wav'))?.content)
    expect(new TextDecoder().decode(wav.subarray(0, 4))).toBe('RIFF')
    expect(new DataView(wav.buffer, wav.byteOffset).getUint32(24, true)).toBe(44_100)
    expect(Buffer.compare(wav.subarray(44), audio)).toBe(0)
  })

  test('a sheet that was renamed together with its file, and speaks Shift-JIS', async () => {
    const jis = iconv.encode(cue.replace('disc.bin', '新しいディスク.bin'), 'shift_jis')
    const image = await openBytes(new Uint8Array(jis), { name: 'new.cue', ...siblings({ 'new.bin': bin }) })
    await expectHello(image)
    const other = await openBytes(new Uint8Array(jis), { name: 'new.cue', ...siblings({ '新しいディスク.bin': bin }) })
    await expectHello(other)
  })

  test('a sheet whose file is missing says which', async () => {
    await expect(openBytes(text(cue), { name: 'disc.cue', ...siblings({}) })).rejects.toThrow(/disc\.bin/)
  })

  test('sessions, pregaps and several files in a sheet', () => {
    const tracks = parseCueSheet(
      'REM SESSION 01\nFILE a.bin BINARY\nTRACK 01 AUDIO\nPREGAP 00:02:00\nINDEX 01 00:00:00\nREM SESSION 02\nFILE "b c.bin" BINARY\nTRACK 02 MODE1/2048\nINDEX 00 00:00:00\nINDEX 01 00:02:00\n',
    )
    expect(
      tracks.map((track) => [track.number, track.session, track.file, track.pregap, track.indexes.get(1)]),
    ).toEqual([
      [1, 1, 'a.bin', 150, 0],
      [2, 2, 'b c.bin', 0, 150],
    ])
  })

  test('the last session of a table of contents is shown', async () => {
    const second = buildIso([{ name: 'SECOND;1', data: '2' }], { firstBlock: plain.byteLength / SECTOR }).bytes
    const both = concat2(plain, second)
    const sheet = `FILE d.bin BINARY\nTRACK 01 MODE1/2048\nINDEX 01 00:00:00\nREM SESSION 02\nTRACK 02 MODE1/2048\nINDEX 01 ${time(plain.byteLength / SECTOR)}\n`
    const image = await openBytes(text(sheet), { name: 'd.cue', ...siblings({ 'd.bin': both }) })
    expect(await pathsOf(image, 'iso9660')).toEqual(['SECOND'])
    expect(await contentOf(image, 'HELLO.TXT', 'iso9660@1')).toBe('hello from the container')
  })

  test('CloneCD', async () => {
    const ccd = `[CloneCD]\nVersion=3\n[Disc]\nTocEntries=3\n[Entry 0]\nSession=1\nPoint=0xa0\nControl=0x04\nPLBA=4350\n[Entry 1]\nSession=1\nPoint=0x01\nControl=0x04\nPLBA=0\n[Entry 2]\nSession=1\nPoint=0x02\nControl=0x00\nPLBA=${data.byteLength / 2352}\n`
    const image = await openBytes(text(ccd), { name: 'disc.ccd', ...siblings({ 'disc.img': bin }) })
    expect(image.info.containers).toEqual(['ccd', 'raw-2352'])
    await expectHello(image)
    expect(await pathsOf(image, 'tracks')).toEqual(['Track 01.iso', 'Track 02.wav'])
  })

  test('Alcohol', async () => {
    const track = new Uint8Array(80)
    track.set([0xaa, 0, 0x14, 0, 1], 0)
    track.set(u16(2352), 16)
    track.set(u32(1), 48)
    const session = concat([0, 0, 0, 0], u32(100), u16(1), [1, 0], u16(1), u16(1), u32(0), u32(88 + 24))
    const header = new Uint8Array(88)
    header.set(text('MEDIA DESCRIPTOR'))
    header.set(u16(1), 20)
    header.set(u32(88), 80)
    const mds = concat(header, session, track)
    const image = await openBytes(mds, { name: 'disc.mds', ...siblings({ 'disc.mdf': data }) })
    expect(image.info.containers).toEqual(['mds', 'raw-2352'])
    await expectHello(image)
  })

  test('Alcohol over several files, one track in two of them', async () => {
    const half = Math.floor(plain.byteLength / 2 / SECTOR) * SECTOR
    const names = [['d.mdf', 'd.md1'], ['other.mdf']]
    const header = new Uint8Array(88)
    header.set(text('MEDIA DESCRIPTOR'))
    header.set(u16(1), 20)
    header.set(u32(88), 80)
    const tracksAt = 88 + 24
    const footersAt = tracksAt + 160
    const textsAt = footersAt + 3 * 16
    const track = (number: number, mode: number, stride: number, start: number, first: number): Uint8Array => {
      const block = new Uint8Array(80)
      block.set([mode, 0, 0x14, 0, number], 0)
      block.set(u16(stride), 16)
      block.set(u32(start), 36)
      block.set(u32(names[number - 1]?.length ?? 0), 48)
      block.set(u32(footersAt + first * 16), 52)
      return block
    }
    const session = concat([0, 0, 0, 0], u32(100), u16(1), [2, 0], u16(1), u16(2), u32(0), u32(tracksAt))
    const footers = names.flat().map((_, index) => concat(u32(textsAt + index * 16), u32(0), u32(0), u32(0)))
    const texts = names.flat().map((name) => concat(text(name), new Uint8Array(16 - name.length)))
    const mds = concat(
      header,
      session,
      track(1, 0xaa, 2048, 0, 0),
      track(2, 0xa9, 2352, plain.byteLength / SECTOR, 2),
      ...footers,
      ...texts,
    )
    const files = { 'd.mdf': plain.slice(0, half), 'd.md1': plain.slice(half), 'other.mdf': new Uint8Array(2352 * 10) }
    const image = await openBytes(mds, { name: 'd.mds', ...siblings(files) })
    await expectHello(image)
    expect(await pathsOf(image, 'tracks')).toEqual(['Track 01.iso', 'Track 02.wav'])
    expect(image.damage).toEqual([])
    // The first of the files, opened itself.
    await expectHello(await openBytes(files['d.mdf'], { name: 'd.mdf', ...siblings({ ...files, 'd.mds': mds }) }))
    const rest = { 'd.mdf': files['d.mdf'], 'd.md1': files['d.md1'] }
    const without = await openBytes(mds, { name: 'd.mds', ...siblings(rest) })
    await expectHello(without)
    expect(without.damage.map(({ code }) => code)).toEqual(['TRACK_FILE_MISSING'])
  })

  test.each(['NER5', 'NERO'])('Nero (%s)', async (footer) => {
    const wide = footer === 'NER5'
    const number = (value: number): number[] => be(wide ? u64(value) : u32(value))
    const track = concat(
      new Uint8Array(12),
      be(u16(2048)),
      [0, 0, 0, 0],
      number(0),
      number(0),
      number(plain.byteLength),
    )
    const chunk = (id: string, body: Uint8Array): Uint8Array => concat(text(id), be(u32(body.byteLength)), body)
    const table = concat(
      chunk(wide ? 'DAOX' : 'DAOI', concat(new Uint8Array(22), track)),
      chunk('SINF', Uint8Array.from(be(u32(1)))),
      chunk('END!', new Uint8Array(0)),
    )
    const image = await openBytes(concat2(plain, table, concat(text(footer), number(plain.byteLength))), {
      name: 'disc.nrg',
    })
    expect(image.info.containers).toEqual(['nrg'])
    await expectHello(image)
  })
})

describe('compressed images', () => {
  const blocks = (
    magic: 'CISO' | 'ZISO',
    version: number,
    pack: (block: Uint8Array) => { bytes: Uint8Array; flag: boolean },
  ): Uint8Array => buildCompressedBlocks(magic, version, plain, pack)
  /** Literals only: legal, if not small. */
  const lz4 = (block: Uint8Array): Uint8Array => {
    const more: number[] = []
    let rest = block.byteLength - 15
    for (; rest >= 255; rest -= 255) more.push(255)
    return concat([0xf0, ...more, rest], block)
  }

  test('CSO version 1', async () => {
    let stored = 0
    const bytes = blocks('CISO', 1, (block) =>
      stored++ % 2 === 0 ? { bytes: zlib.deflateRawSync(block), flag: false } : { bytes: block, flag: true },
    )
    const image = await openBytes(bytes, { name: 'a.cso' })
    expect(image.info.containers).toEqual(['cso'])
    await expectHello(image)
  })

  test('CSO version 2 with deflate, LZ4 and stored blocks', async () => {
    let turn = 0
    const short = Uint8Array.from([0x1f, 0, 1, 0, ...Array.from({ length: 7 }, () => 255), 243, 0x50, 0, 0, 0, 0, 0])
    const bytes = blocks('CISO', 2, (block) => {
      if (block.every((byte) => byte === 0) && turn++ % 2 === 0) return { bytes: short, flag: true }
      const packed = zlib.deflateRawSync(block)
      return packed.byteLength < SECTOR ? { bytes: packed, flag: false } : { bytes: block, flag: false }
    })
    expect(decodeLz4Block(short, SECTOR)).toEqual(new Uint8Array(SECTOR))
    await expectHello(await openBytes(bytes, { name: 'a.cso' }))
  })

  test('ZSO', async () => {
    const image = await openBytes(
      blocks('ZISO', 1, (block) => ({ bytes: lz4(block), flag: false })),
      { name: 'a.zso' },
    )
    expect(image.info.containers).toEqual(['zso'])
    await expectHello(image)
  })

  test.each([
    ['gzip', (bytes: Uint8Array) => zlib.gzipSync(bytes), 'a.iso.gz'],
    ['zstd', (bytes: Uint8Array) => zlib.zstdCompressSync(bytes), 'a.iso.zst'],
  ])('%s goes through scratch space, telling how far', async (container, pack, name) => {
    const told: number[] = []
    const image = await openBytes(pack(plain), { name, ...scratch, onUnpackProgress: (done) => told.push(done) })
    expect(image.info.containers).toEqual([container])
    await expectHello(image)
    expect(told.length).toBeGreaterThan(0)
  })

  test('without scratch space they are refused', async () => {
    await expect(openBytes(zlib.gzipSync(plain), { name: 'a.iso.gz' })).rejects.toBeInstanceOf(NotAnImageError)
  })

  test('a compressed TAR archive is not an image', async () => {
    const tar = new Uint8Array(10_240)
    tar.set(text('ustar'), 257)
    await expect(openBytes(zlib.gzipSync(tar), { name: 'a.tar.gz', ...scratch })).rejects.toThrow(/TAR/)
  })

  test('bzip2', async () => {
    // printf 'hello, hello, hello\n' | bzip2
    const packed = Buffer.from('QlpoOTFBWSZTWctS5WcAAAVRAAAQQAQCRKAAISQxCGAvGETHFReLuSKcKEhlqXKzgA==', 'base64')
    const unpacked = await unpack(decodeBzip2, packed)
    expect(unpacked.text).toBe('hello, hello, hello\n')
    expect(unpacked.suspects).toEqual([])
    // The sum of all blocks tells of one that is missing.
    const short = Buffer.from(packed)
    short[short.byteLength - 3] = (short[short.byteLength - 3] ?? 0) ^ 1
    expect((await unpack(decodeBzip2, short)).suspects).toHaveLength(1)
    // Two streams, a bit of the first block’s sum turned, and something behind.
    const wrong = Buffer.from(packed)
    wrong[10] = (wrong[10] ?? 0) ^ 1
    const both = await unpack(decodeBzip2, concat(wrong, packed, text('junk')))
    expect(both).toMatchObject({ text: 'hello, hello, hello\nhello, hello, hello\n', trailing: 4 })
    expect(both.suspects).toEqual([expect.stringContaining('of a block'), expect.stringContaining('all its blocks')])
  })
})

/** Runs a decoder by itself: what it gives and what it says. */
async function unpack(
  decode: (input: StreamInput, report: StreamReport) => AsyncIterable<Uint8Array>,
  packed: Uint8Array,
): Promise<{ text: string; suspects: string[]; trailing: number }> {
  let given = false
  const input = new StreamInput(() => Promise.resolve(given ? new Uint8Array(0) : ((given = true), packed)))
  const suspects: string[] = []
  let trailing = 0
  const report: StreamReport = {
    begins: () => undefined,
    suspect: (what) => suspects.push(what),
    trailing: (byteLength) => (trailing = byteLength),
  }
  const parts: Uint8Array[] = []
  for await (const part of decode(input, report)) parts.push(part.slice())
  return { text: Buffer.concat(parts).toString(), suspects, trailing }
}

describe('split images', () => {
  test('part names', () => {
    expect(nextPartNames('a.001')?.(2)).toBe('a.003')
    expect(nextPartNames('a.iso.1')?.(1)).toBe('a.iso.2')
    expect(nextPartNames('a.iso.0')?.(9)).toBe('a.iso.9')
    expect(nextPartNames('release-1.1')).toBeNull()
    expect(nextPartNames('a.iso')).toBeNull()
  })

  test('three parts, cut anywhere', async () => {
    const cuts = [0, 33_333, 80_001, plain.byteLength]
    const part = (index: number): Uint8Array => plain.slice(cuts[index], cuts[index + 1])
    const image = await openBytes(part(0), {
      name: 'a.iso.001',
      ...siblings({ 'a.iso.002': part(1), 'a.iso.003': part(2) }),
    })
    expect(image.info.containers).toEqual(['split'])
    await expectHello(image)
  })

  test('parts of a length that they cannot have are told: nothing behind them is where it should be', async () => {
    const step = 33_333
    const part = (index: number): Uint8Array => plain.slice(index * step, (index + 1) * step)
    const count = Math.ceil(plain.byteLength / step)
    const damageOf = async (...order: Uint8Array[]): Promise<string[]> => {
      const files = Object.fromEntries(order.map((bytes, index) => [`a.00${index + 2}`, bytes]))
      const image = await openBytes(part(0), { name: 'a.001', ...siblings(files) })
      return image.damage.map(({ code, message }) => `${code} ${message}`)
    }
    const rest = Array.from({ length: count - 1 }, (_, index) => part(index + 1))
    expect(await damageOf(...rest)).toEqual([])
    const cut = rest.with(0, part(1).slice(0, 30_000))
    expect(await damageOf(...cut)).toContainEqual(expect.stringMatching(/^PART_LENGTH “a\.002” has 30000 bytes/))
    const last = count - 2
    const swapped = rest.with(last - 1, part(count - 1)).with(last, part(count - 2))
    expect(await damageOf(...swapped)).toContainEqual(expect.stringMatching(/^PART_LENGTH/))
  })

  test('a set that stops says where, and names what is missing', async () => {
    const { bytes } = buildIso([{ name: 'A;1', data: new Uint8Array(300_000).fill(1) }])
    const step = Math.ceil(bytes.byteLength / 5)
    const part = (index: number): Uint8Array => bytes.slice(index * step, (index + 1) * step)
    const messages = async (...there: number[]): Promise<string[]> => {
      const files = Object.fromEntries(there.map((index) => [`a.00${index + 1}`, part(index)]))
      const image = await openBytes(part(0), { name: 'a.001', ...siblings(files) })
      return image.diagnostics.map(({ code, message }) => `${code} ${message}`)
    }
    expect(await messages(1, 2, 3, 4)).toEqual([])
    const hole = await messages(1, 3, 4)
    expect(hole).toContainEqual(expect.stringMatching(/^PART_MISSING “a\.003” is missing.*“a\.004”/))
    expect(await messages(1, 2)).toContainEqual(expect.stringMatching(/^IMAGE_TRUNCATED .*“a\.004”, which is missing/))
    expect(await messages()).toContainEqual(expect.stringMatching(/“a\.002”, which is missing/))
    await expect(openBytes(bytes.slice(0, 30_000), { name: 'a.001', ...siblings({}) })).rejects.toMatchObject({
      message: expect.stringContaining('“a.002” is missing') as string,
    })
  })
})

function concat2(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts))
}
