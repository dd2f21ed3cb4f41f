import { describe, expect, it } from 'vitest'
import { inReadingOrder, ViewDifferences } from '../../../src-main/engine'
import type { DiscImage } from '../../../src-main/image'
import { buildIso, utf16Be } from '../../images/iso-builder'
import { buildFat } from '../../images/fat-builder'
import { buildHfs } from '../../images/hfs-builder'
import { openBytes } from '../../images/open-bytes'
import { sampleImage } from '../../images/small-tree'
import { buildMbrDisk, putMbrEntry } from '../../images/table-builder'

async function differencesOf(joliet: string[]): Promise<string[]> {
  const { bytes } = buildIso(
    [
      { name: 'BOTH.TXT;1', data: 'both' },
      { name: 'HIDDEN.EXE;1', data: 'hidden' },
    ],
    {
      joliet: joliet.map((name) => ({ name: utf16Be(name), data: name })),
    },
  )
  const image = await openBytes(bytes)
  return toldOf(image)
}

async function toldOf(image: DiscImage): Promise<string[]> {
  const differences = new ViewDifferences()
  for (const { id } of inReadingOrder(image.info.views)) {
    const view = image.view(id)
    differences.add(view, await view.readTree())
  }
  return differences.diagnostics.map((diagnostic) => `${diagnostic.code}: ${diagnostic.message}`)
}

describe('differences between views', () => {
  it('are told with what only one of them shows', async () => {
    const [told, ...others] = await differencesOf(['both.txt'])
    expect(told).toMatch(/^VIEWS_DIFFER: .*“HIDDEN\.EXE”/)
    expect(others).toEqual([])
  })

  it('are none where both show the same', async () => {
    expect(await differencesOf(['both.txt', 'hidden.exe'])).toEqual([])
  })

  it('are none between the partitions of a disk, which hold other files by their nature', async () => {
    const volume = buildFat(12, [{ name: 'ONE.TXT', data: Buffer.from('one') }])
    const other = sampleImage('squashfs/zstd.squashfs')
    const image = await openBytes(
      buildMbrDisk([
        { start: 64, bytes: volume, type: 0x01 },
        { start: 8192, bytes: other, type: 0x83 },
      ]),
    )
    expect(image.info.views.map(({ id }) => id)).toEqual(['squashfs', 'fat', 'partitions'])
    expect(await toldOf(image)).toEqual([])
    await image.close()
  })

  it('are told of a Macintosh volume that lies within a disc, as in Apple’s hybrids', async () => {
    const { bytes } = buildIso([{ name: 'BOTH.TXT;1', data: Buffer.alloc(2_000_000) }])
    const start = 400
    const mac = buildHfs([{ name: 'HIDDEN', data: Buffer.from('hidden') }]).bytes
    const disc = Buffer.from(bytes)
    disc.set(mac, start * 512)
    putMbrEntry(disc, 0, 0, 0xaf, start, Math.ceil(mac.byteLength / 512))
    const image = await openBytes(disc)
    expect(image.info.views.map(({ id }) => id)).toContain('hfs')
    expect((await toldOf(image)).join()).toMatch(/alone shows 1 file, such as “HIDDEN”/)
    await image.close()
  })

  it('are looked for from the default view on', async () => {
    const { bytes } = buildIso([], { joliet: [] })
    const image = await openBytes(bytes)
    expect(inReadingOrder(image.info.views)[0]!.isDefault).toBe(true)
  })
})
