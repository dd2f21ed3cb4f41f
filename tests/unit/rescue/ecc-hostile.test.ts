import { describe, expect, it } from 'vitest'
import { MemoryByteSource } from '../../../src-main/image'
import {
  readEccHeader,
  SECTOR,
  writeEccHeader,
  type EccHeader,
} from '../../../src-main/image/error-correction/ecc-header'
import { EccError, EccVolume } from '../../../src-main/image/error-correction/ecc-volume'
import { repairSectors } from '../../../src-main/image/error-correction/repair'
import { noise } from './noise'

const HONEST: EccHeader = {
  codec: 'RS03',
  isFile: true,
  fingerprint: new Uint8Array(16),
  fingerprintSector: 16,
  imageSectors: 300,
  lastLength: SECTOR,
  dataLayers: 212,
  eccLayers: 43,
  sectorsPerLayer: 2,
  crcSum: new Uint8Array(16),
  addedSectors: 0,
}

/** A file with that header, sealed as an honest one is, and nothing right behind it. */
function liar(header: Partial<EccHeader>, sectors = 100): Uint8Array {
  const bytes = noise(sectors * SECTOR, 5)
  bytes.set(writeEccHeader({ ...HONEST, ...header }))
  return bytes
}

describe('a header of error correction that lies', () => {
  it.each<[string, Partial<EccHeader>]>([
    ['layers that make no word', { dataLayers: 212, eccLayers: 44 }],
    ['no layers of parity', { dataLayers: 255, eccLayers: 0 }],
    ['no sectors', { imageSectors: 0 }],
    ['more sectors than numbers count', { imageSectors: 2 ** 52 }],
    ['rows beyond any file', { sectorsPerLayer: 2 ** 45 }],
    ['no rows', { sectorsPerLayer: 0 }],
    ['fewer rows than the image has', { sectorsPerLayer: 1 }],
    ['a last sector that is too long', { lastLength: 4096 }],
  ])('is none with %s', (_, header) => {
    expect(readEccHeader(liar(header))).toBeNull()
  })

  it('is refused where the file has no room for what it tells of', async () => {
    const image = new MemoryByteSource(noise(300 * SECTOR))
    const file = new MemoryByteSource(liar({ sectorsPerLayer: 1_000_000, imageSectors: 100_000_000 }))
    await expect(EccVolume.inFile(image, file, 'x.ecc')).rejects.toThrow(EccError)
    await expect(EccVolume.inFile(image, new MemoryByteSource(liar({})), 'x.ecc')).rejects.toThrow(/x\.ecc/)
  })

  it('costs no more than the file is worth, and mends nothing', async () => {
    const bytes = noise(300 * SECTOR)
    const lies: Partial<EccHeader>[] = [
      { codec: 'RS02', isFile: false, imageSectors: 250, addedSectors: 50, dataLayers: 250, eccLayers: 5 },
      { codec: 'RS02', isFile: false, imageSectors: 250, addedSectors: 2 ** 40, dataLayers: 2, eccLayers: 253 },
      { codec: 'RS03', isFile: false, imageSectors: 250, sectorsPerLayer: 300, dataLayers: 2, eccLayers: 253 },
      { codec: 'RS03', isFile: false, imageSectors: 250, sectorsPerLayer: 300, dataLayers: 254, eccLayers: 1 },
    ]
    for (const lie of lies) {
      const image = bytes.slice()
      image.set(writeEccHeader({ ...HONEST, ...lie }), 250 * SECTOR)
      const volume = await EccVolume.inImage(new MemoryByteSource(image), [250], true)
      if (volume === null) continue
      let mended = 0
      await repairSectors(volume, {
        isLost: (sector) => sector < 20,
        fits: () => undefined,
        damaged: () => undefined,
        mended: () => {
          mended++
        },
        checkpoint: () => undefined,
        progress: () => undefined,
      })
      expect(mended).toBe(0)
    }
  })
})
