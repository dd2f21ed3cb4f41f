import { readU16Le, type ByteReader } from '../../core/byte-reader'
import { crcCcitt } from '../../core/crc-ccitt'

/** ECMA-167 3/7.2.1 and 4/7.2.1. */
export const TagId = {
  primaryVolume: 1,
  anchor: 2,
  volumePointer: 3,
  partition: 5,
  logicalVolume: 6,
  unallocatedSpace: 7,
  terminator: 8,
  logicalVolumeIntegrity: 9,
  fileSet: 256,
  fileIdentifier: 257,
  allocationExtent: 258,
  indirectEntry: 259,
  terminalEntry: 260,
  fileEntry: 261,
  extendedFileEntry: 266,
} as const

export interface DescriptorTag {
  id: number
  location: number
  /** The tag's own checksum fits. */
  isSound: boolean
}

/** ECMA-167 3/7.2. */
export function readTag(reader: ByteReader, at = 0): DescriptorTag {
  let sum = 0
  for (let i = 0; i < 16; i++) if (i !== 4) sum += reader.u8(at + i)
  return {
    id: reader.u16Le(at),
    location: reader.u32Le(at + 12),
    isSound: reader.has(at, 16) && (sum & 0xff) === reader.u8(at + 4),
  }
}

/** ECMA-167 3/7.2.6: CRC-CCITT over what follows the tag. False where the length cannot be. */
export function hasValidCrc(reader: ByteReader, at = 0): boolean {
  return isCrcSound(reader.bytes, at, reader.byteLength)
}

/** As {@link hasValidCrc}, of a descriptor in `bytes[at, end)`. */
export function isCrcSound(bytes: Uint8Array, at: number, end: number): boolean {
  const from = at + 16
  const to = from + readU16Le(bytes, at + 10)
  if (to > end) return false
  return crcCcitt(bytes, from, to) === readU16Le(bytes, at + 8)
}

/** ECMA-167 3/7.2.3: the tag's own checksum. */
export function isTagSound(bytes: Uint8Array, at: number): boolean {
  let sum = 0
  for (let i = at; i < at + 16; i++) sum += bytes[i] ?? 0
  const checksum = bytes[at + 4] ?? 0
  return ((sum - checksum) & 0xff) === checksum
}
