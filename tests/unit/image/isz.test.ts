import { describe, expect, it, test } from 'vitest'
import { recordedIn, type DiscImage } from '../../../src-main/image'
import { verifyImage } from '../../../src-main/verify/verify'
import { buildIso } from '../../images/iso-builder'
import { codes, openBytes, siblings } from '../../images/open-bytes'
import { buildIsz } from '../../images/packed-disc-builder'
import { itHasBytes } from './disk-bytes'

const LONG = Array.from({ length: 30_000 }, (_, index) => `${(index * 7919) % 100_003}`).join(' ')
const disc = buildIso([
  { name: 'LONG.TXT;1', data: LONG },
  { name: 'ZEROS.BIN;1', data: Buffer.alloc(100_000) },
]).bytes
const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}, name = 'disc.isz'): Promise<DiscImage> =>
  openBytes(bytes, { name, ...siblings(beside) })
const one = (...kinds: Parameters<typeof buildIsz>[1][]): Buffer => buildIsz(disc, ...kinds)[0]!

describe('a packed disc of UltraISO', () => {
  test.each([[['zlib']], [['bzip2']], [['stored']], [['zlib', 'stored', 'bzip2']]] as const)('%s', async (kinds) => {
    const image = await opened(one(kinds))
    expect(image.info.containers).toEqual(['isz'])
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    const { checks } = await verifyImage(image, image.info.defaultViewId, {
      checkpoint: () => undefined,
      progress: () => undefined,
    })
    expect(checks.filter(({ kind }) => kind === 'container').map(({ verdict, detail }) => [verdict, detail])).toEqual([
      ['passed', '2 checksums in the file around the disc fit.'],
    ])
    await image.close()
  })

  test.each([
    ['disc.isz', (index: number) => `disc.i0${index}`],
    ['disc.part01.isz', (index: number) => `disc.part0${index + 1}.isz`],
  ] as const)('in parts: %s', async (name, nameOf) => {
    const parts = buildIsz(disc, ['zlib', 'stored'], 30_011)
    expect(parts.length).toBeGreaterThan(3)
    const beside = Object.fromEntries(parts.map((part, index) => [index === 0 ? name : nameOf(index), part]))
    const image = await opened(parts[0]!, beside, name)
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  it('of which a part is missing, or another’s', async () => {
    const parts = buildIsz(disc, ['zlib', 'stored'], 30_011)
    const foreign = Buffer.from(parts[2]!)
    foreign.writeUInt32LE(9, 6)
    for (const [beside, word] of [
      [{ 'disc.i01': parts[1]! }, 'is missing'],
      [{ 'disc.i01': parts[1]!, 'disc.i02': foreign }, 'is no part of'],
    ] as const) {
      const image = await opened(parts[0]!, beside)
      expect(image.damage[0]?.message).toContain(`“disc.i02” ${word}`)
      const there = recordedIn(image.blocks, 0, disc.byteLength)
      expect(there).toBeGreaterThan(20_000)
      expect(there).toBeLessThan(disc.byteLength)
      await image.close()
    }
  })

  it('that is cut short, or damaged', async () => {
    const whole = one(['zlib'])
    const cut = await opened(whole.subarray(0, whole.byteLength - 40_000))
    expect(cut.damage.map(({ code }) => code)).toContain('IMAGE_TRUNCATED')
    await cut.close()
    whole.fill(0xff, whole.byteLength - 20_000)
    const image = await opened(whole)
    await expect(image.blocks.read(0, disc.byteLength)).rejects.toThrow(/its chunk \d+ does not unpack/)
    await image.close()
  })

  test.each<[string, (bytes: Buffer) => void, RegExp]>([
    ['encrypted', (bytes) => (bytes[16] = 4), /encrypted/],
    ['2^32 - 1 blocks of 4 GiB', (bytes) => bytes.fill(0xff, 25, 33), /damaged header/],
    ['a table behind the end', (bytes) => bytes.writeUInt32LE(0xfffffff0, 35), /damaged header/],
    ['2^48 bytes', (bytes) => bytes.fill(0xff, 10, 16), /damaged header/],
  ])('that lies: %s', async (_, spoil, sentence) => {
    const bytes = one(['zlib'])
    spoil(bytes)
    await expect(opened(bytes)).rejects.toThrow(sentence)
  })
})
