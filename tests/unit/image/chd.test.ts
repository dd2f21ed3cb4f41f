import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import zlib from 'node:zlib'
import { describe, expect, it, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { decodeFlacFrames } from '../../../src-main/image/codecs/flac'
import { unpackRawLzma } from '../../../src-main/image/codecs/lzma'
import { verifyImage } from '../../../src-main/verify/verify'
import type { Check } from '../../../src-shared/model'
import { sectors } from '../../images/cd-sectors'
import { buildChd, chdIdentity, FRAME, framesOf } from '../../images/chd-builder'
import { buildIso } from '../../images/iso-builder'
import { codes, contentOf, openBytes, readAll, siblings } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const FOLDER = path.resolve(import.meta.dirname, '../../images/chd')
const made = (name: string): Uint8Array => new Uint8Array(fs.readFileSync(path.join(FOLDER, `${name}.chd`)))
const bridge = new Uint8Array(zlib.zstdDecompressSync(fs.readFileSync(path.resolve(FOLDER, '../bridge.iso.zst'))))
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** As make-chd.sh makes it. */
function sound(): Buffer {
  const bytes = Buffer.alloc(40 * 2352)
  for (let at = 0; at < bytes.length / 4; at++) {
    bytes.writeInt16LE(Math.round(9000 * Math.sin(at / 37)) + ((at * 7919) % 61), at * 4)
    bytes.writeInt16LE(Math.round(4000 * Math.sin(at / 91)) - ((at * 104_729) % 33), at * 4 + 2)
  }
  return bytes
}

const LONG = Array.from({ length: 30_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const disc = buildIso([
  { name: 'LONG.TXT;1', data: LONG },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(100_000) },
]).bytes
const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): Promise<DiscImage> =>
  openBytes(bytes, { name: 'disc.chd', ...siblings({ 'disc.chd': bytes, ...beside }) })
const containerChecks = async (image: DiscImage): Promise<Check[]> =>
  (
    await verifyImage(image, image.info.defaultViewId, { checkpoint: () => undefined, progress: () => undefined })
  ).checks.filter(({ kind }) => kind === 'container')

describe('a disc that chdman has packed', () => {
  test.each(['lzma', 'huff', 'flac'])('%s', async (codec) => {
    const image = await opened(made(codec))
    await itHasBytes(image.blocks, bridge)
    expect(codes(image)).toEqual([])
    expect((await containerChecks(image)).map(({ verdict }) => verdict)).toEqual(['passed'])
    await image.close()
  })

  it('a CD with sound', async () => {
    const image = await opened(made('cd'))
    await itHasBytes(image.blocks, bridge)
    const track = await image.view('tracks').lookup('Track 02.wav')
    const wave = await readAll(track?.content)
    expect(sha256(wave.subarray(44))).toBe(sha256(sound()))
    expect((await containerChecks(image)).map(({ verdict }) => verdict)).toEqual(['passed'])
    await image.close()
  })
})

describe('a disc of hunks', () => {
  test.each([
    ['deflated', { codecs: ['zlib'] }],
    ['by zstd', { codecs: ['zstd'] }],
    ['as they are', { codecs: ['none'] }],
    ['by turns', { codecs: ['zlib', 'none', 'zstd'], hunkLength: 2048 }],
  ] as const)('%s', async (_, options) => {
    const image = await opened(buildChd(disc, options))
    expect(image.info.containers).toEqual(['chd'])
    await itHasBytes(image.blocks, disc)
    expect(await contentOf(image, 'LONG.TXT')).toBe(LONG)
    expect((await containerChecks(image)).map(({ verdict }) => verdict)).toEqual(['passed'])
    await image.close()
  })

  test.each(['cdzl', 'cdzs'] as const)('of CD sectors, packed by %s', async (codec) => {
    const raw = sectors(disc)
    const frames = framesOf(raw, 2352)
    const text = `TRACK:1 TYPE:MODE1_RAW SUBTYPE:NONE FRAMES:${raw.byteLength / 2352}`
    const bytes = buildChd(frames, {
      codecs: [codec],
      hunkLength: FRAME * 8,
      unitLength: FRAME,
      metadata: [['CHTR', text]],
    })
    const image = await opened(bytes)
    expect(image.info.containers).toEqual(['chd', 'raw-2448'])
    await itHasBytes(image.blocks, disc)
    expect((await containerChecks(image)).map(({ verdict }) => verdict)).not.toContain('failed')
    await image.close()
  })

  it('has its tracks where the pauses between them put them', async () => {
    const count = disc.byteLength / 2048
    const content = Buffer.concat([framesOf(disc, 2048), framesOf(Buffer.alloc(2352 * 10, 1), 2352)])
    const metadata = [
      ['CHT2', `TRACK:1 TYPE:MODE1 SUBTYPE:NONE FRAMES:${count} PREGAP:0 PGTYPE:MODE1 PGSUB:NONE POSTGAP:0`],
      ['CHT2', 'TRACK:2 TYPE:AUDIO SUBTYPE:NONE FRAMES:10 PREGAP:4 PGTYPE:VAUDIO PGSUB:NONE POSTGAP:0'],
    ] as const
    const image = await opened(
      buildChd(content, { codecs: ['cdzl'], hunkLength: FRAME * 2, unitLength: FRAME, metadata }),
    )
    const tracks = await image.view('tracks').readTree()
    expect([1, 2].map((index) => tracks.entry(index).byteLength)).toEqual([disc.byteLength, 44 + 6 * 2352])
    await image.close()
  })
})

describe('a disc that is based on another', () => {
  const base = disc.slice()
  base.fill(7, 100_000, 120_000)
  const parent = buildChd(base)
  const child = buildChd(disc, { base: { content: base, identity: chdIdentity(base) } })

  it('finds it beside it by its SHA-1, whatever it is called', async () => {
    const other = buildChd(base.map((byte) => byte ^ 1))
    const image = await opened(child, { 'a.chd': other, 'Whatever.CHD': parent, 'notes.txt': disc })
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it('is refused without it', async () => {
    await expect(opened(child)).rejects.toMatchObject({
      code: 'NOTHING_READABLE',
      message: expect.stringContaining(chdIdentity(base).toString('hex')) as string,
    })
  })
})

describe('a CHD that is damaged', () => {
  it('tells which hunk does not fit its sum', async () => {
    const bytes = buildChd(disc, { codecs: ['none'] })
    bytes[124 + 30 * 4096 + 100]! ^= 1
    const image = await opened(bytes)
    await expect(image.blocks.read(0, disc.byteLength)).rejects.toThrow(/its hunk 37 does not unpack/)
    expect((await containerChecks(image)).map(({ verdict }) => verdict)).toContain('unreadable')
    await image.close()
  })

  test.each<[string, (bytes: Buffer) => void, RegExp]>([
    ['the map', (bytes) => (bytes[Number(bytes.readBigUInt64BE(40)) + 60]! ^= 1), /map of hunks/],
    ['codecs that nobody knows', (bytes) => bytes.write('zzzz', 16), /packed by “zzzz”/],
    ['hunks of 0 bytes', (bytes) => bytes.writeUInt32BE(0, 56), /damaged header/],
    ['hunks of 2 GiB', (bytes) => bytes.writeUInt32BE(2 ** 31, 56), /damaged header/],
    ['2^60 bytes', (bytes) => bytes.writeBigUInt64BE(2n ** 60n, 32), /damaged header/],
    ['a map behind the end', (bytes) => bytes.writeBigUInt64BE(2n ** 40n, 40), /damaged header/],
    ['version 4', (bytes) => bytes.writeUInt32BE(4, 12), /another version/],
  ])('%s', async (_, spoil, sentence) => {
    const bytes = buildChd(disc)
    spoil(bytes)
    await expect(opened(bytes)).rejects.toThrow(sentence)
  })

  it('metadata that name themselves as the next end', async () => {
    const bytes = buildChd(disc, { metadata: [['TEST', 'text']] })
    const at = bytes.readBigUInt64BE(48)
    bytes.writeBigUInt64BE(at, Number(at) + 8)
    const image = await opened(bytes)
    expect(codes(image)).toContain('DISC_METADATA_DAMAGED')
    await image.close()
  })
})

describe('decoders', () => {
  it('end at bytes that are none of theirs', () => {
    for (let seed = 0; seed < 300; seed++) {
      const bytes = Uint8Array.from(
        { length: 200 },
        (_, index) => (seed * 31 + index * index * 17 + (index >> 3)) & 255,
      )
      bytes[0] = 0
      const properties = { literalContext: 3, literalPosition: 0, position: 2 }
      expect(() => unpackRawLzma(bytes, 4096, properties)).toThrow(RangeError)
      bytes.set([0xff, 0xf8, 0xc9, 0x18])
      expect(() => decodeFlacFrames(bytes, 1000)).not.toThrow()
    }
  })
})
