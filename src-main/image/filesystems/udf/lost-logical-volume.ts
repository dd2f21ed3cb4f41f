import { ByteReader, matchesAscii, readU16Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { readTimestamp } from '../../core/date-time'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { readLongAllocation, type LongAllocation } from './allocation'
import { hasValidCrc, readTag, TagId } from './descriptor-tag'
import { FileEntry, FileType } from './file-entry'
import { areExtentsSound, locateBlock, readContentExtents, readIcb } from './icb'
import { UdfVolume } from './mapped-volume'
import { MetadataPartition, PhysicalPartition, VirtualPartition } from './partition'
import { findVirtualAllocationTable } from './virtual-allocation-table'
import type { VolumeSequence } from './volume-sequence'

/** How far into its partition a file set is looked for: writers put it behind the bitmap of what is free. */
const SCAN_LENGTH = 16 * 1024 * 1024
const CHUNK_LENGTH = 1024 * 1024
const SPARING_TABLE = '*UDF Sparing Table'

/** A file set descriptor whose sums fit. */
interface FileSet {
  /** Of the partition descriptor's partition. */
  block: number
  root: LongAllocation
  reader: ByteReader
}

/** What lies at the beginning of a partition and tells what kind it is. */
interface Beginning {
  /** The newest last. */
  fileSets: FileSet[]
  /** Blocks of the entries of the metadata file and its mirror (UDF 2.2.13.1). */
  metadataFile: number | null
  metadataMirror: number | null
}

/**
 * A volume that has lost both copies of its logical volume descriptor, by what its only partition holds. Blocks are as
 * long as sectors (UDF 2.2.4.2), and where the root lies tells the kind of partition. Null where there is no root to be
 * found so, and where packets were replaced by others: a map that is lost told how long they are.
 */
export async function readLostLogicalVolume(
  source: ByteSource,
  sequence: VolumeSequence,
  log: DiagnosticLog,
): Promise<UdfVolume | null> {
  const [descriptor] = sequence.partitions.values()
  if (descriptor === undefined || sequence.partitions.size > 1) return null
  const { sectorSize } = sequence
  const start = descriptor.u32Le(188) * sectorSize
  const physical = new PhysicalPartition(start, descriptor.u32Le(192), sectorSize)
  const end = start + physical.blockCount * sectorSize
  if (await hasSpares(source, start, end, sectorSize)) return null
  const volume = new UdfVolume(sectorSize, sequence, log)
  volume.partitions = [physical]
  volume.expectedByteLength = end
  const found = await readBeginning(source, start, Math.min(end, start + SCAN_LENGTH), sectorSize)
  for (const fileSet of found.fileSets.toReversed()) {
    const { root, reader } = fileSet
    if (root.partition > 0 && !(await mapSecond(source, volume, found))) continue
    if (!isInPlace(volume, fileSet) || !(await isRoot(source, volume, root))) continue
    volume.root = root
    volume.created = readTimestamp(reader.bytes, 16)
    sequence.logical = logicalVolumeOf(reader)
    log.damage(
      'UDF_LOGICAL_VOLUME_LOST',
      'Both copies of the logical volume descriptor are destroyed; the files are found by the file set of the partition.',
    )
    return volume
  }
  return null
}

/** Whether a file set is one of this volume, and no other's that lies in a file: it says where it lies (3/7.2.8). */
function isInPlace(volume: UdfVolume, { block, root, reader }: FileSet): boolean {
  if (root.partition >= volume.partitions.length) return false
  return locateBlock(volume, root.partition, readTag(reader).location) === locateBlock(volume, 0, block)
}

async function isRoot(source: ByteSource, volume: UdfVolume, root: LongAllocation): Promise<boolean> {
  const at = locateBlock(volume, root.partition, root.block)
  const entry = at < 0 ? undefined : (await readIcb(source, volume, at))?.entry
  if (entry === undefined || !entry.isSound || entry.fileType !== FileType.directory) return false
  return entry.strategy === 4096 || entry.tagLocation === root.block
}

/** The file set repeats the name and the domain of its volume (ECMA-167 3/10.6, 4/14.1). */
function logicalVolumeOf({ bytes }: ByteReader): ByteReader {
  const logical = new Uint8Array(512)
  logical.set(bytes.subarray(112, 240), 84)
  logical.set(bytes.subarray(416, 448), 216)
  return new ByteReader(logical)
}

async function readBeginning(source: ByteSource, start: number, end: number, blockSize: number): Promise<Beginning> {
  const found: Beginning = { fileSets: [], metadataFile: null, metadataMirror: null }
  const entry = new FileEntry()
  for (let from = start; from < end; from += CHUNK_LENGTH) {
    const bytes = await source.read(from, Math.min(CHUNK_LENGTH, end - from))
    for (let at = 0; at + blockSize <= bytes.byteLength; at += blockSize) {
      const block = (from + at - start) / blockSize
      const id = readU16Le(bytes, at)
      if (id === TagId.fileSet) {
        const reader = new ByteReader(bytes.slice(at, at + blockSize))
        if (readTag(reader).isSound && hasValidCrc(reader))
          found.fileSets.push({ block, root: readLongAllocation(reader.bytes, 400), reader })
      } else if (id === TagId.fileEntry || id === TagId.extendedFileEntry) {
        if (!entry.read(bytes, at, at + blockSize) || !entry.isSound || entry.tagLocation !== block) continue
        if (entry.fileType === FileType.metadata) found.metadataFile ??= block
        if (entry.fileType === FileType.metadataMirror) found.metadataMirror ??= block
      }
    }
  }
  return found
}

/** The partition that lies in the physical one: of metadata, or virtual (UDF 2.2.8, 2.2.10). False without either. */
async function mapSecond(source: ByteSource, volume: UdfVolume, found: Beginning): Promise<boolean> {
  if (volume.partitions.length > 1) return true
  const [physical] = volume.partitions
  if (physical === undefined) return false
  const files: number[][] = []
  for (const block of [found.metadataFile, found.metadataMirror]) {
    const file = block === null ? null : await readIcb(source, volume, locateBlock(volume, 0, block))
    if (file === null) continue
    const extents = await readContentExtents(source, volume, file, 0)
    if (areExtentsSound(file.entry, extents)) files.push(extents.runs)
  }
  const [main, mirror] = files
  if (main !== undefined) {
    volume.partitions.push(new MetadataPartition(main, mirror ?? [], volume.blockSize))
    return true
  }
  const table = await findVirtualAllocationTable(source, volume, 0)
  if (table === null) return false
  volume.expectedByteLength = table.byteEnd
  volume.partitions.push(new VirtualPartition(physical, table.blocks, volume.blockSize))
  return true
}

/** Whether a sparing table in front of the partition, in its first blocks or behind it names a packet (UDF 2.2.12). */
async function hasSpares(source: ByteSource, start: number, end: number, sectorSize: number): Promise<boolean> {
  const ranges = [
    { from: 0, to: Math.min(start, SCAN_LENGTH) },
    { from: start, to: Math.min(end, start + SCAN_LENGTH) },
    { from: end, to: Math.min(source.byteLength, end + SCAN_LENGTH) },
  ]
  for (const { from, to } of ranges)
    for (let chunk = from; chunk < to; chunk += CHUNK_LENGTH) {
      const bytes = await source.read(chunk, Math.min(CHUNK_LENGTH, to - chunk))
      for (let at = 0; at + sectorSize <= bytes.byteLength; at += sectorSize)
        if (matchesAscii(bytes, at + 17, SPARING_TABLE) && namesSpare(new ByteReader(bytes.subarray(at)))) return true
    }
  return false
}

function namesSpare(table: ByteReader): boolean {
  for (let index = 0; index < table.u16Le(48) && table.has(56 + index * 8, 8); index++)
    if (table.u32Le(56 + index * 8) < 0xfffffff0 && table.u32Le(60 + index * 8) !== 0) return true
  return false
}
