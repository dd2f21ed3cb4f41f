import { ByteReader, readU16Le } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import {
  readAllocations,
  AllocationKind,
  emptyAllocations,
  readLongAllocation,
  type AllocationList,
  type Continuation,
  type LongAllocation,
} from './allocation'
import { hasValidCrc, readTag, TagId } from './descriptor-tag'
import { FileEntry } from './file-entry'
import type { UdfVolume } from './mapped-volume'

/** UDF and Linux allow sixteen indirect entries for strategy 4; 4096 chains one for every rewrite. */
const INDIRECT_LIMIT = 1024
/** As Linux: continuation extents in a row. Each holds hundreds of descriptors at least. */
const CONTINUATION_LIMIT = 65_536

/** A file entry found, with the block it lies in. */
export interface FoundEntry {
  bytes: Uint8Array
  byteOffset: number
  entry: FileEntry
}

export function locateBlock(volume: UdfVolume, partition: number, block: number): number {
  const runs: number[] = []
  volume.mapRun(partition, block, volume.blockSize, runs)
  return runs[0] ?? -1
}

/**
 * ECMA-167 4/14.6.1 strategy 4, and 4096 of UDF 2.3.5.1: a direct entry followed by an indirect one that leads to a newer
 * version, and so on. Null where no file entry can be read.
 */
export async function readIcb(source: ByteSource, volume: UdfVolume, byteOffset: number): Promise<FoundEntry | null> {
  let found: FoundEntry | null = null
  const visited = new Set<number>()
  for (let at = byteOffset; visited.size < INDIRECT_LIMIT && !visited.has(at) && at >= 0;) {
    visited.add(at)
    const bytes = await source.read(at, volume.blockSize)
    const entry = new FileEntry()
    if (entry.read(bytes, 0, bytes.byteLength)) {
      found = { bytes, byteOffset: at, entry }
      if (entry.strategy !== 4096) break
      const next = await source.read(at + volume.blockSize, volume.blockSize)
      const target = indirectTarget(next, volume)
      if (target < 0) break
      at = target
      continue
    }
    const target = indirectTarget(bytes, volume)
    if (target < 0) break
    at = target
  }
  return found
}

/** ECMA-167 4/14.7. −1 where the block is none. */
function indirectTarget(bytes: Uint8Array, volume: UdfVolume): number {
  if (readU16Le(bytes, 0) !== TagId.indirectEntry || !readTag(new ByteReader(bytes)).isSound) return -1
  const address = readLongAllocation(bytes, 36)
  return address.byteLength === 0 ? -1 : locateBlock(volume, address.partition, address.block)
}

/** What allocation descriptors say of the content of a file entry. */
export type ContentExtents = Pick<AllocationList, 'runs' | 'byteLength' | 'continuations' | 'isLong' | 'isUneven'>

/** Whether nothing speaks against what the extents of an entry are. */
export function areExtentsSound(entry: FileEntry, extents: ContentExtents): boolean {
  return (
    extents.byteLength >= entry.informationLength &&
    !extents.isUneven &&
    extents.continuations.every(({ isSound, isMisplaced }) => isSound && !isMisplaced)
  )
}

/**
 * Where the content of a file entry lies, as far as it is recorded; embedded content (ECMA-167 4/14.6.8) is a run inside
 * the entry itself. At once where all of the descriptors are in the entry.
 */
export function readContentExtents(
  source: ByteSource,
  volume: UdfVolume,
  { entry, bytes, byteOffset }: FoundEntry,
  partition: number,
): MaybePromise<ContentExtents> {
  const list = emptyAllocations()
  const wanted = entry.informationLength
  if (entry.allocationKind === AllocationKind.embedded) {
    const recorded = entry.allocationTo - entry.allocationFrom
    list.byteLength = Math.min(wanted, recorded)
    list.runs.push(byteOffset + entry.allocationFrom, list.byteLength)
    list.isLong = recorded > wanted
    return list
  }
  readAllocations(
    bytes,
    entry.allocationFrom,
    entry.allocationTo,
    entry.allocationKind,
    partition,
    wanted,
    volume,
    list,
  )
  if (list.continuation === null) return list
  return followContinuations(source, volume, entry.allocationKind, wanted, list).then(() => list)
}

/** ECMA-167 4/14.5: allocation extent descriptors, one leading to the next. */
async function followContinuations(
  source: ByteSource,
  volume: UdfVolume,
  kind: number,
  wanted: number,
  list: AllocationList,
): Promise<void> {
  const visited = new Set<number>()
  for (let next = list.continuation; next !== null; next = list.continuation) {
    const at = locateBlock(volume, next.partition, next.block)
    if (at < 0 || visited.has(at) || visited.size >= CONTINUATION_LIMIT) {
      volume.log.damage('UDF_CONTINUATION_LOOP', 'Allocation descriptors lead on without end.', at < 0 ? undefined : at)
      return
    }
    visited.add(at)
    const found = await readContinuation(source, volume, next, at)
    if (found === null) {
      volume.log.damage('UDF_CONTINUATION_UNREADABLE', 'A continuation of allocation descriptors is unreadable.', at)
      return
    }
    list.continuations.push(found)
    const end = Math.min(24 + found.reader.u32Le(20), found.reader.byteLength)
    readAllocations(found.reader.bytes, 24, end, kind, next.partition, wanted, volume, list)
  }
}

interface FoundContinuation extends Continuation {
  reader: ByteReader
}

/** The one at `at`; its copy in the metadata mirror where that alone is sound. Null where none can be read. */
async function readContinuation(
  source: ByteSource,
  volume: UdfVolume,
  place: LongAllocation,
  at: number,
): Promise<FoundContinuation | null> {
  const found = await continuationAt(source, volume, place, at)
  if (found !== null && found.isSound && !found.isMisplaced) return found
  const mirror = volume.locateMirror(place.partition, place.block)
  const copy = mirror < 0 || mirror === at ? null : await continuationAt(source, volume, place, mirror)
  if (copy === null || !copy.isSound || copy.isMisplaced) return found ?? copy
  volume.reportMirrorUsed(at)
  return copy
}

async function continuationAt(
  source: ByteSource,
  volume: UdfVolume,
  { byteLength, block }: LongAllocation,
  at: number,
): Promise<FoundContinuation | null> {
  const reader = new ByteReader(await source.read(at, Math.min(Math.max(byteLength, volume.blockSize), 1 << 20)))
  const tag = readTag(reader)
  if (tag.id !== TagId.allocationExtent || !tag.isSound) return null
  return { reader, byteOffset: at, isSound: hasValidCrc(reader), isMisplaced: tag.location !== block }
}
