import { describe, expect, it, test } from 'vitest'
import { buildCdi } from '../../images/cdi-builder'
import { samples, sectors, SESSION_GAP } from '../../images/cd-sectors'
import { buildIso, text } from '../../images/iso-builder'
import { codes, contentOf, openBytes, pathsOf } from '../../images/open-bytes'
import { itHasBytes } from './disk-bytes'

const disc = buildIso([{ name: 'A.TXT;1', data: 'inside' }]).bytes
const opened = (bytes: Uint8Array): ReturnType<typeof openBytes> =>
  openBytes(new Uint8Array(bytes), { name: 'game.cdi' })

describe.each([2, 3, 3.5] as const)('a DiscJuggler image of version %s', (version) => {
  test.each([
    [2048, 1, disc],
    [2352, 1, sectors(disc)],
    [2352, 2, sectors(disc, 0, 2)],
  ] as const)('of sectors of %i bytes, mode %i', async (sectorLength, mode, data) => {
    const image = await opened(buildCdi([[{ mode, sectorLength, data, start: 0, pregap: 150 }]], version))
    expect(image.info.containers[0]).toBe('cdi')
    expect(await contentOf(image, 'A.TXT')).toBe('inside')
    await itHasBytes(image.blocks, disc)
    expect(codes(image)).toEqual([])
    await image.close()
  })

  it('of two sessions, the first of which is sound', async () => {
    const sound = samples(302)
    const start = 302 + SESSION_GAP
    const data = sectors(buildIso([{ name: 'A.TXT;1', data: 'inside' }], { firstBlock: start }).bytes, start, 2)
    const image = await opened(
      buildCdi(
        [
          [{ mode: 0, sectorLength: 2352, data: sound, start: 0, pregap: 150 }],
          [{ mode: 2, sectorLength: 2352, data, start, pregap: 150 }],
        ],
        version,
      ),
    )
    expect(await contentOf(image, 'A.TXT')).toBe('inside')
    const tracks = await image.view('tracks').readTree()
    expect(tracks.entry(1)).toMatchObject({ path: 'Track 01.wav', byteLength: 44 + sound.byteLength })
    await image.close()
  })
})

describe('a DiscJuggler image', () => {
  it('of sound and data in one session', async () => {
    const count = disc.byteLength / 2048
    const image = await opened(
      buildCdi([
        [
          { mode: 1, sectorLength: 2048, data: disc, start: 0, pregap: 150 },
          { mode: 0, sectorLength: 2352, data: samples(20), start: count + 150, pregap: 150 },
        ],
      ]),
    )
    expect(await pathsOf(image, 'tracks')).toEqual(['Track 01.iso', 'Track 02.wav'])
    await itHasBytes(image.blocks, disc)
    await image.close()
  })

  test.each<[string, Uint8Array]>([
    ['a description of nothing', Uint8Array.from([...text('x'.repeat(100)), 4, 0, 0, 0x80, 9, 0, 0, 0])],
    [
      'sessions without an end',
      Uint8Array.from([...Array.from({ length: 5000 }, () => 255), 4, 0, 0, 0x80, 1, 0, 0, 0]),
    ],
  ])('that lies: %s', async (_, bytes) => {
    await expect(opened(bytes)).rejects.toThrow(/damaged description/)
  })
})
