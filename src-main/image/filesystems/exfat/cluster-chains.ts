import { readU32Le } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import { PromiseCache } from '../../core/promise-cache'
import { clusterOffset, isCluster, type ExfatBoot } from './boot-sector'

/** Links of the table that are read at once. */
const LINKS_PER_PAGE = 1 << 14
const KEPT_PAGES = 64

/** What a chain of clusters was followed to. */
export interface Chain {
  /** Pairs of byte offset and byte length. */
  runs: number[]
  /** Whether it goes on behind what was asked for. */
  hasMore: boolean
}

/** Where ranges of a volume's heap lie: by its allocation table, or in a row. */
export class ClusterChains {
  private readonly pages = new PromiseCache<number, Uint8Array>(KEPT_PAGES)
  /** Links that may still be followed: no cluster belongs to two files, so chains over one another are a lie. */
  private linksLeft: number

  /** @param times how often each cluster may be asked for on average */
  constructor(
    private readonly volume: ByteSource,
    private readonly boot: ExfatBoot,
    times = 4,
  ) {
    this.linksLeft = boot.clusterCount * times + 65_536
  }

  /**
   * Pairs of byte offset and byte length, up to `byteLength` together; fewer where the chain ends, leaves the heap or
   * comes back to itself.
   */
  async chain(first: number, byteLength: number): Promise<number[]> {
    return (await this.follow(first, byteLength)).runs
  }

  /** As `chain`, with what would come behind it. */
  async follow(first: number, byteLength: number): Promise<Chain> {
    const { clusterLength, clusterCount } = this.boot
    const runs = new Runs()
    // Brent: the mark moves on at powers of two, so that no circle goes round more than twice.
    let mark = -1
    let untilMark = 1
    let steps = 0
    let pageIndex = -1
    let page = new Uint8Array(0)
    let cluster = first
    while (runs.byteLength < byteLength && isCluster(cluster, clusterCount)) {
      if (cluster === mark || this.linksLeft-- <= 0) break
      if (++steps === untilMark) {
        mark = cluster
        untilMark *= 2
      }
      runs.add(clusterOffset(this.boot, cluster), Math.min(clusterLength, byteLength - runs.byteLength))
      const index = Math.floor(cluster / LINKS_PER_PAGE)
      if (index !== pageIndex) {
        page = new Uint8Array(await this.page(index))
        pageIndex = index
      }
      cluster = readU32Le(page, (cluster % LINKS_PER_PAGE) * 4)
    }
    return { runs: runs.pairs, hasMore: runs.byteLength >= byteLength && isCluster(cluster, clusterCount) }
  }

  /** As `chain`, of clusters in a row. */
  row(first: number, byteLength: number): number[] {
    const { clusterLength, clusterCount } = this.boot
    if (!isCluster(first, clusterCount)) return []
    const count = Math.min(Math.ceil(byteLength / clusterLength), clusterCount + 2 - first)
    this.linksLeft -= count
    return this.linksLeft < 0 ? [] : [clusterOffset(this.boot, first), Math.min(byteLength, count * clusterLength)]
  }

  private page(index: number): MaybePromise<Uint8Array> {
    const at = index * LINKS_PER_PAGE * 4
    const { fatOffset, fatLength } = this.boot
    return this.pages.get(index, async () =>
      this.volume.read(fatOffset + at, Math.max(0, Math.min(LINKS_PER_PAGE * 4, fatLength - at))),
    )
  }
}

class Runs {
  readonly pairs: number[] = []
  byteLength = 0

  add(start: number, length: number): void {
    const { pairs } = this
    const last = pairs.length - 2
    if (last >= 0 && (pairs[last] ?? 0) + (pairs[last + 1] ?? 0) === start)
      pairs[last + 1] = (pairs[last + 1] ?? 0) + length
    else pairs.push(start, length)
    this.byteLength += length
  }
}
