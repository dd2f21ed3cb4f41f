import { crcCcitt } from '../../image/core/crc-ccitt'
import { ByteWriter } from '../byte-writer'
import { BLOCK } from '../layout'
import { isLatin1 } from '../names'

/** Revisions that are written: ECMA-167 second edition for 1.02 and 1.50, third for 2.01 and 2.50. */
export const UDF_REVISIONS = ['1.02', '1.50', '2.01', '2.50'] as const
export type UdfRevision = (typeof UDF_REVISIONS)[number]

/** As descriptors record it: `0x0102`. */
export function revisionNumber(revision: UdfRevision): number {
  const [major = '1', minor = '02'] = revision.split('.')
  return Number.parseInt(`${major}${minor.padStart(2, '0')}`, 16)
}

/** UDF 2.2.10: structures of the file system lie in a partition of their own, which is a file, and once more in its mirror. */
export function hasMetadataPartition(revision: UdfRevision): boolean {
  return revisionNumber(revision) >= 0x0250
}

/** By which partition of the logical volume structures are addressed. */
export function structuresPartition(revision: UdfRevision): number {
  return hasMetadataPartition(revision) ? 1 : 0
}

function isThirdEdition(revision: UdfRevision): boolean {
  return revisionNumber(revision) >= 0x0200
}

export const Tag = {
  primaryVolume: 1,
  anchor: 2,
  implementationUse: 4,
  partition: 5,
  logicalVolume: 6,
  unallocatedSpace: 7,
  terminator: 8,
  integrity: 9,
  fileSet: 256,
  fileIdentifier: 257,
  fileEntry: 261,
} as const

/** Puts the tag in front of a descriptor whose body is written (ECMA-167 3/7.2). */
export function seal(
  descriptor: ByteWriter,
  id: number,
  location: number,
  revision: UdfRevision,
  byteLength = descriptor.bytes.byteLength,
): Uint8Array {
  const { bytes } = descriptor
  descriptor
    .u16Le(0, id)
    .u16Le(2, isThirdEdition(revision) ? 3 : 2)
    .u16Le(8, crcCcitt(bytes, 16, byteLength))
    .u16Le(10, byteLength - 16)
    .u32Le(12, location)
  let sum = 0
  for (let i = 0; i < 16; i++) if (i !== 4) sum += bytes[i] ?? 0
  descriptor.u8(4, sum & 0xff)
  return bytes
}

/** OSTA CS0 (UDF 2.1.1): a byte that says how wide the characters are, then those. Empty for no text. */
export function cs0(text: string): Uint8Array {
  if (text === '') return new Uint8Array(0)
  const isNarrow = isLatin1(text)
  const bytes = isNarrow ? Buffer.from(text, 'latin1') : Buffer.from(text, 'utf16le').swap16()
  const recorded = Buffer.allocUnsafe(bytes.byteLength + 1)
  recorded[0] = isNarrow ? 8 : 16
  recorded.set(bytes, 1)
  return recorded
}

/** ECMA-167 1/7.2.12: a field whose last byte says how much of it is used; text that does not fit is cut. */
export function dstring(text: string, fieldLength: number): Uint8Array {
  const field = new Uint8Array(fieldLength)
  let bytes = cs0(text)
  for (let shorter = text; bytes.byteLength > fieldLength - 1;) {
    shorter = Array.from(shorter).slice(0, -1).join('')
    bytes = cs0(shorter)
  }
  field.set(bytes)
  field[fieldLength - 1] = bytes.byteLength
  return field
}

/** ECMA-167 1/7.2.1: the one character set there is. */
export function charspec(): Uint8Array {
  return new ByteWriter(64).text(1, 'OSTA Compressed Unicode', 63, 0).bytes
}

/** ECMA-167 1/7.4, UDF 2.1.5. */
export function regid(identifier: string, suffix: ArrayLike<number> = []): Uint8Array {
  return new ByteWriter(32).text(1, identifier, 23, 0).set(24, suffix).bytes
}

export const IMPLEMENTATION = regid('*Isolde')

/** UDF 2.1.5.3: revision, and that nothing in it may be changed. */
export function domainId(revision: UdfRevision): Uint8Array {
  const number = revisionNumber(revision)
  return regid('*OSTA UDF Compliant', [number & 0xff, number >> 8, 3])
}

/** UDF 2.1.5.3 for identifiers of UDF itself: revision, and no operating system. */
export function udfId(identifier: string, revision: UdfRevision): Uint8Array {
  const number = revisionNumber(revision)
  return regid(identifier, [number & 0xff, number >> 8])
}

/** ECMA-167 1/7.3: local time of type 1 with an offset of none. */
export function timestamp(milliseconds: number): Uint8Array {
  const date = new Date(milliseconds)
  // ECMA-167 1/7.3: years from 1 to 9999; all zeros: not specified.
  const year = date.getUTCFullYear()
  if (!(year >= 1 && year <= 9999)) return new Uint8Array(12)
  return new ByteWriter(12)
    .u16Le(0, 1 << 12)
    .u16Le(2, date.getUTCFullYear())
    .u8(4, date.getUTCMonth() + 1)
    .u8(5, date.getUTCDate())
    .u8(6, date.getUTCHours())
    .u8(7, date.getUTCMinutes())
    .u8(8, date.getUTCSeconds())
    .u8(9, Math.floor(date.getUTCMilliseconds() / 10)).bytes
}

/** ECMA-167 4/14.14.2. @param block of the partition, by whose number in the logical volume it is addressed */
export function longAllocation(byteLength: number, block: number, partition: number, uniqueId = 0): Uint8Array {
  return new ByteWriter(16).u32Le(0, byteLength).u32Le(4, block).u16Le(8, partition).u32Le(12, uniqueId).bytes
}

/** ECMA-167 2/9.1: what says that the volume is recorded by this standard. */
export function recognition(revision: UdfRevision): Uint8Array {
  const sequence = new ByteWriter(3 * BLOCK)
  for (const [index, id] of ['BEA01', isThirdEdition(revision) ? 'NSR03' : 'NSR02', 'TEA01'].entries())
    sequence.text(index * BLOCK + 1, id, 5).u8(index * BLOCK + 6, 1)
  return sequence.bytes
}

export function partitionContents(revision: UdfRevision): Uint8Array {
  return regid(isThirdEdition(revision) ? '+NSR03' : '+NSR02')
}
