import { matchesAscii, readU32Le } from '../core/byte-reader'
import type { ByteSource } from '../core/byte-source'
import {
  COOKIE,
  CRC_HEADER_OFFSET,
  crcSectorsOf,
  HEADER_SECTORS,
  readCrcSectorHeader,
  readEccHeader,
  SECTOR,
  type EccHeader,
} from './ecc-header'
import { WORD_LENGTH } from './galois'

/** RS02 repeats its header in front of every so many sectors, a power of two. */
const REPEAT_LIMIT = 2 ** 40

export async function headerAt(source: ByteSource, sector: number): Promise<EccHeader | null> {
  return readEccHeader(await source.read(sector * SECTOR, HEADER_SECTORS * SECTOR))
}

export async function headerOfCrcSector(source: ByteSource, sector: number): Promise<EccHeader | null> {
  // The first ones may be damaged as well.
  const bytes = await source.read(sector * SECTOR, 16 * SECTOR)
  for (let at = 0; at + SECTOR <= bytes.byteLength; at += SECTOR) {
    const header = readCrcSectorHeader(bytes.subarray(at, at + SECTOR))
    if (header !== null) return header
  }
  return null
}

export async function findInImage(
  image: ByteSource,
  ends: readonly number[],
  isThorough: boolean,
): Promise<EccHeader | null> {
  // Some programs count 150 sectors more, or less, to a track.
  for (const end of new Set(ends.flatMap((sector) => [sector, sector - 150, sector + 150]))) {
    if (end < 1) continue
    const header = await headerAt(image, end)
    if (header !== null && header.imageSectors === end) return header
  }
  if (!isThorough) return null
  const total = Math.ceil(image.byteLength / SECTOR)
  const rows = Math.floor(total / WORD_LENGTH)
  for (let layers = 2; rows > 0 && layers < WORD_LENGTH; layers++) {
    const start = (layers - 1) * rows
    const bytes = await image.read(start * SECTOR + CRC_HEADER_OFFSET, COOKIE.length)
    if (!matchesAscii(bytes, 0, COOKIE)) continue
    const header = await headerOfCrcSector(image, start)
    if (header !== null) return header
  }
  return findRepeatedHeader(image, total)
}

/** RS02: each header stands at a multiple of some power of two, so that any is found by looking at few sectors. */
async function findRepeatedHeader(image: ByteSource, total: number): Promise<EccHeader | null> {
  for (let step = 2 ** Math.floor(Math.log2(Math.max(2, total))); step >= 32; step /= 2) {
    for (let sector = step; sector < total; sector += step * 2) {
      if (!matchesAscii(await image.read(sector * SECTOR, 16), 0, `${COOKIE}RS02`)) continue
      const header = await headerAt(image, sector)
      if (header !== null) return header
    }
  }
  return null
}

/** Null where no number of repeated headers gives the length that the header tells. */
export async function findRepeat(image: ByteSource, header: EccHeader): Promise<number | null> {
  const { imageSectors, dataLayers, eccLayers, addedSectors } = header
  const start = imageSectors + HEADER_SECTORS + crcSectorsOf(imageSectors)
  const parity = eccLayers * Math.ceil(start / dataLayers)
  const repeats = (addedSectors - HEADER_SECTORS - crcSectorsOf(imageSectors) - parity) / HEADER_SECTORS
  if (!Number.isInteger(repeats) || repeats < 0) return null
  let found: number | null = repeats === 0 ? REPEAT_LIMIT : null
  for (let step = 4; step < REPEAT_LIMIT && repeats > 0; step *= 2) {
    const first = Math.ceil(start / step) * step
    const beyond = parity - (first - start)
    if (beyond <= 0 || Math.ceil(beyond / (step - HEADER_SECTORS)) !== repeats) continue
    found ??= step
    if (matchesAscii(await image.read(first * SECTOR, 16), 0, COOKIE)) return step
  }
  return found
}

/** Where the volume says that it ends, by its descriptors (ECMA-119 8.4.8), in sectors. */
export async function volumeEnds(image: ByteSource): Promise<number[]> {
  const descriptors = await image.read(16 * SECTOR, 16 * SECTOR)
  const ends: number[] = []
  for (let at = 0; at + SECTOR <= descriptors.byteLength; at += SECTOR)
    if (matchesAscii(descriptors, at + 1, 'CD001')) ends.push(readU32Le(descriptors, at + 80))
  return ends
}
