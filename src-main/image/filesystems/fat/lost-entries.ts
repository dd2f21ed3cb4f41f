import { isAllZero, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { FatBootSector } from './boot-sector'
import { ClusterSet } from '../../core/cluster-set'
import { clusterOffset, type ClusterTable } from './cluster-table'
import { couldBeEntry, dotsOf } from './directory-check'
import { ENTRY_LENGTH, firstCluster } from './directory-entry'

/** So many are looked at more closely; each has a cluster of its own. */
const SUSPECT_LIMIT = 1 << 20

interface Suspect {
  /** 0 of a directory (FAT specification 6), whatever its attributes say. */
  byteLength: number
  message: string
}

/**
 * Entries that are passed over for what marks them as deleted, as a volume’s name, as part of a long name, or as lying
 * behind the end. What they name shows which of them were files until the mark was damaged: clusters that are still in
 * use, that nothing else reaches, and that are as many as the entry says. A deleted file’s clusters are free or another’s;
 * and clusters that are lost without an entry that names them lose no file that anybody could name.
 */
export class LostEntries {
  /** By their first cluster. */
  private readonly suspects = new Map<number, Suspect>()

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: FatBootSector,
    private readonly table: ClusterTable,
  ) {}

  get isEmpty(): boolean {
    return this.suspects.size === 0
  }

  /** An entry that says it was deleted. */
  deleted(bytes: Uint8Array, at: number, title: string): void {
    this.suspect(bytes, at, `${title} has an entry that is marked as deleted, though its clusters are in use`)
  }

  /** An entry that says it is no file: a volume’s name, or part of a long name. Those have no clusters. */
  unlisted(bytes: Uint8Array, at: number, title: string): void {
    this.suspect(bytes, at, `${title} has an entry that is marked as no file, though it has clusters`)
  }

  /** The entry that ends a directory, and those behind it: none, or what was there before. */
  behindEnd(bytes: Uint8Array, end: number, title: string): void {
    for (let at = end; at + ENTRY_LENGTH <= bytes.byteLength; at += ENTRY_LENGTH)
      this.suspect(bytes, at, `${title} ends before entries whose clusters are in use`)
  }

  /** @param reached by all entries that are listed */
  async settle(reached: ClusterSet, log: DiagnosticLog): Promise<void> {
    let linked: ClusterSet | null = null
    const seen = new ClusterSet(this.boot.clusterCount + 2)
    for (const [cluster, suspect] of this.suspects) {
      if (reached.has(cluster)) continue
      linked ??= this.linkedClusters()
      if (linked.has(cluster) || !this.hasLength(cluster, suspect, reached, seen)) continue
      if (suspect.byteLength === 0 && !(await this.isDirectory(cluster))) continue
      log.damage('ENTRIES_MISSING', `${suspect.message}: files are missing.`)
    }
    this.suspects.clear()
  }

  private suspect(bytes: Uint8Array, at: number, message: string): void {
    const cluster = firstCluster(bytes, at, this.boot.bits)
    if (!this.table.isCluster(cluster) || this.table.linkOf(cluster) < 0 || this.suspects.has(cluster)) return
    if (!couldBeEntry(bytes, at) || this.suspects.size >= SUSPECT_LIMIT) return
    this.suspects.set(cluster, { byteLength: readU32Le(bytes, at + 28), message })
  }

  /** Whether its chain ends, is nobody’s, and has as many clusters as its entry says. */
  private hasLength(first: number, { byteLength }: Suspect, reached: ClusterSet, seen: ClusterSet): boolean {
    let count = 0
    let cluster = first
    for (; this.table.isCluster(cluster); count++) {
      if (reached.has(cluster) || !seen.add(cluster)) return false
      cluster = this.table.linkOf(cluster)
    }
    if (cluster !== 0) return false
    return byteLength === 0 || count === Math.ceil(byteLength / this.boot.clusterLength)
  }

  private async isDirectory(cluster: number): Promise<boolean> {
    const bytes = await this.volume.read(clusterOffset(this.boot, cluster), ENTRY_LENGTH)
    return !isAllZero(bytes) && dotsOf(bytes, 0) === 1 && firstCluster(bytes, 0, this.boot.bits) === cluster
  }

  /** Clusters that another one leads to: no file begins there. */
  private linkedClusters(): ClusterSet {
    const end = this.boot.clusterCount + 2
    const linked = new ClusterSet(end)
    for (let cluster = 2; cluster < end; cluster++) {
      const next = this.table.linkOf(cluster)
      if (next > 0) linked.add(next)
    }
    return linked
  }
}
