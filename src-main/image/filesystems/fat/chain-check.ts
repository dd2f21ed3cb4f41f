import type { DiagnosticLog } from '../../core/diagnostic-log'
import { FaultTally } from '../../core/fault-tally'
import type { FatBootSector } from './boot-sector'
import { ClusterSet } from '../../core/cluster-set'
import type { Chain, ClusterTable } from './cluster-table'

/** Whether chains of clusters are as long as their files, and each has its clusters for itself. */
export class ChainCheck {
  /** Of files alone, and of directories too. */
  private readonly lengths = new FaultTally()
  private readonly marks = new FaultTally()
  private reached: ClusterSet | null = null

  constructor(
    private readonly boot: FatBootSector,
    private readonly table: ClusterTable,
    private readonly log: DiagnosticLog,
  ) {}

  /** The clusters of everything that was met. */
  get clusters(): ClusterSet {
    return (this.reached ??= new ClusterSet(this.boot.clusterCount + 2))
  }

  directory(name: string, chain: Chain): void {
    this.keep(name, chain)
  }

  /** @param name of a file that has clusters, or says where they would begin */
  file(name: string, first: number, byteLength: number, chain: Chain): void {
    this.lengths.countRecord()
    const rest = byteLength === 0 ? first : chain.after
    this.keep(name, chain)
    if (byteLength === 0 && !(this.table.isCluster(first) && this.table.linkOf(first) >= 0)) return
    if (rest === 0) return
    // Cameras and copying programs take clusters before they write, so that a volume may be full of these.
    this.lengths.add('FAT_CHAIN_LONG', `“${name}” has more clusters than its length needs: its end may be missing.`)
    for (let cluster = rest; this.table.isCluster(cluster) && this.clusters.add(cluster);)
      cluster = this.table.linkOf(cluster)
  }

  settle(): void {
    this.lengths.settle(this.log)
    this.marks.settle(this.log)
  }

  private keep(name: string, chain: Chain): void {
    const { runs } = chain
    this.marks.countRecord()
    const { dataOffset, clusterLength } = this.boot
    let isShared = false
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const first = ((runs[i] ?? 0) - dataOffset) / clusterLength + 2
      const count = Math.ceil((runs[i + 1] ?? 0) / clusterLength)
      for (let cluster = first; cluster < first + count; cluster++) if (!this.clusters.add(cluster)) isShared = true
    }
    if (chain.isFree)
      this.marks.add('CLUSTERS_WRONG', `“${name}” has clusters that are marked as free: it may be other than recorded.`)
    if (isShared)
      this.log.damage(
        'CLUSTERS_WRONG',
        `“${name}” has clusters that another file has too: one of them is not as recorded.`,
      )
  }
}
