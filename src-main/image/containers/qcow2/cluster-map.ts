import { doesNotUnpack } from '../blocks/does-not-unpack'
import { inflateRawSync } from 'node:zlib'
import { packedFault } from '../../codecs/packed-fault'
import { unpackZstdFrame } from '../../codecs/zstd-frame'
import type { ByteReader } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { andThen } from '../../core/maybe-promise'
import { fromBase, type DiskMap, type Run } from '../disk/disk-source'
import { TablePieces } from '../disk/table-pieces'

const SECTOR = 512
const SUBCLUSTERS = 32

export interface Clusters {
  /** For sentences. */
  name: string
  file: ByteSource
  /** Where clusters lie as they are; the file itself but for external data files. Null: it is not there. */
  data: ByteSource | null
  hasDataFile: boolean
  /** What lies where this disk has nothing; null: it is not there. */
  base: ByteSource | null
  hasBase: boolean
  clusterBits: number
  isExtended: boolean
  isZstd: boolean
  tableOffset: number
}

/** A qcow2 image's two levels of tables (qcow2.txt, “Cluster mapping”), read in pieces as they are needed. */
export class ClusterMap implements DiskMap {
  private readonly tables: TablePieces
  private readonly clusterLength: number
  private readonly entryLength: number
  private readonly entriesPerTable: number

  constructor(private readonly disk: Clusters) {
    this.tables = new TablePieces(disk.file, disk.name)
    this.clusterLength = 2 ** disk.clusterBits
    this.entryLength = disk.isExtended ? 16 : 8
    this.entriesPerTable = this.clusterLength / this.entryLength
  }

  at(byteOffset: number, byteLength: number): MaybePromise<Run> {
    const covered = this.entriesPerTable * this.clusterLength
    const table = Math.floor(byteOffset / covered)
    const within = byteOffset - table * covered
    return andThen(this.tables.at(this.disk.tableOffset + table * 8, 8), (entry) => {
      const tableOffset = offsetIn(entry, 0)
      if (tableOffset === 0) return this.unwritten(byteOffset, Math.min(byteLength, covered - within))
      const cluster = Math.floor(within / this.clusterLength)
      return andThen(this.tables.at(tableOffset + cluster * this.entryLength, this.entryLength), (found) =>
        this.inCluster(found, byteOffset, byteLength),
      )
    })
  }

  private inCluster(entry: ByteReader, byteOffset: number, byteLength: number): Run {
    const { disk, clusterLength } = this
    const within = byteOffset % clusterLength
    const length = Math.min(byteLength, clusterLength - within)
    const high = entry.u32Be(0)
    if ((high & 0x40000000) !== 0) return this.packed(high & 0x3fffffff, entry.u32Be(4), within, length)
    const offset = offsetIn(entry, 0)
    // A data file's first cluster lies at 0: there the flag “copied” tells that there is one.
    const isThere = offset > 0 || (disk.hasDataFile && (high & 0x80000000) !== 0)
    if (disk.isExtended) return this.inSubcluster(entry, isThere ? offset : null, byteOffset, length)
    if ((entry.u32Be(4) & 1) !== 0) return { kind: 'zeros', byteLength: length }
    return isThere ? this.stored(offset + within, length) : this.unwritten(byteOffset, length)
  }

  /** Of each 32nd of a cluster, whether it is there and whether it is zeros (“Extended L2 Entries”). */
  private inSubcluster(entry: ByteReader, offset: number | null, byteOffset: number, byteLength: number): Run {
    const subLength = this.clusterLength / SUBCLUSTERS
    const within = byteOffset % this.clusterLength
    const first = Math.floor(within / subLength)
    const zeros = entry.u32Be(8)
    const there = entry.u32Be(12)
    const kindAt = (sub: number): number => ((zeros >>> sub) & 1) * 2 + ((there >>> sub) & 1)
    const kind = kindAt(first)
    let end = first + 1
    while (end < SUBCLUSTERS && kindAt(end) === kind) end++
    const length = Math.min(byteLength, end * subLength - within)
    if (kind >= 2) return { kind: 'zeros', byteLength: length }
    return kind === 1 && offset !== null ? this.stored(offset + within, length) : this.unwritten(byteOffset, length)
  }

  private stored(byteOffset: number, byteLength: number): Run {
    const { data } = this.disk
    return data === null ? { kind: 'missing', byteLength } : { kind: 'stored', byteLength, source: data, byteOffset }
  }

  private unwritten(byteOffset: number, byteLength: number): Run {
    return this.disk.hasBase ? fromBase(this.disk.base, byteOffset, byteLength) : { kind: 'zeros', byteLength }
  }

  /** “Compressed Clusters Descriptor”: the offset in the lower bits, sectors behind the first one above them. */
  private packed(high: number, low: number, within: number, byteLength: number): Run {
    const { clusterBits, file } = this.disk
    const offsetBits = 62 - (clusterBits - 8)
    const highBits = offsetBits - 32
    const offset = (high % 2 ** highBits) * 2 ** 32 + low
    const sectors = Math.floor(high / 2 ** highBits) + 1
    const length = sectors * SECTOR - (offset % SECTOR)
    return {
      kind: 'packed',
      byteLength,
      block: offset,
      within,
      unpack: () =>
        offset < file.byteLength
          ? andThen(file.read(offset, length), (bytes) => this.unpack(bytes))
          : this.unpack(new Uint8Array(0)),
    }
  }

  private unpack(packed: Uint8Array): Uint8Array {
    const { clusterLength, disk } = this
    let bytes: Uint8Array | null = null
    let cause: unknown = null
    try {
      bytes = disk.isZstd
        ? unpackZstdFrame(packed, clusterLength)
        : inflateRawSync(packed, { maxOutputLength: clusterLength })
    } catch (error) {
      cause = packedFault(error)
    }
    if (bytes?.byteLength !== clusterLength) throw doesNotUnpack(disk.name, 'a cluster of it', cause)
    return bytes
  }
}

/** Bits 9 to 55. */
function offsetIn(entry: ByteReader, at: number): number {
  return (entry.u32Be(at) & 0x00ffffff) * 2 ** 32 + ((entry.u32Be(at + 4) & 0xfffffe00) >>> 0)
}
