import { readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { FatBootSector } from './boot-sector'
import { entryAt } from './entry-width'

const SECTOR = 512
/** The table of a 128 GB volume in clusters of 2 KiB; larger ones are not on discs. */
const TABLE_LIMIT = 256 * 1024 * 1024

/** Where a cluster lies, in bytes of the volume. */
export function clusterOffset({ dataOffset, clusterLength }: FatBootSector, cluster: number): number {
  return dataOffset + (cluster - 2) * clusterLength
}

/** What a chain of clusters was followed to. */
export interface Chain {
  /** Pairs of byte offset in the volume and byte length. */
  runs: number[]
  /** The cluster that its last one links to; 0 where none does. */
  after: number
  /** Whether its last one is marked as free. */
  isFree: boolean
}

/** FAT specification 4: which cluster follows which. To be loaded before anything is asked of it. */
export class ClusterTable {
  private table: Uint8Array | null = null
  private copy: Uint8Array | null = null
  /** Where sectors of the table begin that were told to differ from its copy. */
  private readonly differing = new Set<number>()

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: FatBootSector,
    private readonly log: DiagnosticLog,
  ) {}

  /** Whether it is the number of a cluster: the first two have none, and the last is told by the length of the volume. */
  isCluster(cluster: number): boolean {
    return cluster >= 2 && cluster < this.boot.clusterCount + 2
  }

  /** The cluster that another links to by the first table alone; 0 at the end of a chain, −1 where it is in none. */
  linkOf(cluster: number): number {
    const link = this.link(this.table ?? new Uint8Array(0), cluster)
    if (this.isCluster(link)) return link
    return this.isEnd(link) ? 0 : -1
  }

  /** Whether a file has that cluster, or it is marked as one that cannot be used. */
  isInUse(cluster: number): boolean {
    return this.link(this.table ?? new Uint8Array(0), cluster) !== 0
  }

  /** How many clusters something was written to, counted up to `limit`; those that cannot be used are none. */
  usedCount(limit: number): number {
    const table = this.table ?? new Uint8Array(0)
    const bad = { 12: 0xff7, 16: 0xfff7, 32: 0x0ffffff7 }[this.boot.bits]
    let count = 0
    for (let cluster = 2; cluster < this.boot.clusterCount + 2 && count < limit; cluster++) {
      const link = this.link(table, cluster)
      if (link !== 0 && link !== bad) count++
    }
    return count
  }

  /** Runs of a chain of clusters, up to `byteLength`; stops at whatever is not a cluster, and cannot run in circles. */
  chain(first: number, byteLength: number): number[] {
    return this.follow(first, byteLength).runs
  }

  /** As `chain`, with what would come behind it. */
  follow(first: number, byteLength: number): Chain {
    const { boot } = this
    const runs: number[] = []
    let total = 0
    let cluster = first
    for (let steps = 0; total < byteLength && steps <= boot.clusterCount; steps++) {
      if (!this.isCluster(cluster)) break
      const start = clusterOffset(boot, cluster)
      const length = Math.min(boot.clusterLength, byteLength - total)
      const last = runs.length - 2
      if (last >= 0 && (runs[last] ?? 0) + (runs[last + 1] ?? 0) === start)
        runs[last + 1] = (runs[last + 1] ?? 0) + length
      else runs.push(start, length)
      total += length
      cluster = this.next(cluster)
    }
    return { runs, after: this.isCluster(cluster) ? cluster : 0, isFree: runs.length > 0 && cluster === 0 }
  }

  /** Where the two copies of the table differ, the link that can be one is taken; where both can, the first. */
  private next(cluster: number): number {
    const own = this.link(this.table ?? new Uint8Array(0), cluster)
    if (this.copy === null) return own
    const other = this.link(this.copy, cluster)
    if (other === own || (this.isEnd(own) && this.isEnd(other))) return own
    const canBeOther = this.isEnd(other) || this.isCluster(other)
    const canBeOwn = this.isEnd(own) || this.isCluster(own)
    if (!canBeOwn && !canBeOther) return own
    const message = 'The copies of the allocation table differ where files are: a file may be other than recorded.'
    const place = this.boot.fatOffset + Math.floor((cluster * this.boot.bits) / 8)
    // What damages one link damages those beside it, and is told once.
    if (!this.differing.has(place - (place % SECTOR))) this.log.damage('FAT_COPIES_DIFFER', message, place)
    this.differing.add(place - (place % SECTOR))
    return canBeOwn ? own : other
  }

  /** The values that end a chain. */
  private isEnd(link: number): boolean {
    return link >= { 12: 0xff8, 16: 0xfff8, 32: 0x0ffffff8 }[this.boot.bits]
  }

  private link(table: Uint8Array, cluster: number): number {
    if (this.boot.bits === 32) return readU32Le(table, cluster * 4) & 0x0fffffff
    return entryAt(table, this.boot.bits, cluster)
  }

  /** @param isAlone the copy is not asked for: it takes as much memory */
  async load(isAlone = false): Promise<void> {
    if (this.table !== null) return
    const { fatOffset, fatLength, copyOffset } = this.boot
    const table = await this.volume.read(fatOffset, Math.min(fatLength, TABLE_LIMIT))
    const copy =
      copyOffset > 0 && !isAlone ? await this.volume.read(copyOffset, Math.min(fatLength, TABLE_LIMIT)) : null
    this.table = table
    // A copy that is cut off, or was never written, is none.
    if (copy?.byteLength !== table.byteLength || Buffer.compare(copy, table) === 0) return
    if (copy[0] === table[0]) this.copy = copy
    else if (beginsAsTable(copy)) {
      this.copy = beginsAsTable(table) ? copy : table
      if (this.copy === table) this.table = copy
    }
  }
}

/** FAT specification 4.1: a table begins with the byte that names the medium, and the bits behind it are set. */
function beginsAsTable(table: Uint8Array): boolean {
  const media = table[0] ?? 0
  return (media === 0xf0 || media >= 0xf8) && table[1] === 0xff
}
