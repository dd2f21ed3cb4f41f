import { readU16Le } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import {
  readAllocations,
  AllocationKind,
  readLongAllocation,
  type AllocationList,
  type LongAllocation,
} from './allocation'
import { readTag, TagId } from './descriptor-tag'
import { FileEntry } from './file-entry'
import type { UdfVolume } from './mapped-volume'
import { ByteReader } from '../../core/byte-reader'

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

/**
 * The content of a file entry as runs; embedded content is a run inside the entry itself. At once where all of them are
 * in the entry.
 * @param tellLong called where more is recorded than the entry's length says
 */
export function readContentRuns(
  source: ByteSource,
  volume: UdfVolume,
  found: FoundEntry,
  partition: number,
  tellLong?: () => void,
): MaybePromise<number[]> {
  const { entry, bytes, byteOffset } = found
  if (entry.allocationKind === AllocationKind.embedded) {
    return [
      byteOffset + entry.allocationFrom,
      Math.min(entry.informationLength, entry.allocationTo - entry.allocationFrom),
    ]
  }
  const list: AllocationList = { runs: [], byteLength: 0, continuation: null }
  const wanted = entry.informationLength
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
  const finish = (): number[] => {
    if (list.isLong === true) tellLong?.()
    return list.runs
  }
  if (list.continuation === null) return finish()
  return followContinuations(source, volume, entry.allocationKind, wanted, list).then(finish)
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
  let next: LongAllocation | null = list.continuation
  while (next !== null) {
    const at = locateBlock(volume, next.partition, next.block)
    if (at < 0 || visited.has(at) || visited.size >= CONTINUATION_LIMIT) {
      volume.log.damage('UDF_CONTINUATION_LOOP', 'Allocation descriptors lead on without end.', at < 0 ? undefined : at)
      return
    }
    visited.add(at)
    const bytes = await source.read(at, Math.min(Math.max(next.byteLength, volume.blockSize), 1 << 20))
    const reader = new ByteReader(bytes)
    const tag = readTag(reader)
    if (tag.id !== TagId.allocationExtent || !tag.isSound) {
      volume.log.damage('UDF_CONTINUATION_UNREADABLE', 'A continuation of allocation descriptors is unreadable.', at)
      return
    }
    const end = Math.min(24 + reader.u32Le(20), bytes.byteLength)
    readAllocations(bytes, 24, end, kind, next.partition, wanted, volume, list)
    next = list.continuation
  }
}
