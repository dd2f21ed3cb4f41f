import { crc32 } from 'node:zlib'
import { matchesAscii, readU32Le, readU64Le } from '../core/byte-reader'
import { createHash } from '../core/create-hash'

export const SECTOR = 2048
/** A header takes two sectors. */
export const HEADER_SECTORS = 2
const HEADER_LENGTH = HEADER_SECTORS * SECTOR
/** Of four bytes each. */
export const SUMS_PER_SECTOR = SECTOR / 4
export const COOKIE = '*dvdisaster*'
/** What stands where the sum of a header goes while it is summed: “GPL”. */
const SUM_PLACEHOLDER = 0x4c5047
/** Where the header of a CRC sector of RS03 begins, behind its 256 sums. */
export const CRC_HEADER_OFFSET = 1024
/** Flag of RS03: it lies in a file of its own. */
const IN_FILE = 2
/** Versions of dvdisaster: the one whose layout this is, and the first that understands it. */
const CREATOR_VERSION = 7905
const NEEDED_VERSION = 7900

/** What a header of dvdisaster says of the error correction that it stands before. */
export interface EccHeader {
  codec: 'RS02' | 'RS03'
  isFile: boolean
  /** MD5 of one sector of the image, by which that is known. */
  fingerprint: Uint8Array
  fingerprintSector: number
  /** Of the image without the error correction, in sectors. */
  imageSectors: number
  /** What of the last of them is the image's own, in bytes. */
  lastLength: number
  dataLayers: number
  eccLayers: number
  /** 0 in RS02, where it follows. */
  sectorsPerLayer: number
  /** RS02: MD5 of the sectors that hold the sums, and how many sectors were added. */
  crcSum: Uint8Array
  addedSectors: number
}

/** As dvdisaster sums a sector: a CRC-32 that is not inverted at its end. */
export function sectorCrc(bytes: Uint8Array): number {
  return ~crc32(bytes) >>> 0
}

export function md5(bytes: Uint8Array): Uint8Array {
  return createHash('md5').update(bytes).digest()
}

/** The header at the start of `bytes`, which has two sectors; null where there is none, or one that is damaged. */
export function readEccHeader(bytes: Uint8Array): EccHeader | null {
  if (bytes.byteLength < HEADER_LENGTH || !matchesAscii(bytes, 0, COOKIE)) return null
  if (!isSumRight(bytes.subarray(0, HEADER_LENGTH), 96)) return null
  return checked(
    {
      codec: matchesAscii(bytes, 12, 'RS02') ? 'RS02' : 'RS03',
      isFile: ((bytes[16] ?? 0) & IN_FILE) !== 0,
      fingerprint: bytes.slice(20, 36),
      fingerprintSector: readU32Le(bytes, 92),
      imageSectors: readU64Le(bytes, 68),
      lastLength: readU32Le(bytes, 116),
      dataLayers: readU32Le(bytes, 76),
      eccLayers: readU32Le(bytes, 80),
      sectorsPerLayer: readU64Le(bytes, 120),
      crcSum: bytes.slice(100, 116),
      addedSectors: readU64Le(bytes, 128),
    },
    bytes,
  )
}

/** What a CRC sector of RS03 says of the whole, behind its sums; null where it is none, or damaged. */
export function readCrcSectorHeader(sector: Uint8Array): EccHeader | null {
  const at = CRC_HEADER_OFFSET
  if (sector.byteLength < SECTOR || !matchesAscii(sector, at, COOKIE)) return null
  if (!isSumRight(sector.subarray(0, SECTOR), at + 96)) return null
  return checked(
    {
      codec: 'RS03',
      isFile: ((sector[at + 16] ?? 0) & IN_FILE) !== 0,
      fingerprint: sector.slice(at + 32, at + 48),
      fingerprintSector: readU32Le(sector, at + 28),
      imageSectors: readU64Le(sector, at + 64),
      lastLength: readU32Le(sector, at + 72),
      dataLayers: readU32Le(sector, at + 76),
      eccLayers: readU32Le(sector, at + 80),
      sectorsPerLayer: readU64Le(sector, at + 88),
      crcSum: new Uint8Array(16),
      addedSectors: 0,
    },
    sector.subarray(at),
  )
}

/** A header says nothing that cannot be: the counts of layers make up a word, the image has sectors. */
function checked(header: EccHeader, bytes: Uint8Array): EccHeader | null {
  const { dataLayers, eccLayers, imageSectors, lastLength, sectorsPerLayer, codec, addedSectors } = header
  if (!matchesAscii(bytes, 12, 'RS02') && !matchesAscii(bytes, 12, 'RS03')) return null
  if (dataLayers < 2 || eccLayers < 1 || dataLayers + eccLayers !== 255) return null
  if (imageSectors < 1 || !Number.isSafeInteger(imageSectors * SECTOR) || lastLength < 1 || lastLength > SECTOR)
    return null
  if (codec === 'RS03') {
    const capacity = sectorsPerLayer * (dataLayers - 1)
    if (sectorsPerLayer < 1 || !Number.isSafeInteger(sectorsPerLayer * 255 * SECTOR) || capacity < imageSectors)
      return null
  } else if (addedSectors < 1 || !Number.isSafeInteger((imageSectors + addedSectors) * SECTOR)) return null
  return header
}

function isSumRight(bytes: Uint8Array, sumAt: number): boolean {
  return readU32Le(bytes, sumAt) === summed(bytes.slice(), sumAt)
}

/** The sum of a header, with the placeholder in its place: `bytes` is changed. */
function summed(bytes: Uint8Array, sumAt: number): number {
  viewOf(bytes).setUint32(sumAt, SUM_PLACEHOLDER, true)
  return sectorCrc(bytes)
}

/** The header of an RS03 file, two sectors long. */
export function writeEccHeader(header: EccHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_LENGTH)
  const view = viewOf(bytes)
  bytes.set(Buffer.from(`${COOKIE}${header.codec}`, 'latin1'))
  bytes[16] = header.isFile ? IN_FILE : 0
  bytes.set(header.fingerprint, 20)
  view.setBigUint64(68, BigInt(header.imageSectors), true)
  view.setUint32(76, header.dataLayers, true)
  view.setUint32(80, header.eccLayers, true)
  view.setUint32(84, CREATOR_VERSION, true)
  view.setUint32(88, NEEDED_VERSION, true)
  view.setUint32(92, header.fingerprintSector, true)
  view.setUint32(116, header.lastLength, true)
  view.setBigUint64(120, BigInt(header.sectorsPerLayer), true)
  view.setUint32(96, summed(bytes, 96), true)
  return bytes
}

/** A CRC sector of RS03. @param sums of the data sectors of a row, a number each */
export function writeCrcSector(header: EccHeader, sums: ArrayLike<number>): Uint8Array {
  const bytes = new Uint8Array(SECTOR)
  const view = viewOf(bytes)
  const at = CRC_HEADER_OFFSET
  for (let i = 0; i < sums.length; i++) view.setUint32(i * 4, sums[i] ?? 0, true)
  bytes.set(Buffer.from(`${COOKIE}${header.codec}`, 'latin1'), at)
  bytes[at + 16] = header.isFile ? IN_FILE : 0
  view.setUint32(at + 20, CREATOR_VERSION, true)
  view.setUint32(at + 24, NEEDED_VERSION, true)
  view.setUint32(at + 28, header.fingerprintSector, true)
  bytes.set(header.fingerprint, at + 32)
  view.setBigUint64(at + 64, BigInt(header.imageSectors), true)
  view.setUint32(at + 72, header.lastLength, true)
  view.setUint32(at + 76, header.dataLayers, true)
  view.setUint32(at + 80, header.eccLayers, true)
  view.setBigUint64(at + 88, BigInt(header.sectorsPerLayer), true)
  view.setUint32(at + 96, summed(bytes, at + 96), true)
  return bytes
}

/**
 * What stands for a sector that pads the image up to whole layers: its words tell what it is, and its number keeps all of
 * them apart.
 */
export function paddingSector(number: number, fingerprint: Uint8Array, fingerprintSector: number): Uint8Array {
  const bytes = new Uint8Array(SECTOR)
  const put = (at: number, text: string): void => {
    bytes.set(Buffer.from(text, 'latin1'), at)
  }
  put(0, 'dvdisaster padding sector       ')
  put(32, 'This is a padding sector needed for augmenting the image with error correction data.')
  put(256, 'Padding sector marker version')
  put(288, '1.00')
  put(320, 'Padding sector number')
  put(352, String(number))
  put(384, 'Medium fingerprint')
  bytes.set(fingerprint, 416)
  put(448, 'Medium fingerprint sector')
  put(480, String(fingerprintSector))
  put(2011, 'dvdisaster padding sector end marker')
  return bytes
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

/** RS02: how many sectors the sums of an image take. */
export function crcSectorsOf(imageSectors: number): number {
  return Math.ceil(imageSectors / SUMS_PER_SECTOR)
}
