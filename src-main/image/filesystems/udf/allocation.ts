import { pushRun } from '../../core/content-runs'
import { readU16Le, readU32Le } from '../../core/byte-reader'

/** ECMA-167 4/7.1: a block of a partition, by the partition map's index. */
export interface LogicalBlockAddress {
  block: number
  partition: number
}

/** ECMA-167 4/14.14.2; the length's upper two bits are taken off. */
export interface LongAllocation extends LogicalBlockAddress {
  byteLength: number
}

export function readLongAllocation(bytes: Uint8Array, at: number): LongAllocation {
  return {
    byteLength: readU32Le(bytes, at) & 0x3fffffff,
    block: readU32Le(bytes, at + 4),
    partition: readU16Le(bytes, at + 8),
  }
}

/** ECMA-167 4/14.14.1.1. */
export const ExtentType = { recorded: 0, allocated: 1, unallocated: 2, continuation: 3 } as const

/** ECMA-167 4/14.6.8, bits 0 to 2. */
export const AllocationKind = { short: 0, long: 1, extended: 2, embedded: 3 } as const

/** Turns logical addresses into places in the image. */
export interface AddressSpace {
  readonly blockSize: number
  /** Appends pairs of byte offset (−1 where there is none) and byte length. */
  mapRun(partition: number, block: number, byteLength: number, into: number[]): void
}

/** More than this and the descriptors are an attack: a fully fragmented 100 GB file has fewer. */
const RUN_LIMIT = 8_000_000

/** What was read of an allocation extent descriptor. */
export interface Continuation {
  /** In the image. */
  byteOffset: number
  /** Its CRC fits what it covers (ECMA-167 3/7.2.6): up to UDF 2.00 that is not its descriptors. */
  isSound: boolean
  /** It says that it lies elsewhere (3/7.2.8). */
  isMisplaced: boolean
}

export interface AllocationList {
  runs: number[]
  byteLength: number
  /** An extent of further descriptors (ECMA-167 4/14.5). */
  continuation: LongAllocation | null
  /** Those that led from one part of the list to the next. */
  continuations: Continuation[]
  /** More is recorded than the content fills: what lies behind it may be allocated, but not recorded (4/12.1). */
  isLong: boolean
  /** An extent ends within a block and another one follows, though only the last may (4/12.1). */
  isUneven: boolean
  /** The last one so far ends within a block. */
  endsWithinBlock: boolean
}

export function emptyAllocations(): AllocationList {
  return {
    runs: [],
    byteLength: 0,
    continuation: null,
    continuations: [],
    isLong: false,
    isUneven: false,
    endsWithinBlock: false,
  }
}

/** Adds the extents that `bytes[from, to)` describe, up to `wanted` bytes of content altogether. */
export function readAllocations(
  bytes: Uint8Array,
  from: number,
  to: number,
  kind: number,
  ownPartition: number,
  wanted: number,
  space: AddressSpace,
  list: AllocationList,
): void {
  const size = kind === AllocationKind.short ? 8 : kind === AllocationKind.long ? 16 : 20
  list.continuation = null
  for (let at = from; at + size <= to && list.runs.length < RUN_LIMIT; at += size) {
    const word = readU32Le(bytes, at)
    const byteLength = word & 0x3fffffff
    if (byteLength === 0) return
    const type = word >>> 30
    const address = kind === AllocationKind.extended ? at + 12 : at + 4
    const block = readU32Le(bytes, address)
    const partition = kind === AllocationKind.short ? ownPartition : readU16Le(bytes, address + 4)
    if (type === ExtentType.continuation) {
      list.continuation = { byteLength, block, partition }
      return
    }
    const used = Math.max(0, Math.min(byteLength, wanted - list.byteLength))
    const isWithinBlock = byteLength % space.blockSize !== 0
    // Writers that count whole blocks leave less than one over.
    const isOver = byteLength - used >= space.blockSize || (isWithinBlock && byteLength > used)
    if (type === ExtentType.recorded && isOver) list.isLong = true
    if (used === 0) return
    if (list.endsWithinBlock) list.isUneven = true
    list.endsWithinBlock = isWithinBlock
    if (type === ExtentType.recorded) space.mapRun(partition, block, used, list.runs)
    else pushRun(list.runs, -1, used)
    list.byteLength += used
  }
}
