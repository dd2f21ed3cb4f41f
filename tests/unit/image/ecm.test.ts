import { describe, expect, it, test } from 'vitest'
import type { DiscImage } from '../../../src-main/image'
import { writeParity } from '../../../src-main/image/containers/sectors/ecc'
import { verifyImage } from '../../../src-main/verify/verify'
import { wrongCodewords } from '../../images/cd-parity'
import { sector, sectors } from '../../images/cd-sectors'
import { buildIso, text } from '../../images/iso-builder'
import { codes, openBytes, siblings } from '../../images/open-bytes'
import { buildEcm } from '../../images/packed-disc-builder'
import { itHasBytes } from './disk-bytes'

const disc = buildIso([{ name: 'A.BIN;1', data: Buffer.alloc(90_000, 'content ') }]).bytes
const SECTOR = 2352

/** Sectors with the parity that they lack in the builder, and some of form 2 behind those of mode 2. */
function whole(mode: 1 | 2): Uint8Array {
  const formTwo = mode === 1 ? [] : [1, 2, 3].map((seed) => sector(new Uint8Array(2324).fill(seed), 900 + seed, 2, 2))
  const bytes = new Uint8Array(Buffer.concat([sectors(disc, 0, mode), ...formTwo]))
  for (let at = 0; at < bytes.byteLength; at += SECTOR) {
    const one = bytes.subarray(at, at + SECTOR)
    if (mode === 1 || (one[18]! & 0x20) === 0) writeParity(one)
  }
  return bytes
}

const opened = (bytes: Uint8Array, beside: Record<string, Uint8Array> = {}): Promise<DiscImage> =>
  openBytes(bytes, { name: 'game.bin.ecm', ...siblings(beside) })

describe('parity', () => {
  test.each([1, 2] as const)('of sectors of mode %i has no syndromes', (mode) => {
    const bytes = whole(mode)
    for (const index of [0, 16, 17, 30])
      expect(wrongCodewords(bytes.subarray(index * SECTOR, (index + 1) * SECTOR))).toBe(0)
    bytes[16 * SECTOR + 100]! ^= 1
    expect(wrongCodewords(bytes.subarray(16 * SECTOR, 17 * SECTOR))).toBeGreaterThan(0)
  })
})

describe('a CD in ECM form', () => {
  test.each([1, 2] as const)('of sectors of mode %i', async (mode) => {
    const raw = whole(mode)
    const image = await opened(buildEcm(raw, mode))
    expect(image.info.containers).toEqual(['ecm', 'raw-2352'])
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    const { checks } = await verifyImage(image, image.info.defaultViewId, {
      checkpoint: () => undefined,
      progress: () => undefined,
    })
    expect(checks.filter(({ kind }) => kind === 'container').map(({ verdict }) => verdict)).toEqual(['passed'])
    await image.close()
  })

  it('of an image without sectors', async () => {
    const image = await openBytes(buildEcm(new Uint8Array(0), 2, disc), { name: 'disc.iso.ecm' })
    expect(image.info.containers).toEqual(['ecm'])
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  it('is described by the sheet beside it', async () => {
    const sheet = 'FILE "game.bin" BINARY\r\n  TRACK 01 MODE1/2352\r\n    INDEX 01 00:00:00\r\n'
    const image = await opened(buildEcm(whole(1), 1), { 'game.cue': text(sheet) })
    expect(image.info.containers).toEqual(['ecm', 'cue', 'raw-2352'])
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  it('that is cut short has what is there', async () => {
    const bytes = buildEcm(whole(1), 1)
    const image = await opened(bytes.subarray(0, bytes.byteLength - 60_000))
    expect(image.damage.map(({ code }) => code)).toContain('STREAM_CUT_SHORT')
    expect(image.blocks.byteLength).toBeLessThan(disc.byteLength)
    await itHasBytes(image.blocks, disc.subarray(0, image.blocks.byteLength))
    await image.close()
  })

  test.each<[string, Uint8Array]>([
    ['2^32 sectors of nothing', Uint8Array.from([...text('ECM\0'), 0xfd, 0xff, 0xff, 0xff, 0x3e, 1, 2, 3])],
    ['a number without an end', Uint8Array.from([...text('ECM\0'), ...Array.from({ length: 100 }, () => 0xff)])],
    ['nothing', text('ECM\0')],
  ])('that lies: %s', async (_, bytes) => {
    await expect(opened(bytes)).rejects.toMatchObject({ name: 'NotAnImageError' })
  })
})
