import { doesNotUnpack } from '../blocks/does-not-unpack'
import { inflateSync } from 'node:zlib'
import { packedFault } from '../../codecs/packed-fault'
import { readU32Le } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { andThen } from '../../core/maybe-promise'
import { fromBase, type DiskMap, type Run } from '../disk/disk-source'
import { TablePieces } from '../disk/table-pieces'
import type { SparseExtent } from './sparse-header'

const SECTOR = 512
const GRAIN_HEADER_LENGTH = 12

/** What lies where an extent has nothing. */
export interface GrainBase {
  /** Null: it is not there. */
  blocks: ByteSource | null
  /** Where the extent begins in it, in bytes. */
  byteOffset: number
}

/** A sparse extent's directory and tables of grains, read in pieces as they are needed. */
export class GrainMap implements DiskMap {
  private readonly tables: TablePieces

  /**
   * @param name of the file, for sentences
   * @param base null for a disk that is based on no other
   * @param entries of all tables, where they are not to be read as they stand
   */
  constructor(
    private readonly file: ByteSource,
    private readonly name: string,
    private readonly extent: SparseExtent,
    private readonly base: GrainBase | null,
    private readonly entries: Uint32Array | null = null,
  ) {
    this.tables = new TablePieces(file, name)
  }

  at(byteOffset: number, byteLength: number): MaybePromise<Run> {
    const { grainLength, entriesPerTable, directoryOffset } = this.extent
    const known = this.entries?.[Math.floor(byteOffset / grainLength)]
    if (known !== undefined) return this.inGrain(known, byteOffset, byteLength)
    const covered = grainLength * entriesPerTable
    const table = Math.floor(byteOffset / covered)
    const within = byteOffset - table * covered
    return andThen(this.tables.at(directoryOffset + table * 4, 4), (directory) => {
      const tableSector = directory.u32Le(0)
      if (tableSector === 0) return this.unwritten(byteOffset, Math.min(byteLength, covered - within))
      const grain = Math.floor(within / grainLength)
      return andThen(this.tables.at(tableSector * SECTOR + grain * 4, 4), (entry) =>
        this.inGrain(entry.u32Le(0), byteOffset, byteLength),
      )
    })
  }

  private inGrain(sector: number, byteOffset: number, byteLength: number): Run {
    const { grainLength, hasZeroGrains, isCompressed } = this.extent
    const within = byteOffset % grainLength
    const length = Math.min(byteLength, grainLength - within)
    if (sector === 0) return this.unwritten(byteOffset, length)
    if (sector === 1 && hasZeroGrains) return { kind: 'zeros', byteLength: length }
    const place = sector * SECTOR
    if (!isCompressed) return { kind: 'stored', byteLength: length, source: this.file, byteOffset: place + within }
    // The last grain of a disk may be short.
    const unpacked = Math.min(grainLength, this.extent.byteLength - (byteOffset - within))
    return { kind: 'packed', byteLength: length, block: sector, within, unpack: () => this.unpack(place, unpacked) }
  }

  private unwritten(byteOffset: number, byteLength: number): Run {
    if (this.base === null) return { kind: 'zeros', byteLength }
    return fromBase(this.base.blocks, this.base.byteOffset + byteOffset, byteLength)
  }

  /** A marker (“Stream-Optimized Compressed Sparse Extents”): the first sector, the length, and zlib data. */
  private unpack(place: number, byteLength: number): MaybePromise<Uint8Array> {
    return andThen(this.readAt(place, SECTOR), (start) => {
      const packedLength = readU32Le(start, 8)
      if (packedLength <= SECTOR - GRAIN_HEADER_LENGTH)
        return this.inflate(start.subarray(GRAIN_HEADER_LENGTH, GRAIN_HEADER_LENGTH + packedLength), byteLength)
      if (packedLength > this.extent.grainLength * 2 + SECTOR) return this.inflate(new Uint8Array(0), byteLength)
      return andThen(this.readAt(place + GRAIN_HEADER_LENGTH, packedLength), (packed) =>
        this.inflate(packed, byteLength),
      )
    })
  }

  private readAt(byteOffset: number, byteLength: number): MaybePromise<Uint8Array> {
    return byteOffset < this.file.byteLength ? this.file.read(byteOffset, byteLength) : new Uint8Array(0)
  }

  private inflate(packed: Uint8Array, byteLength: number): Uint8Array {
    let bytes: Uint8Array | null = null
    let cause: unknown = null
    try {
      bytes = inflateSync(packed, { maxOutputLength: this.extent.grainLength })
    } catch (error) {
      cause = packedFault(error)
    }
    if (bytes === null || bytes.byteLength < byteLength) throw doesNotUnpack(this.name, 'a grain of it', cause)
    return bytes
  }
}
