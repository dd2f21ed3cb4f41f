import type { ByteSource } from '../../core/byte-source'
import { ClusterSet } from '../../core/cluster-set'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { FaultTally } from '../../core/fault-tally'
import type { ExfatBoot } from './boot-sector'
import type { Chain } from './cluster-chains'

const FIRST_CLUSTER = 2

/**
 * Whether every cluster belongs to one file alone, is marked as in use (exFAT specification 7.1.5), and chains end where
 * their files do.
 */
export class AllocationCheck {
  private readonly marks = new FaultTally()
  private readonly lengths = new FaultTally()
  private reached: ClusterSet | null = null
  private bitmap: Uint8Array | null = null
  /** Behind the last cluster that is in the image: a volume may say that it has billions, and files that they have them. */
  private readonly end: number

  /** @param byteLength of what there is of the volume */
  constructor(
    private readonly boot: ExfatBoot,
    byteLength: number,
    private readonly log: DiagnosticLog,
  ) {
    const there = Math.ceil(Math.max(0, byteLength - boot.heapOffset) / boot.clusterLength)
    this.end = Math.min(boot.clusterCount, there) + FIRST_CLUSTER
  }

  async loadBitmap(bitmap: ByteSource): Promise<void> {
    this.bitmap = await bitmap.read(0, Math.ceil((this.end - FIRST_CLUSTER) / 8))
  }

  /** Whether a cluster is marked as in use; null where nothing tells. */
  isMarked(cluster: number): boolean | null {
    const byte = this.bitmap?.[(cluster - FIRST_CLUSTER) >> 3]
    return byte === undefined ? null : (byte & (1 << ((cluster - FIRST_CLUSTER) & 7))) !== 0
  }

  /**
   * @param name of a file or directory, for sentences
   * @param isShort its chain has not all that its length needs, which is told already
   */
  keep(name: string, { runs, hasMore }: Chain, isShort = false): void {
    this.marks.countRecord()
    this.lengths.countRecord()
    const { heapOffset, clusterLength } = this.boot
    const reached = (this.reached ??= new ClusterSet(this.end))
    let [isShared, isUnmarked] = [false, false]
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const first = ((runs[i] ?? 0) - heapOffset) / clusterLength + FIRST_CLUSTER
      const end = Math.min(this.end, first + Math.ceil((runs[i + 1] ?? 0) / clusterLength))
      for (let cluster = first; cluster < end; cluster++) {
        if (!reached.add(cluster)) isShared = true
        if (this.isMarked(cluster) === false) isUnmarked = true
      }
    }
    if (isShort) return
    const report = (tally: FaultTally, what: string): void => tally.add('CLUSTERS_WRONG', `“${name}” ${what}`)
    if (isUnmarked) report(this.marks, 'has clusters that are marked as free: it may be other than recorded.')
    if (hasMore) report(this.lengths, 'has more clusters than its length needs: its end may be missing.')
    if (isShared)
      this.log.damage(
        'CLUSTERS_WRONG',
        `“${name}” has clusters that another file has too: one of them is not as recorded.`,
      )
  }

  settle(): void {
    this.marks.settle(this.log)
    this.lengths.settle(this.log)
  }
}
