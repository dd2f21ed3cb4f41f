import { describe, expect, test } from 'vitest'
import { sectors } from '../../images/cd-sectors'
import { buildCdi } from '../../images/cdi-builder'
import { buildFixedVhd, buildVhd } from '../../images/disk-builder'
import { buildDmg, ChunkKind } from '../../images/dmg-builder'
import { buildIso, SECTOR } from '../../images/iso-builder'
import { buildNero } from '../../images/nero-builder'
import { codes, openBytes, pathsOf, readAll } from '../../images/open-bytes'
import { buildCompressedBlocks } from '../../images/packed-disc-builder'

/**
 * Containers that are known by what stands at their end, as the last file of something that ends where they do: a disc
 * written without padding, or blocks of which the last is stored as it is.
 */
const inner = buildIso([{ name: 'INNER.TXT;1', data: 'inner' }]).bytes
/** A disk whose footer ends a sector. */
const disk = new Uint8Array(Math.ceil(inner.byteLength / SECTOR) * SECTOR + SECTOR - 512)
disk.set(inner)

/** Bytes in front of the trailer, where none of the formats minds them, so that it ends a sector. */
function filled(bytes: Uint8Array, trailerLength: number): Uint8Array {
  const out = new Uint8Array(Math.ceil(bytes.byteLength / SECTOR) * SECTOR)
  out.set(bytes.subarray(0, bytes.byteLength - trailerLength))
  out.set(bytes.subarray(bytes.byteLength - trailerLength), out.byteLength - trailerLength)
  return out
}

const endOf = (bytes: Uint8Array): string => Buffer.from(bytes.subarray(-512)).toString('hex')

const track = { mode: 1, sectorLength: 2352, data: sectors(inner), start: 0, pregap: 150 } as const
const nero = buildNero([[{ mode: 0, stride: SECTOR, pause: new Uint8Array(0), data: inner, address: 0 }]], {
  isWide: true,
})

describe.each([
  ['vhd', buildFixedVhd(disk)],
  ['dynamic vhd', filled(buildVhd(inner), 512)],
  ['dmg', filled(buildDmg(inner, [ChunkKind.adc, ChunkKind.stored]), 512)],
  ['nrg', filled(nero, 12)],
  ['cdi', filled(buildCdi([[track]], 3), 8)],
])('a %s at the end', (kind, bytes) => {
  test('of a disc is a file of it', async () => {
    const { bytes: disc } = buildIso([
      { name: 'FIRST.TXT;1', data: 'first' },
      { name: 'LAST.BIN;1', data: bytes },
    ])
    expect(endOf(disc)).toBe(endOf(bytes))
    const image = await openBytes(disc)
    expect(image.info.containers).toEqual(['plain'])
    expect(await pathsOf(image)).toEqual(['FIRST.TXT', 'LAST.BIN'])
    expect(codes(image)).toEqual([])
    await image.close()
  })

  test('of a compressed one is what was compressed', async () => {
    const packed = buildCompressedBlocks('ZISO', 1, bytes, (block) => ({ bytes: block, flag: true }))
    expect(endOf(packed)).toBe(endOf(bytes))
    const image = await openBytes(packed, { name: `disc.${kind}.zso` })
    expect(image.info.containers[0]).toBe('zso')
    expect(await pathsOf(image)).toEqual(['INNER.TXT'])
    await image.close()
  })
})

test('a fixed disk with a disc is read as that disc', async () => {
  const image = await openBytes(buildFixedVhd(disk), { name: 'a.vhd' })
  expect(image.info.containers).toEqual(['vhd'])
  expect(await readAll(image.blocks)).toEqual(disk)
  await image.close()
})
