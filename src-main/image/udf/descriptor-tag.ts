import type { ByteReader } from '../byte-reader'

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

const CRC_TABLE = new Uint16Array(256).map((_, index) => {
  let crc = index << 8
  for (let bit = 0; bit < 8; bit++) crc = (crc & 0x8000) !== 0 ? (crc << 1) ^ 0x1021 : crc << 1
  return crc & 0xffff
})

/** ECMA-167 3/7.2.6: CRC-CCITT over what follows the tag. False where the length cannot be. */
export function hasValidCrc(reader: ByteReader, at = 0): boolean {
  const length = reader.u16Le(at + 10)
  if (!reader.has(at + 16, length)) return false
  let crc = 0
  for (let i = at + 16; i < at + 16 + length; i++) {
    crc = ((crc << 8) ^ (CRC_TABLE[((crc >> 8) ^ reader.u8(i)) & 0xff] ?? 0)) & 0xffff
  }
  return crc === reader.u16Le(at + 8)
}
