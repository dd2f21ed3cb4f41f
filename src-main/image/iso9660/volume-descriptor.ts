import { ByteReader } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import type { DiagnosticLog } from '../diagnostic-log'
import { readVolumeDateTime } from './date-time'
import { readBothU16, readBothU32 } from './both-endian'

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
  volumeSpaceSize: number
  logicalBlockSize: number
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

/** The descriptors from `byteOffset` to the terminator, or as far as they are descriptors. */
export async function readVolumeDescriptorSet(source: ByteSource, byteOffset: number): Promise<VolumeDescriptor[]> {
  const set: VolumeDescriptor[] = []
  const bytes = await source.read(byteOffset, SECTOR_LENGTH * 16)
  let reader = new ByteReader(bytes)
  for (let index = 0; index < DESCRIPTOR_LIMIT; index++) {
    if (index === 16) reader = new ByteReader(await source.read(byteOffset + 16 * SECTOR_LENGTH, SECTOR_LENGTH * 48))
    const at = (index < 16 ? index : index - 16) * SECTOR_LENGTH
    // A descriptor cut short still tells its root if the first 190 bytes are there.
    if (!reader.has(at, 190) || !reader.matches(at + 1, 'CD001')) break
    const type = reader.u8(at)
    if (type === DescriptorType.terminator) break
    set.push({
      type,
      version: reader.u8(at + 6),
      byteOffset: byteOffset + index * SECTOR_LENGTH,
      bytes: reader.sub(at, SECTOR_LENGTH),
    })
  }
  return set
}

/** ECMA-119 8.4, 8.5; Joliet specification, “Identifying a Joliet SVD”; null for other kinds of descriptor. */
export function readTreeDescriptor(descriptor: VolumeDescriptor, log: DiagnosticLog): TreeDescriptor | null {
  const { bytes, type, version, byteOffset } = descriptor
  if (type !== DescriptorType.primary && type !== DescriptorType.supplementary) return null
  const jolietLevel = type === DescriptorType.supplementary ? jolietLevelOf(bytes) : 0
  const kind = type === DescriptorType.primary ? 'primary' : jolietLevel > 0 ? 'joliet' : 'enhanced'
  if (kind === 'enhanced' && version !== 2) {
    log.note('SUPPLEMENTARY_WITHOUT_ESCAPE', 'A supplementary volume descriptor names no character set.', byteOffset)
  }
  const text = (at: number, length: number): string =>
    kind === 'joliet' ? utf16Text(bytes.slice(at, length)) : latin1Text(bytes, at, length)
  const both = (at: number): number => readBothU32(bytes.bytes, at, byteOffset, log)
  return {
    kind,
    byteOffset,
    jolietLevel,
    systemId: text(8, 32),
    volumeId: text(40, 32),
    volumeSpaceSize: both(80),
    logicalBlockSize: readBothU16(bytes.bytes, 128, byteOffset, log),
    pathTableSize: both(132),
    locationOfLPathTable: bytes.u32Le(140),
    locationOfMPathTable: bytes.u32Be(148),
    rootXarLength: bytes.u8(157),
    rootLocation: both(158),
    rootByteLength: both(166),
    rootModified: NaN,
    volumeSetId: text(190, 128),
    publisher: text(318, 128),
    preparer: text(446, 128),
    application: text(574, 128),
    created: readVolumeDateTime(bytes.bytes, 813),
    modified: readVolumeDateTime(bytes.bytes, 830),
  }
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
