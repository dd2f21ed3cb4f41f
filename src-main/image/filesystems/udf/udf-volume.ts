import { ByteReader, matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { readTimestamp } from '../../core/date-time'
import { readLongAllocation } from './allocation'
import { hasValidCrc, readTag, TagId } from './descriptor-tag'
import { areExtentsSound, readContentExtents, readIcb, locateBlock } from './icb'
import { readLostLogicalVolume } from './lost-logical-volume'
import { UdfVolume } from './mapped-volume'
import {
  MetadataPartition,
  MissingPartition,
  PhysicalPartition,
  readPartitionMaps,
  SparablePartition,
  VirtualPartition,
  type Partition,
  type PartitionMap,
} from './partition'
import { readSparingTable } from './sparing-table'
import { findVirtualAllocationTable, isSearchedInPart } from './virtual-allocation-table'
import {
  findAnchors,
  hasAnchorOfSession,
  readPartitionsAlone,
  readVolumeSequence,
  scanForSequences,
  type Anchor,
} from './volume-sequence'

const RECOGNITION_START = 32_768
const RECOGNITION_STEP = 2048

/**
 * ECMA-167 2/8.3: the volume recognition sequence names UDF somewhere behind the system area.
 * @param head the first 96 KiB of the volume
 */
export function hasRecognitionSequence(head: Uint8Array): boolean {
  for (let at = RECOGNITION_START; at < head.byteLength; at += RECOGNITION_STEP) {
    if (matchesAscii(head, at + 1, 'NSR0')) return true
  }
  return false
}

/**
 * Null where there is no UDF volume. `thorough`: try every sector size and place, not only the usual one.
 * @param start where its session begins, in bytes; what lies before is in no file
 */
export async function readUdfVolume(
  source: ByteSource,
  thorough: boolean,
  log: DiagnosticLog,
  start = 0,
): Promise<UdfVolume | null> {
  let anchors = await findAnchors(source, false, start)
  let sequence = await readVolumeSequence(source, anchors, log)
  if (sequence === null && thorough) {
    anchors = await findAnchors(source, true, start)
    sequence = await readVolumeSequence(source, anchors, log)
    const [known] = anchors
    const isUsual = (anchor: Anchor): boolean => anchor.byteOffset === start + 256 * anchor.sectorSize
    if (sequence !== null && known !== undefined && !anchors.some(isUsual)) {
      // ECMA-167 3/8.4.2.1 asks for any two of three. A session behind others has the first of them behind its own start.
      const isEnough = anchors.length >= 2 || (await hasAnchorOfSession(source, known))
      const say = isEnough ? log.note.bind(log) : log.recovered.bind(log)
      say('UDF_BACKUP_ANCHOR_USED', 'There is no anchor at sector 256; another is used.')
    }
    if (sequence === null && hasRecognitionSequence(await source.read(0, 96 * 1024))) {
      const scanned = await scanForSequences(source)
      sequence = await readVolumeSequence(source, scanned, log)
      if (anchors.length === 0 && scanned.length > 0) {
        log.recovered('UDF_ANCHORS_LOST', 'All anchors are damaged; the volume descriptors were looked for.')
        anchors = scanned
      }
    }
  }
  if (sequence === null) {
    if (anchors.length === 0 || !hasRecognitionSequence(await source.read(0, 96 * 1024))) return null
    const partitions = thorough ? await readPartitionsAlone(source, anchors) : null
    const found = partitions === null ? null : await readLostLogicalVolume(source, partitions, log)
    if (found === null)
      log.damage('UDF_VOLUME_LOST', 'The disc has a UDF volume, but both copies of its descriptors are destroyed.')
    return found
  }
  const blockSize = sequence.logical.u32Le(212)
  if (blockSize < 512 || blockSize > 32768 || (blockSize & (blockSize - 1)) !== 0) {
    log.damage('UDF_BLOCK_SIZE', 'The logical volume names a block size that cannot be.')
    return null
  }
  const volume = new UdfVolume(blockSize, sequence, log)
  await mapPartitions(source, volume)
  await readFileSet(source, volume)
  return volume
}

async function mapPartitions(source: ByteSource, volume: UdfVolume): Promise<void> {
  const { sequence, blockSize } = volume
  const physicals = new Map<number, PhysicalPartition>()
  for (const [number, reader] of sequence.partitions) {
    const start = reader.u32Le(188) * sequence.sectorSize
    const partition = new PhysicalPartition(start, reader.u32Le(192), blockSize)
    physicals.set(number, partition)
    volume.expectedByteLength = Math.max(volume.expectedByteLength, start + partition.blockCount * sequence.sectorSize)
  }
  const maps = readPartitionMaps(sequence.logical)
  // Metadata and virtual partitions lie inside a physical one, which must be mapped first.
  volume.partitions = maps.map(() => new MissingPartition())
  for (const kinds of [
    ['physical', 'sparable'],
    ['virtual', 'metadata', 'unknown'],
  ]) {
    for (const [index, map] of maps.entries()) {
      if (!kinds.includes(map.kind)) continue
      volume.partitions[index] = await mapPartition(source, volume, maps, map, physicals)
    }
  }
}

async function mapPartition(
  source: ByteSource,
  volume: UdfVolume,
  maps: readonly PartitionMap[],
  map: PartitionMap,
  physicals: ReadonlyMap<number, PhysicalPartition>,
): Promise<Partition> {
  const { log, blockSize, sequence } = volume
  const physical = physicals.get(map.partitionNumber)
  if (physical === undefined) {
    log.damage('UDF_PARTITION_MISSING', `Partition ${map.partitionNumber} has no descriptor.`)
    return new MissingPartition()
  }
  if (map.kind === 'physical') return physical
  if (map.kind === 'sparable') {
    const spares = await readSparingTable(source, map.bytes, sequence.sectorSize, log)
    return new SparablePartition(physical, Math.max(1, map.bytes.u16Le(40)), spares, blockSize)
  }
  const hostIndex = maps.findIndex(
    (other) =>
      other.partitionNumber === map.partitionNumber && (other.kind === 'physical' || other.kind === 'sparable'),
  )
  const host = volume.partitions[hostIndex] ?? physical
  if (map.kind === 'virtual') {
    const table = await findVirtualAllocationTable(source, volume, Math.max(0, hostIndex))
    // The partition of a medium that is written in a row reaches as far as the medium may once be written.
    volume.expectedByteLength = table?.byteEnd ?? 0
    if (table !== null) return new VirtualPartition(host, table.blocks, blockSize)
    log.damage(
      'UDF_VAT_MISSING',
      isSearchedInPart(source)
        ? 'The virtual allocation table, which is written last, is not in the last 8 GiB of the image, and no more is looked through for it: the image is padded further, was not copied in full, or its end is damaged. Without it nothing can be found.'
        : 'The virtual allocation table, which is written last, is missing: the image was not copied in full, or its end is damaged. Without it nothing can be found.',
    )
    return new MissingPartition()
  }
  if (map.kind === 'metadata') {
    return mapMetadata(source, volume, hostIndex, map)
  }
  log.damage(
    'UDF_PARTITION_KIND',
    'A partition of an unknown kind is read as a plain one: files may be other than recorded.',
  )
  return physical
}

/** UDF 2.2.10: what lies in the metadata file lies in its mirror as well. */
async function mapMetadata(
  source: ByteSource,
  volume: UdfVolume,
  host: number,
  map: PartitionMap,
): Promise<MetadataPartition | MissingPartition> {
  const { log, blockSize } = volume
  const main = await readMetadataFile(source, volume, host, map.bytes.u32Le(40))
  const mirror = await readMetadataFile(source, volume, host, map.bytes.u32Le(44))
  if (main.isSound || (main.runs.length > 0 && !mirror.isSound)) {
    if (!main.isSound) {
      const message = 'The description of the metadata file is damaged; it is used all the same.'
      log.damage('UDF_METADATA_DAMAGED', message, main.byteOffset)
    }
    return new MetadataPartition(main.runs, mirror.isSound ? mirror.runs : [], blockSize)
  }
  if (mirror.runs.length === 0) {
    log.damage('UDF_METADATA_LOST', 'The metadata file and its mirror are unreadable.', main.byteOffset)
    return new MissingPartition()
  }
  const say = mirror.isSound ? log.recovered.bind(log) : log.damage.bind(log)
  say('UDF_METADATA_MIRROR_USED', 'The metadata file is unreadable; its mirror is used.', main.byteOffset)
  return new MetadataPartition([], mirror.runs, blockSize)
}

/** UDF 2.2.13.1: a file in the physical partition. `runs` is empty where it is unreadable. */
interface MetadataFile {
  runs: number[]
  /** Of its entry, in the image; undefined where that is nowhere. */
  byteOffset: number | undefined
  isSound: boolean
}

async function readMetadataFile(
  source: ByteSource,
  volume: UdfVolume,
  host: number,
  block: number,
): Promise<MetadataFile> {
  const at = host < 0 ? -1 : locateBlock(volume, host, block)
  const byteOffset = at < 0 ? undefined : at
  const found = at < 0 ? null : await readIcb(source, volume, at)
  if (found === null) return { runs: [], byteOffset, isSound: false }
  const extents = await readContentExtents(source, volume, found, host)
  const { runs } = extents
  const isSound = found.entry.isSound && runs.length > 0 && areExtentsSound(found.entry, extents)
  return { runs, byteOffset, isSound }
}

/** ECMA-167 4/14.1; the last of a chain of file sets prevails (4/8.5). */
async function readFileSet(source: ByteSource, volume: UdfVolume): Promise<void> {
  let address = readLongAllocation(volume.sequence.logical.bytes, 248)
  for (let count = 0; count < 16; count++) {
    const place = locateBlock(volume, address.partition, address.block)
    const mirror = volume.locateMirror(address.partition, address.block)
    let reader: ByteReader | null = null
    for (const at of [place, mirror]) {
      if (at < 0 || reader !== null) continue
      const candidate = new ByteReader(await source.read(at, volume.blockSize))
      const tag = readTag(candidate)
      if (tag.id !== TagId.fileSet || !tag.isSound || !hasValidCrc(candidate)) continue
      reader = candidate
      if (at === mirror && at !== place)
        volume.log.recovered('UDF_METADATA_MIRROR_USED', 'The file set is damaged; its mirror is used.', place)
    }
    if (reader === null) {
      reader = await guessFileSet(source, volume, place)
      if (reader === null) break
    }
    volume.root = readLongAllocation(reader.bytes, 400)
    volume.created = readTimestamp(reader.bytes, 16)
    const next = readLongAllocation(reader.bytes, 448)
    if (next.byteLength === 0) break
    address = next
  }
  if (volume.root === null) volume.log.damage('UDF_FILE_SET_MISSING', 'The file set descriptor is unreadable.')
}

/** A file set descriptor whose sums do not fit may still name the root. */
async function guessFileSet(source: ByteSource, volume: UdfVolume, place: number): Promise<ByteReader | null> {
  if (place < 0) return null
  const reader = new ByteReader(await source.read(place, volume.blockSize))
  if (readTag(reader).id !== TagId.fileSet) return null
  volume.log.damage(
    'UDF_FILE_SET_DAMAGED',
    'The sum of the file set descriptor does not fit; it is used all the same.',
    place,
  )
  return reader
}
