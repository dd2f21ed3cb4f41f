import { ByteWriter } from '../byte-writer'
import { BLOCK } from '../layout'
import { metadataMap, METADATA_MAP_LENGTH, type MetadataFiles } from './metadata-partition'
import {
  charspec,
  domainId,
  dstring,
  IMPLEMENTATION,
  longAllocation,
  partitionContents,
  regid,
  revisionNumber,
  seal,
  structuresPartition,
  Tag,
  timestamp,
  udfId,
  type UdfRevision,
} from './structures'

export interface UdfVolumeFacts {
  revision: UdfRevision
  label: string
  /** At least sixteen characters, the first eight of them hexadecimal and unlike those of other volumes (UDF 2.2.2.5). */
  volumeSetId: string
  application: string
  /** Milliseconds since 1970 UTC. */
  date: number
  /** In blocks. */
  partitionStart: number
  partitionLength: number
  integrityBlock: number
  /** Where the file set descriptor lies, in blocks of the partition. */
  fileSetBlock: number
  /** Of UDF 2.50: where the structures of the file system lie. */
  metadata: MetadataFiles | null
  fileCount: number
  directoryCount: number
  nextUniqueId: number
}

/** Blocks of one volume descriptor sequence: what ECMA-167 3/8.4.2.2 asks for. */
export const SEQUENCE_BLOCKS = 16

/** ECMA-167 3/8.4.2: one volume descriptor sequence, to lie at `block`. */
export function writeVolumeSequence(facts: UdfVolumeFacts, block: number): Uint8Array {
  const out = new Uint8Array(SEQUENCE_BLOCKS * BLOCK)
  const writers = [
    primaryVolume(facts),
    implementationUse(facts),
    partition(facts),
    logicalVolume(facts),
    new ByteWriter(24).u32Le(16, 4),
    new ByteWriter(512),
  ]
  const tags = [
    Tag.primaryVolume,
    Tag.implementationUse,
    Tag.partition,
    Tag.logicalVolume,
    Tag.unallocatedSpace,
    Tag.terminator,
  ]
  for (const [index, writer] of writers.entries())
    out.set(seal(writer, tags[index] ?? Tag.terminator, block + index, facts.revision), index * BLOCK)
  return out
}

/** ECMA-167 3/10.1. */
function primaryVolume({ label, volumeSetId, application, date }: UdfVolumeFacts): ByteWriter {
  return new ByteWriter(512)
    .u32Le(16, 0)
    .set(24, dstring(label, 32))
    .u16Le(56, 1)
    .u16Le(58, 1)
    .u16Le(60, 2)
    .u16Le(62, 2)
    .u32Le(64, 1)
    .u32Le(68, 1)
    .set(72, dstring(volumeSetId, 128))
    .set(200, charspec())
    .set(264, charspec())
    .set(344, regid(application === '' ? '*Isolde' : `*${application}`.slice(0, 23)))
    .set(376, timestamp(date))
    .set(388, IMPLEMENTATION)
}

/** UDF 2.2.7: says of the logical volume once more what it is called. */
function implementationUse({ revision, label }: UdfVolumeFacts): ByteWriter {
  return new ByteWriter(512)
    .u32Le(16, 1)
    .set(20, udfId('*UDF LV Info', revision))
    .set(52, charspec())
    .set(116, dstring(label, 128))
    .set(352, IMPLEMENTATION)
}

/** ECMA-167 3/10.5: read-only. */
function partition({ revision, partitionStart, partitionLength }: UdfVolumeFacts): ByteWriter {
  return new ByteWriter(512)
    .u32Le(16, 2)
    .u16Le(20, 1)
    .u16Le(22, 0)
    .set(24, partitionContents(revision))
    .u32Le(184, 1)
    .u32Le(188, partitionStart)
    .u32Le(192, partitionLength)
    .set(196, IMPLEMENTATION)
}

/** ECMA-167 3/10.6, with a partition map of type 1, and one of the metadata partition where there is one. */
function logicalVolume(facts: UdfVolumeFacts): ByteWriter {
  const { revision, label, integrityBlock, fileSetBlock, metadata } = facts
  const mapsLength = 6 + (metadata === null ? 0 : METADATA_MAP_LENGTH)
  const volume = new ByteWriter(440 + mapsLength)
    .u32Le(16, 3)
    .set(20, charspec())
    .set(84, dstring(label, 128))
    .u32Le(212, BLOCK)
    .set(216, domainId(revision))
    .set(248, longAllocation(BLOCK, fileSetBlock, structuresPartition(revision)))
    .u32Le(264, mapsLength)
    .u32Le(268, metadata === null ? 1 : 2)
    .set(272, IMPLEMENTATION)
    .u32Le(432, 2 * BLOCK)
    .u32Le(436, integrityBlock)
    .u8(440, 1)
    .u8(441, 6)
    .u16Le(442, 1)
    .u16Le(444, 0)
  return metadata === null ? volume : volume.set(446, metadataMap(metadata, revision))
}

/** ECMA-167 3/10.10, closed, and a terminator behind it. Its table reaches the partition's last block. */
export function writeIntegrity(facts: UdfVolumeFacts): Uint8Array {
  const { revision, integrityBlock, partitionLength, metadata, fileCount, directoryCount, nextUniqueId, date } = facts
  const number = revisionNumber(revision)
  // Of each partition, how much is free, and how long it is.
  const lengths = [partitionLength, ...(metadata === null ? [] : [metadata.blockCount])]
  const use = 80 + lengths.length * 8
  const integrity = new ByteWriter(use + 46)
    .set(16, timestamp(date))
    .u32Le(28, 1)
    .u64Le(40, nextUniqueId)
    .u32Le(72, lengths.length)
    .u32Le(76, 46)
    .set(use, IMPLEMENTATION)
    .u32Le(use + 32, fileCount)
    .u32Le(use + 36, directoryCount)
    .u16Le(use + 40, number)
    .u16Le(use + 42, number)
    .u16Le(use + 44, number)
  for (const [index, length] of lengths.entries()) integrity.u32Le(80 + (lengths.length + index) * 4, length)
  const out = new Uint8Array(2 * BLOCK)
  out.set(seal(integrity, Tag.integrity, integrityBlock, revision))
  out.set(seal(new ByteWriter(512), Tag.terminator, integrityBlock + 1, revision), BLOCK)
  return out
}

/** ECMA-167 3/10.2. */
export function writeAnchor(revision: UdfRevision, block: number, main: number, reserve: number): Uint8Array {
  const anchor = new ByteWriter(512)
    .u32Le(16, SEQUENCE_BLOCKS * BLOCK)
    .u32Le(20, main)
    .u32Le(24, SEQUENCE_BLOCKS * BLOCK)
    .u32Le(28, reserve)
  return seal(anchor, Tag.anchor, block, revision)
}

/** ECMA-167 4/14.1, and a terminator behind it. */
export function writeFileSet({ revision, label, date, fileSetBlock }: UdfVolumeFacts, rootBlock: number): Uint8Array {
  const fileSet = new ByteWriter(512)
    .set(16, timestamp(date))
    .u16Le(28, 3)
    .u16Le(30, 3)
    .u32Le(32, 1)
    .u32Le(36, 1)
    .set(48, charspec())
    .set(112, dstring(label, 128))
    .set(240, charspec())
    .set(304, dstring(label, 32))
    .set(400, longAllocation(BLOCK, rootBlock, structuresPartition(revision)))
    .set(416, domainId(revision))
  const out = new Uint8Array(2 * BLOCK)
  out.set(seal(fileSet, Tag.fileSet, fileSetBlock, revision))
  out.set(seal(new ByteWriter(512), Tag.terminator, fileSetBlock + 1, revision), BLOCK)
  return out
}
