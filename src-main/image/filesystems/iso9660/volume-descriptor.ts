import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { readDirectoryDateTime, readVolumeDateTime } from '../../core/date-time'
import { FaultTally } from '../../core/fault-tally'
import { readBothU16, readBothU32 } from '../../core/both-endian'
import { checkFields, holdsTree } from './descriptor-check'

export const SECTOR_LENGTH = 2048
/** ECMA-119 6.2.1: the system area is sectors 0 to 15. */
export const SYSTEM_AREA_SECTORS = 16
/** Real sets have a handful; a set without a terminator must end somewhere. */
const DESCRIPTOR_LIMIT = 64

export const DescriptorType = { boot: 0, primary: 1, supplementary: 2, partition: 3, terminator: 255 } as const

/** ECMA-119 8.1: what all descriptors begin with, and where it lies. */
export interface VolumeDescriptor {
  type: number
  version: number
  byteOffset: number
  bytes: ByteReader
}

/** ECMA-119 8.4 and 8.5: primary, supplementary and enhanced descriptors share their layout. */
export interface TreeDescriptor {
  kind: 'primary' | 'joliet' | 'enhanced'
  byteOffset: number
  jolietLevel: number
  systemId: string
  volumeId: string
  volumeSetId: string
  publisher: string
  preparer: string
  application: string
  copyrightFile: string
  abstractFile: string
  bibliographicFile: string
  volumeSpaceSize: number
  logicalBlockSize: number
  /** What the other byte order says of it, where that is a size too; null where they agree. */
  otherBlockSize: number | null
  pathTableSize: number
  locationOfLPathTable: number
  locationOfMPathTable: number
  rootLocation: number
  rootXarLength: number
  rootByteLength: number
  rootModified: number
  created: number
  modified: number
}

/** How many sectors in a row may be unreadable before what follows them is no part of the set any more. */
const GAP_LIMIT = 2

/**
 * The descriptors from `byteOffset` to the terminator. One that is destroyed is passed over where another follows it,
 * and told as damage.
 */
export async function readVolumeDescriptorSet(
  source: ByteSource,
  byteOffset: number,
  log: DiagnosticLog,
): Promise<VolumeDescriptor[]> {
  const set: VolumeDescriptor[] = []
  const bytes = await source.read(byteOffset, SECTOR_LENGTH * 16)
  let reader = new ByteReader(bytes)
  const gap: number[] = []
  let isEnded = false
  for (let index = 0; index < DESCRIPTOR_LIMIT; index++) {
    if (index === 16) reader = new ByteReader(await source.read(byteOffset + 16 * SECTOR_LENGTH, SECTOR_LENGTH * 48))
    const at = (index < 16 ? index : index - 16) * SECTOR_LENGTH
    // A descriptor cut short still tells its root if the first 190 bytes are there.
    if (!reader.has(at, 190)) {
      isEnded = true
      break
    }
    const isNamed = reader.matches(at + 1, 'CD001')
    if (!isNamed && isPrimaryAllTheSame(reader, at)) {
      log.recovered(
        'DESCRIPTOR_DAMAGED',
        'The standard identifier of the primary volume descriptor is damaged; what it describes is shown all the same.',
        byteOffset + index * SECTOR_LENGTH,
      )
    } else if (!isNamed) {
      gap.push(byteOffset + index * SECTOR_LENGTH)
      if (gap.length > GAP_LIMIT || reader.matches(at + 1, 'BEA01') || reader.matches(at + 1, 'NSR0')) break
      continue
    }
    const type = reader.u8(at)
    for (const place of gap.splice(0))
      log.damage('DESCRIPTOR_DAMAGED', 'A volume descriptor is destroyed; what it described is lost.', place)
    if (
      type === DescriptorType.terminator &&
      !holdsTree(reader.sub(at, Math.min(SECTOR_LENGTH, reader.byteLength - at)))
    ) {
      isEnded = true
      const next = new ByteReader(await source.read(byteOffset + (index + 1) * SECTOR_LENGTH, 8))
      if (!next.matches(1, 'CD001') || next.u8(0) > DescriptorType.partition) break
      log.damage(
        'DESCRIPTORS_OUT_OF_ORDER',
        'The volume descriptors go on behind the one that ends them: their sectors are in the wrong order.',
        byteOffset + index * SECTOR_LENGTH,
      )
      isEnded = false
      continue
    }
    if (type > DescriptorType.partition && type !== DescriptorType.terminator)
      log.damage(
        'DESCRIPTOR_DAMAGED',
        `A volume descriptor is of a kind that there is not: ${type}.`,
        byteOffset + index * SECTOR_LENGTH,
      )
    set.push({
      type,
      version: reader.u8(at + 6),
      byteOffset: byteOffset + index * SECTOR_LENGTH,
      bytes: reader.sub(at, SECTOR_LENGTH),
    })
  }
  const last = set.at(-1)
  if (!isEnded && last !== undefined)
    log.recovered(
      'DESCRIPTOR_DAMAGED',
      'The descriptor that ends the volume descriptors is destroyed.',
      last.byteOffset + SECTOR_LENGTH,
    )
  return set
}

/**
 * Whether a sector without the standard identifier (ECMA-119 8.1.2) is a primary volume descriptor that has lost some of
 * it: everything else in it is as it should be.
 */
function isPrimaryAllTheSame(reader: ByteReader, at: number): boolean {
  const bytes = reader.sub(at, Math.min(SECTOR_LENGTH, reader.byteLength - at))
  if (bytes.u8(0) !== DescriptorType.primary || bytes.u8(6) !== 1 || !hasRootRecord(bytes)) return false
  const isLike = [1, 2, 3, 4, 5].filter((at) => bytes.u8(at) === 'CD001'.charCodeAt(at - 1)).length >= 3
  const blockSize = bytes.u16Le(128)
  return (
    isLike &&
    isBlockSize(blockSize) &&
    blockSize === bytes.u16Be(130) &&
    bytes.u32Le(80) === bytes.u32Be(84) &&
    bytes.u32Le(158) === bytes.u32Be(162)
  )
}

/** ECMA-119 8.4, 8.5; Joliet specification, “Identifying a Joliet SVD”; null for other kinds of descriptor. */
export function readTreeDescriptor(
  descriptor: VolumeDescriptor,
  log: DiagnosticLog,
  imageByteLength: number,
): TreeDescriptor | null {
  const { bytes, type, version, byteOffset } = descriptor
  const faults = new FaultTally()
  let jolietLevel = type === DescriptorType.primary ? 0 : jolietLevelOf(bytes)
  const isOtherwiseNamed = type !== DescriptorType.primary && type !== DescriptorType.supplementary
  if (isOtherwiseNamed) {
    if (!(jolietLevel > 0 ? hasRootRecord(bytes) : holdsTree(bytes))) return null
    log.damage('DESCRIPTOR_DAMAGED', 'A volume descriptor names another kind than its content is of.', byteOffset)
  }
  if (type === DescriptorType.supplementary && jolietLevel === 0 && version === 1 && isNearlyJoliet(bytes)) {
    jolietLevel = 3
    log.damage('DESCRIPTOR_DAMAGED', 'The escape sequence of a Joliet descriptor is damaged.', byteOffset)
  }
  const isPrimary = type === DescriptorType.primary || (isOtherwiseNamed && jolietLevel === 0 && version === 1)
  const kind = isPrimary ? 'primary' : jolietLevel > 0 ? 'joliet' : 'enhanced'
  if (kind === 'enhanced' && version !== 2) {
    log.note('SUPPLEMENTARY_WITHOUT_ESCAPE', 'A supplementary volume descriptor names no character set.', byteOffset)
  }
  const text = (at: number, length: number): string =>
    kind === 'joliet' ? utf16Text(bytes.slice(at, length)) : latin1Text(bytes, at, length)
  const blockSize = readBothU16(bytes.bytes, 128, byteOffset, faults, isBlockSize)
  const canBeBlock = (block: number): boolean => block * (isBlockSize(blockSize) ? blockSize : 2048) < imageByteLength
  const both = (at: number): number => readBothU32(bytes.bytes, at, byteOffset, faults, canBeBlock)
  const tree: TreeDescriptor = {
    kind,
    byteOffset,
    jolietLevel,
    systemId: text(8, 32),
    volumeId: text(40, 32),
    volumeSpaceSize: readBothU32(
      bytes.bytes,
      80,
      byteOffset,
      faults,
      (blocks) => blocks > 0 && (blocks - 1) * 2048 < imageByteLength,
    ),
    logicalBlockSize: blockSize,
    otherBlockSize:
      [bytes.u16Le(128), bytes.u16Be(130)].find((size) => size !== blockSize && isBlockSize(size)) ?? null,
    pathTableSize: both(132),
    locationOfLPathTable: bytes.u32Le(140),
    locationOfMPathTable: bytes.u32Be(148),
    rootXarLength: bytes.u8(157),
    rootLocation: both(158),
    rootByteLength: both(166),
    rootModified: readDirectoryDateTime(bytes.bytes, 174),
    volumeSetId: text(190, 128),
    publisher: text(318, 128),
    preparer: text(446, 128),
    application: text(574, 128),
    copyrightFile: text(702, 37),
    abstractFile: text(739, 37),
    bibliographicFile: text(776, 37),
    created: readVolumeDateTime(bytes.bytes, 813),
    modified: readVolumeDateTime(bytes.bytes, 830),
  }
  if (!isBlockSize(blockSize))
    log.recovered(
      'BLOCK_SIZE_UNKNOWN',
      `The descriptor says that blocks have ${blockSize} bytes, which they cannot; 2048 are taken.`,
      byteOffset + 128,
    )
  faults.settle(log)
  checkFields(bytes, isPrimary, byteOffset, log)
  return tree
}

function isBlockSize(size: number): boolean {
  return size === 512 || size === 1024 || size === 2048 || size === 4096
}

/** ECMA-119 8.4.18: the root's directory record of 34 bytes lies in the descriptor. */
function hasRootRecord(bytes: ByteReader): boolean {
  return bytes.u8(156) === 34 && bytes.u8(188) === 1 && bytes.u8(189) === 0
}

/** Two of the three characters of an escape sequence are those of Joliet. */
function isNearlyJoliet(bytes: ByteReader): boolean {
  const fits = [bytes.u8(88) === 0x25, bytes.u8(89) === 0x2f, '@CE'.includes(String.fromCharCode(bytes.u8(90)))]
  return fits.filter(Boolean).length === 2
}

/** Escape sequences `%/@`, `%/C`, `%/E` (ISO/IEC 2022) name UCS-2 levels 1 to 3. */
function jolietLevelOf(bytes: ByteReader): number {
  for (let at = 88; at < 118; at++) {
    if (!bytes.matches(at, '%/')) continue
    const level = '@CE'.indexOf(String.fromCharCode(bytes.u8(at + 2)))
    if (level >= 0) return level + 1
  }
  return 0
}

function latin1Text(bytes: ByteReader, at: number, length: number): string {
  const raw = bytes.slice(at, length)
  const text = new TextDecoder('utf-8').decode(raw)
  return (text.includes('\uFFFD') ? new TextDecoder('latin1').decode(raw) : text).replace(/\0[\s\S]*$/, '').trim()
}

function utf16Text(bytes: Uint8Array): string {
  return new TextDecoder('utf-16be')
    .decode(bytes)
    .replace(/\0[\s\S]*$/, '')
    .trim()
}
