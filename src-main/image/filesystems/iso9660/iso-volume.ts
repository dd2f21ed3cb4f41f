import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { looksLikeRockRidge } from './rock-ridge/rock-ridge-record'
import { readSharingProtocol } from './susp/system-use-entry'
import { IsoTree } from './iso-tree'
import type { IsoNaming } from './recorded-names'
import { readPathTable, type PathTablePlace } from './path-table'
import type { LongFiles } from '../../core/long-files'
import { hasSelfRecord, readSelfRecord } from '../../core/self-record'
import {
  readTreeDescriptor,
  readVolumeDescriptorSet,
  SECTOR_LENGTH,
  SYSTEM_AREA_SECTORS,
  type TreeDescriptor,
  type VolumeDescriptor,
} from './volume-descriptor'

/** One descriptor set: a session, or the whole of an ordinary image. */
export interface IsoVolume {
  /** In bytes; 0 for an ordinary image. */
  sessionStart: number
  descriptors: VolumeDescriptor[]
  primary: TreeDescriptor | null
  joliet: TreeDescriptor | null
  enhanced: TreeDescriptor | null
  /** Added to the volume's block numbers, by tree, in blocks. */
  blockDelta: number
  /** Null where the primary tree does not speak SUSP. */
  susp: { skip: number } | null
}

/** Null where no descriptor set begins there. */
export async function readIsoVolume(
  source: ByteSource,
  sessionStart: number,
  log: DiagnosticLog,
): Promise<IsoVolume | null> {
  const descriptors = await readVolumeDescriptorSet(source, sessionStart + SYSTEM_AREA_SECTORS * SECTOR_LENGTH, log)
  const volume: IsoVolume = {
    sessionStart,
    descriptors,
    primary: null,
    joliet: null,
    enhanced: null,
    blockDelta: 0,
    susp: null,
  }
  for (const descriptor of descriptors) {
    const tree = readTreeDescriptor(descriptor, log, source.byteLength)
    // ECMA-119 8.4 allows the primary descriptor to be repeated; the first is as good as any.
    if (tree !== null) volume[tree.kind] ??= tree
  }
  const any = volume.primary ?? volume.joliet ?? volume.enhanced
  if (any === null) return null
  if (volume.primary === null)
    log.damage('PRIMARY_DESCRIPTOR_LOST', 'The primary volume descriptor is destroyed; another tree is shown.')
  for (const tree of [volume.primary, volume.joliet, volume.enhanced])
    if (tree !== null) await settleBlockSize(source, tree)
  volume.blockDelta = await findBlockDelta(source, volume, any, log)
  for (const tree of [volume.primary, volume.joliet, volume.enhanced])
    if (tree !== null) await findRoot(source, volume, tree, log)
  if (volume.primary !== null) volume.susp = await findSusp(source, volume, volume.primary, log)
  return volume
}

/** How many directories are asked for what the root should say. */
const OTHER_DIRECTORIES = 8

export function blockSizeOf(descriptor: TreeDescriptor): number {
  const size = descriptor.logicalBlockSize
  return size === 512 || size === 1024 || size === 2048 || size === 4096 ? size : SECTOR_LENGTH
}

export function isoTree(
  source: ByteSource,
  volume: IsoVolume,
  descriptor: TreeDescriptor,
  naming: IsoNaming,
  log: DiagnosticLog,
  longFiles?: () => Promise<LongFiles>,
): IsoTree {
  return new IsoTree(source, {
    naming,
    blockSize: blockSizeOf(descriptor),
    blockDelta: volume.blockDelta,
    rootLocation: descriptor.rootLocation,
    rootXarLength: descriptor.rootXarLength,
    rootByteLength: descriptor.rootByteLength,
    rootModified: descriptor.rootModified,
    hasRockRidge: volume.susp !== null && descriptor === volume.primary,
    suspSkip: volume.susp?.skip ?? 0,
    pathTable: pathTablePlace(volume, descriptor),
    longFiles,
    isByMkisofs: isByMkisofs(volume),
    log,
  })
}

/**
 * mkisofs, and genisoimage, which is made of it, name themselves where nobody has them name another application (-A),
 * and the system that they ran on.
 */
function isByMkisofs({ primary, joliet, enhanced }: IsoVolume): boolean {
  return [primary, joliet, enhanced].some(
    (tree) => tree !== null && (/MKISOFS|GENISOIMAGE/.test(tree.application) || tree.systemId === 'LINUX'),
  )
}

function pathTablePlace(volume: IsoVolume, descriptor: TreeDescriptor): PathTablePlace {
  return {
    lByteOffset: (descriptor.locationOfLPathTable + volume.blockDelta) * blockSizeOf(descriptor),
    mByteOffset: (descriptor.locationOfMPathTable + volume.blockDelta) * blockSizeOf(descriptor),
    byteLength: descriptor.pathTableSize,
  }
}

/** Where the two byte orders name different block sizes (ECMA-119 7.2.3), the one that leads to the root is right. */
async function settleBlockSize(source: ByteSource, descriptor: TreeDescriptor): Promise<void> {
  const { otherBlockSize } = descriptor
  if (otherBlockSize === null || (await readRootSector(source, descriptor, 0)) !== null) return
  const other = { ...descriptor, logicalBlockSize: otherBlockSize }
  if ((await readRootSector(source, other, 0)) !== null) descriptor.logicalBlockSize = otherBlockSize
}

/** The first sector of a root directory, and whether it is one. */
async function readRootSector(
  source: ByteSource,
  descriptor: TreeDescriptor,
  blockDelta: number,
): Promise<Uint8Array | null> {
  const block = descriptor.rootLocation + descriptor.rootXarLength + blockDelta
  const bytes = await source.read(block * blockSizeOf(descriptor), SECTOR_LENGTH)
  return readSelfRecord(bytes)?.location === descriptor.rootLocation ? bytes : null
}

/**
 * Block numbers normally count from the start of the image. A session recorded as a file of its own, or images put one
 * behind the other, count from elsewhere: a root directory names its own place, and that tells from where.
 */
async function findBlockDelta(
  source: ByteSource,
  volume: IsoVolume,
  descriptor: TreeDescriptor,
  log: DiagnosticLog,
): Promise<number> {
  const blockSize = blockSizeOf(descriptor)
  const sessionBlock = volume.sessionStart / blockSize
  const isOwn = async (delta: number): Promise<boolean> => (await readRootSector(source, descriptor, delta)) !== null
  // Every session has a root of its own: one that would lie before the session counts from the session's start.
  const isRelative = sessionBlock > 0 && descriptor.rootLocation < sessionBlock
  if (isRelative && (await isOwn(sessionBlock))) return sessionBlock
  if (await isOwn(0)) return 0
  if (sessionBlock > 0 && (await isOwn(sessionBlock))) return sessionBlock
  const searchStart = volume.sessionStart + SYSTEM_AREA_SECTORS * SECTOR_LENGTH
  const bytes = await source.read(searchStart, 512 * SECTOR_LENGTH)
  for (let at = SECTOR_LENGTH; at + SECTOR_LENGTH <= bytes.byteLength; at += blockSize) {
    if (readSelfRecord(bytes.subarray(at))?.location !== descriptor.rootLocation) continue
    log.warn('BLOCKS_SHIFTED', 'Block numbers do not count from the start of this image; they are shifted to fit.')
    return (searchStart + at) / blockSize - descriptor.rootLocation
  }
  return 0
}

async function findSusp(
  source: ByteSource,
  volume: IsoVolume,
  primary: TreeDescriptor,
  log: DiagnosticLog,
): Promise<{ skip: number } | null> {
  const block = primary.rootLocation + primary.rootXarLength + volume.blockDelta
  const bytes = await source.read(block * blockSizeOf(primary), SECTOR_LENGTH)
  const length = bytes[0] ?? 0
  if (length < 34 || length > bytes.byteLength) return findSuspElsewhere(source, volume, primary, log)
  const sharing = readSharingProtocol(bytes, 34, length)
  if (sharing !== null) return sharing
  // Images whose root lost its SP still carry names and modes in the records behind it.
  const next = length + (bytes[length] ?? 0)
  const recordLength = bytes[next] ?? 0
  if (recordLength < 34 || next + recordLength > bytes.byteLength) return null
  const nameLength = bytes[next + 32] ?? 0
  const from = next + 33 + nameLength + ((nameLength & 1) ^ 1)
  if (!looksLikeRockRidge(bytes, from, next + recordLength)) return null
  if (length > 34)
    log.damage(
      'SUSP_INDICATOR_LOST',
      'The root’s Rock Ridge indicator is damaged; names are read all the same.',
      block * blockSizeOf(primary),
    )
  return { skip: 0 }
}

/** Where the root cannot be read: other directories that the path table names have attributes in their own records. */
async function findSuspElsewhere(
  source: ByteSource,
  volume: IsoVolume,
  primary: TreeDescriptor,
  log: DiagnosticLog,
): Promise<{ skip: number } | null> {
  const place = pathTablePlace(volume, primary)
  if (place.lByteOffset >= source.byteLength) return null
  const directories = await readPathTable(source, place)
  for (const { location, xarLength } of directories.slice(1, 1 + OTHER_DIRECTORIES)) {
    const byteOffset = (location + xarLength + volume.blockDelta) * blockSizeOf(primary)
    const bytes = await source.read(byteOffset, SECTOR_LENGTH)
    if (readSelfRecord(bytes)?.location !== location || !looksLikeRockRidge(bytes, 34, bytes[0] ?? 0)) continue
    log.damage(
      'SUSP_INDICATOR_LOST',
      'The root’s Rock Ridge indicator is lost; names are read all the same.',
      byteOffset,
    )
    return { skip: 0 }
  }
  return null
}

/**
 * A root directory that is not where its descriptor says is the first record of the path table (ECMA-119 6.9.1), or, for
 * an image whose root is unreadable there as well, nowhere.
 */
async function findRoot(
  source: ByteSource,
  volume: IsoVolume,
  descriptor: TreeDescriptor,
  log: DiagnosticLog,
): Promise<void> {
  if ((await readRootSector(source, descriptor, volume.blockDelta)) !== null) return
  const [root] = await readPathTable(source, pathTablePlace(volume, descriptor))
  const moved = { ...descriptor, rootLocation: root?.location ?? 0, rootXarLength: root?.xarLength ?? 0 }
  const isElsewhere = root !== undefined && root.location !== descriptor.rootLocation
  const bytes = isElsewhere ? await readRootSector(source, moved, volume.blockDelta) : null
  if (bytes === null) {
    const place = (descriptor.rootLocation + descriptor.rootXarLength + volume.blockDelta) * blockSizeOf(descriptor)
    // Past the end it is not damaged but missing, which is said of the image as a whole.
    if (place < source.byteLength && !hasSelfRecord(await source.read(place, SECTOR_LENGTH)))
      log.damage('ROOT_DAMAGED', 'The root directory does not begin with its own record.', place)
    return
  }
  descriptor.rootLocation = moved.rootLocation
  descriptor.rootXarLength = moved.rootXarLength
  descriptor.rootByteLength = readSelfRecord(bytes)?.byteLength ?? descriptor.rootByteLength
  log.recovered(
    'ROOT_FROM_PATH_TABLE',
    'The descriptor does not say where the root directory lies; the path table does.',
    descriptor.byteOffset + 158,
  )
}
