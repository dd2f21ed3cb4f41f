import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { MemoryByteSource } from '../../../src-main/image'
import { EccVolume } from '../../../src-main/image/error-correction/ecc-volume'
import { decodingMatrix, multiply } from '../../../src-main/image/error-correction/galois'
import { repairSectors } from '../../../src-main/image/error-correction/repair'
import { eccLayersFor, protect } from '../../../src-main/rescue/protect'
import { UNCONTROLLED } from '../../../src-main/task'
import { temporaryFolder } from '../support'
import { dvdisaster } from './dvdisaster'
import { noise } from './noise'

const SECTOR = 2048

interface Outcome {
  mended: Map<number, Uint8Array>
  damaged: number[]
  fitting: number
}

async function repaired(volume: EccVolume, isLost: (sector: number) => boolean = () => false): Promise<Outcome> {
  const outcome: Outcome = { mended: new Map(), damaged: [], fitting: 0 }
  await repairSectors(volume, {
    isLost,
    fits: (_, count) => {
      outcome.fitting += count
    },
    damaged: (sector) => {
      outcome.damaged.push(sector)
    },
    mended: (sector, bytes) => {
      outcome.mended.set(sector, bytes)
    },
    checkpoint: () => undefined,
    progress: () => undefined,
  })
  return outcome
}

function withMended(damaged: Uint8Array, { mended }: Outcome, byteLength = damaged.byteLength): Uint8Array {
  const last = Math.max(byteLength, ...[...mended.keys()].map((sector) => (sector + 1) * SECTOR))
  const bytes = new Uint8Array(last)
  bytes.set(damaged)
  for (const [sector, own] of mended) bytes.set(own, sector * SECTOR)
  return bytes.subarray(0, byteLength)
}

async function protectedImage(
  bytes: Uint8Array,
  redundancy = 20,
): Promise<{ folder: string; image: string; ecc: string }> {
  const folder = temporaryFolder()
  const image = path.join(folder, 'disc.iso')
  const ecc = path.join(folder, 'disc.ecc')
  fs.writeFileSync(image, bytes)
  await protect(new MemoryByteSource(bytes), 'disc.iso', ecc, redundancy, UNCONTROLLED)
  return { folder, image, ecc }
}

function volumeOf(image: Uint8Array, ecc: string): Promise<EccVolume> {
  return EccVolume.inFile(new MemoryByteSource(image), new MemoryByteSource(fs.readFileSync(ecc)), 'disc.ecc')
}

describe('the code of dvdisaster', () => {
  it('gives back what is lost of a word, wherever it is', () => {
    const data = noise(200, 7)
    const parityPlaces = Array.from({ length: 55 }, (_, i) => 200 + i)
    const word = new Uint8Array(255)
    word.set(data)
    for (const [index, row] of decodingMatrix(parityPlaces).entries())
      word[200 + index] = row.reduce((sum, factor, place) => sum ^ multiply(factor, word[place] ?? 0), 0)
    const lost = [0, 3, 77, 199, 200, 254]
    for (const [index, row] of decodingMatrix(lost).entries()) {
      const value = row.reduce((sum, factor, place) => sum ^ multiply(factor, word[place] ?? 0), 0)
      expect(value).toBe(word[lost[index] ?? 0])
    }
  })

  it('has as many layers of parity as dvdisaster makes of a redundancy', () => {
    expect([10, 20, 50].map(eccLayersFor)).toEqual([23, 43, 85])
    expect([0.1, 5000].map(eccLayersFor)).toEqual([8, 170])
  })
})

describe('an image with error correction beside it', () => {
  it('is mended where sectors are lost, changed or cut off', async () => {
    const image = noise(1500 * SECTOR + 777)
    const { ecc } = await protectedImage(image)
    const damaged = image.slice()
    damaged.fill(0, 100 * SECTOR, 180 * SECTOR)
    damaged[1000 * SECTOR + 5] = 1 ^ (damaged[1000 * SECTOR + 5] ?? 0)
    const cut = damaged.subarray(0, 1440 * SECTOR + 3)
    const outcome = await repaired(await volumeOf(cut, ecc))
    expect(outcome.damaged).toEqual([])
    expect(outcome.mended.size).toBe(80 + 1 + 61)
    expect(outcome.fitting).toBe(1501 - outcome.mended.size)
    expect(Buffer.from(withMended(cut, outcome, image.byteLength)).equals(image)).toBe(true)
  })

  it('is mended where the error correction itself is damaged too', async () => {
    const image = noise(1500 * SECTOR)
    const { ecc } = await protectedImage(image)
    const damaged = image.slice()
    damaged.fill(9, 20 * SECTOR, 36 * SECTOR)
    const file = fs.readFileSync(ecc)
    // A CRC sector, parity, and the header.
    file.fill(1, 3 * SECTOR, 4 * SECTOR)
    file.fill(2, 12 * SECTOR, 14 * SECTOR)
    file.fill(3, 0, 2 * SECTOR)
    fs.writeFileSync(ecc, file)
    const outcome = await repaired(await volumeOf(damaged, ecc))
    expect(outcome.damaged).toEqual([])
    expect(Buffer.from(withMended(damaged, outcome)).equals(image)).toBe(true)
  })

  it('says which sectors are beyond repair, and mends the others', async () => {
    const image = noise(900 * SECTOR)
    const { ecc } = await protectedImage(image, 3.3)
    const rows = Math.ceil(900 / 246)
    const damaged = image.slice()
    // Of the first row nine sectors, one more than there is parity; of the second one.
    for (let layer = 0; layer < 9; layer++) damaged.fill(0, layer * rows * SECTOR, (layer * rows + 1) * SECTOR)
    damaged.fill(0, SECTOR, 2 * SECTOR)
    const outcome = await repaired(await volumeOf(damaged, ecc))
    expect(outcome.damaged).toEqual(Array.from({ length: 9 }, (_, layer) => layer * rows))
    expect([...outcome.mended.keys()]).toEqual([1])
  })

  it('is known for another image’s', async () => {
    const { ecc } = await protectedImage(noise(300 * SECTOR))
    await expect(volumeOf(noise(300 * SECTOR, 2), ecc)).rejects.toMatchObject({ code: 'OTHER_IMAGE' })
  })

  it('is refused where its header is none, or lies', async () => {
    const image = noise(300 * SECTOR)
    const { ecc } = await protectedImage(image)
    const file = fs.readFileSync(ecc)
    fs.writeFileSync(ecc, file.subarray(0, 100))
    await expect(volumeOf(image, ecc)).rejects.toMatchObject({ code: 'BAD_ECC' })
    fs.writeFileSync(ecc, Buffer.alloc(1 << 16))
    await expect(volumeOf(image, ecc)).rejects.toMatchObject({ code: 'BAD_ECC' })
  })
})

describe.skipIf(dvdisaster === null)('dvdisaster, where it is installed', () => {
  const run = dvdisaster ?? (() => '')

  it.each([300 * SECTOR, 700 * SECTOR + 1234])(
    'takes our file for its own, and mends from it (%i bytes)',
    async (byteLength) => {
      const bytes = noise(byteLength)
      const { folder, image, ecc } = await protectedImage(bytes)
      const theirs = path.join(folder, 'theirs.ecc')
      run('-i', image, '-e', theirs, '-mRS03', '-o', 'file', '-n', '20%', '-c')
      expect(fs.readFileSync(ecc).equals(fs.readFileSync(theirs))).toBe(true)
      const damaged = Buffer.from(bytes)
      damaged.fill(0, 40 * SECTOR, 60 * SECTOR)
      fs.writeFileSync(image, damaged)
      expect(run('-i', image, '-e', ecc, '-f')).toContain('All sectors are repaired')
      expect(fs.readFileSync(image).equals(Buffer.from(bytes))).toBe(true)
    },
  )

  it('has its RS02 in an image understood, header lost or not', async () => {
    const bytes = noise(3000 * SECTOR)
    const image = path.join(temporaryFolder(), 'disc.iso')
    fs.writeFileSync(image, bytes)
    run('-i', image, '-mRS02', '-n', '4000', '-c')
    const whole = fs.readFileSync(image)
    expect(whole.byteLength).toBeGreaterThan(bytes.byteLength)
    const damaged = Buffer.from(whole)
    damaged.fill(0, 200 * SECTOR, 260 * SECTOR)
    for (const isHeaderLost of [false, true]) {
      if (isHeaderLost) damaged.fill(0, 3000 * SECTOR, 3002 * SECTOR)
      const volume = await EccVolume.inImage(new MemoryByteSource(damaged), [3000], true)
      expect(volume?.header.codec).toBe('RS02')
      expect(volume?.totalByteLength).toBe(whole.byteLength)
      if (volume === null) return
      const outcome = await repaired(volume, (sector) => sector >= 200 && sector < 260)
      expect(outcome.damaged).toEqual([])
      expect(Buffer.from(withMended(damaged, outcome)).subarray(0, bytes.byteLength).equals(Buffer.from(bytes))).toBe(
        true,
      )
    }
  })
})
