import { ByteReader } from '../../core/byte-reader'

export const FOOTER_LENGTH = 512
export const FOOTER_MAGIC = 'conectix'
const HEADER_MAGIC = 'cxsparse'
export const HEADER_LENGTH = 1024

export const DiskType = { fixed: 2, dynamic: 3, differencing: 4 } as const

/** “Virtual Hard Disk Image Format Specification”, “Hard Disk Footer Format”; big-endian. */
export interface Footer {
  type: number
  /** In bytes, of the disk. */
  byteLength: number
  /** Of the dynamic header. */
  headerOffset: number
  /** Hexadecimal. */
  id: string
  isSumRight: boolean
}

/** Null where there is none. */
export function readFooter(bytes: Uint8Array): Footer | null {
  const reader = new ByteReader(bytes)
  if (!reader.has(0, 84) || !reader.matches(0, FOOTER_MAGIC)) return null
  return {
    type: reader.u32Be(60),
    byteLength: reader.u64Be(48),
    headerOffset: reader.u64Be(16),
    id: hex(reader.slice(68, 16)),
    isSumRight: complementOf(bytes.subarray(0, FOOTER_LENGTH), 64) === reader.u32Be(64),
  }
}

/** “Dynamic Disk Header Format”. */
export interface DynamicHeader {
  tableOffset: number
  entryCount: number
  blockLength: number
  baseId: string
  baseName: string
  /** Where names of the base lie in the file: byte offset and length. */
  locators: { platform: string; byteOffset: number; byteLength: number }[]
}

/** Null where there is none. */
export function readDynamicHeader(bytes: Uint8Array): DynamicHeader | null {
  const reader = new ByteReader(bytes)
  if (!reader.has(0, HEADER_LENGTH) || !reader.matches(0, HEADER_MAGIC)) return null
  return {
    tableOffset: reader.u64Be(16),
    entryCount: reader.u32Be(28),
    blockLength: reader.u32Be(32),
    baseId: hex(reader.slice(40, 16)),
    baseName: utf16Be(reader.slice(64, 512)),
    locators: Array.from({ length: 8 }, (_, index) => 576 + index * 24).map((at) => ({
      platform: reader.latin1(at, 4),
      byteOffset: reader.u64Be(at + 16),
      byteLength: reader.u32Be(at + 8),
    })),
  }
}

/** The text of a locator. */
export function locatorText(platform: string, bytes: Uint8Array): string {
  const encoding = platform === 'W2ru' || platform === 'W2ku' ? 'utf-16le' : 'utf-8'
  return new TextDecoder(encoding)
    .decode(bytes)
    .replace(/\0.*$/s, '')
    .replace(/^file:\/\//, '')
}

function utf16Be(bytes: Uint8Array): string {
  return new TextDecoder('utf-16be').decode(bytes).replace(/\0.*$/s, '')
}

function hex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

/** The one's complement of the sum of all bytes but those of the sum. */
function complementOf(bytes: Uint8Array, sumOffset: number): number {
  let sum = 0
  for (const [at, byte] of bytes.entries()) if (at < sumOffset || at >= sumOffset + 4) sum += byte
  return ~sum >>> 0
}
