import type { ByteReader } from '../../core/byte-reader'
import { pushRun } from '../../core/content-runs'

/** One entry of the partition map table: blocks of its own numbering to places in the image. */
export interface Partition {
  /** Appends pairs of byte offset (−1 where there is none) and byte length. */
  mapRun(block: number, byteLength: number, into: number[]): void
  /** The same from the copy that a metadata partition keeps; absent where there is none. */
  mapMirrorRun?(block: number, byteLength: number, into: number[]): void
  /** The place of the copy of what lies at a place in the image; −1 where no copy is kept. */
  mirrorOf?(byteOffset: number): number
  /** Where a block of its own numbering lies in the image, in bytes; absent where one place does not tell it. */
  placeOf?(block: number): number
}

/** Places that cannot be: past every source, so that they count as lost and not as holes. */
export const NOWHERE = 2 ** 52

/** ECMA-167 3/10.7.2, with the partition descriptor of 3/10.5. */
export class PhysicalPartition implements Partition {
  constructor(
    readonly startByteOffset: number,
    readonly blockCount: number,
    private readonly blockSize: number,
  ) {}

  mapRun(block: number, byteLength: number, into: number[]): void {
    pushRun(into, this.placeOf(block), byteLength)
  }

  placeOf(block: number): number {
    return this.startByteOffset + block * this.blockSize
  }
}

/** A reference past the map, or a partition without its descriptor. */
export class MissingPartition implements Partition {
  mapRun(_block: number, byteLength: number, into: number[]): void {
    pushRun(into, NOWHERE, byteLength)
  }
}

/** UDF 2.2.9: packets that went bad are replaced by spare ones elsewhere. */
export class SparablePartition implements Partition {
  constructor(
    private readonly physical: PhysicalPartition,
    private readonly packetBlocks: number,
    /** First block of a packet to the sector that replaces it. */
    private readonly spares: ReadonlyMap<number, number>,
    private readonly blockSize: number,
  ) {}

  mapRun(block: number, byteLength: number, into: number[]): void {
    if (this.spares.size === 0) {
      this.physical.mapRun(block, byteLength, into)
      return
    }
    for (let at = block, left = byteLength; left > 0;) {
      const packet = at - (at % this.packetBlocks)
      const length = Math.min(left, (packet + this.packetBlocks - at) * this.blockSize)
      const spare = this.spares.get(packet)
      if (spare === undefined) this.physical.mapRun(at, length, into)
      else pushRun(into, (spare + (at - packet)) * this.blockSize, length)
      left -= length
      at = packet + this.packetBlocks
    }
  }
}

/** UDF 2.2.8: blocks are looked up one by one in the virtual allocation table. */
export class VirtualPartition implements Partition {
  constructor(
    private readonly physical: Partition,
    private readonly table: Uint32Array,
    private readonly blockSize: number,
  ) {}

  mapRun(block: number, byteLength: number, into: number[]): void {
    for (let at = block, left = byteLength; left > 0; at++) {
      const length = Math.min(left, this.blockSize)
      const target = this.table[at] ?? 0xffffffff
      if (target === 0xffffffff) {
        pushRun(into, NOWHERE, left)
        return
      }
      this.physical.mapRun(target, length, into)
      left -= length
    }
  }
}

/** UDF 2.2.13: blocks are those of a file, which may be in several extents. */
export class MetadataPartition implements Partition {
  constructor(
    private readonly main: readonly number[],
    private readonly mirror: readonly number[],
    private readonly blockSize: number,
  ) {}

  mapRun(block: number, byteLength: number, into: number[]): void {
    mapThrough(this.main.length > 0 ? this.main : this.mirror, block * this.blockSize, byteLength, into)
  }

  mapMirrorRun(block: number, byteLength: number, into: number[]): void {
    mapThrough(this.mirror, block * this.blockSize, byteLength, into)
  }

  mirrorOf(byteOffset: number): number {
    let start = 0
    for (let i = 0; i < this.main.length; i += 2) {
      const within = byteOffset - (this.main[i] ?? -1)
      const length = this.main[i + 1] ?? 0
      if (within >= 0 && within < length) {
        const found: number[] = []
        mapThrough(this.mirror, start + within, 1, found)
        return found[0] ?? -1
      }
      start += length
    }
    return -1
  }
}

/** The part `[byteOffset, byteOffset + byteLength)` of a file that consists of `runs`. */
function mapThrough(runs: readonly number[], byteOffset: number, byteLength: number, into: number[]): void {
  let start = 0
  let done = 0
  for (let i = 0; i < runs.length && done < byteLength; i += 2) {
    const length = runs[i + 1] ?? 0
    const within = byteOffset + done - start
    if (within < length) {
      const part = Math.min(length - within, byteLength - done)
      const base = runs[i] ?? -1
      pushRun(into, base < 0 ? -1 : base + within, part)
      done += part
    }
    start += length
  }
  if (done < byteLength) pushRun(into, NOWHERE, byteLength - done)
}

/** What a type 2 map says of itself (UDF 2.2.8 to 2.2.10). */
export interface PartitionMap {
  kind: 'physical' | 'virtual' | 'sparable' | 'metadata' | 'unknown'
  partitionNumber: number
  /** The map's own bytes. */
  bytes: ByteReader
}

/** ECMA-167 3/10.6.13: at most as many as the table holds, whatever the count says. */
export function readPartitionMaps(logical: ByteReader): PartitionMap[] {
  const maps: PartitionMap[] = []
  const end = Math.min(440 + logical.u32Le(264), logical.byteLength)
  for (let at = 440; at + 6 <= end;) {
    const type = logical.u8(at)
    const length = logical.u8(at + 1)
    if (length < 6 || at + length > end) break
    const bytes = logical.sub(at, length)
    const identifier = type === 2 ? bytes.text(5, 23) : ''
    const kind =
      type === 1
        ? 'physical'
        : identifier.startsWith('*UDF Virtual')
          ? 'virtual'
          : identifier.startsWith('*UDF Sparable')
            ? 'sparable'
            : identifier.startsWith('*UDF Metadata')
              ? 'metadata'
              : 'unknown'
    maps.push({ kind, partitionNumber: bytes.u16Le(type === 1 ? 4 : 38), bytes })
    at += length
  }
  return maps
}
