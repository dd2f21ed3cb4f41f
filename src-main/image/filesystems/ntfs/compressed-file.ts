import { unpackLznt1 } from '../../codecs/lznt1'
import { packedFault } from '../../codecs/packed-fault'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { EqualBlocks } from '../../core/equal-blocks'
import { ExtentSource } from '../../core/sources/extent-source'
import type { ClusterRuns } from './mapping'

/**
 * A file that NTFS compresses: in units of mostly 16 clusters, each of which lies as it is, packed in fewer clusters with
 * a hole behind them, or is a hole.
 */
export class CompressedFile implements ByteSource {
  private readonly units: EqualBlocks

  /**
   * @param unitClusters clusters of a unit
   * @param writtenLength what lies behind is zeros, in bytes
   */
  constructor(
    private readonly volume: ByteSource,
    private readonly runs: ClusterRuns,
    private readonly clusterLength: number,
    private readonly unitClusters: number,
    readonly byteLength: number,
    private readonly writtenLength: number,
  ) {
    this.units = new EqualBlocks(byteLength, unitClusters * clusterLength, (index, length) => this.unit(index, length))
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.units.read(byteOffset, byteLength)
  }

  locate(): null {
    return null
  }

  close(): void {
    // The clusters belong to the volume.
  }

  private async unit(index: number, byteLength: number): Promise<Uint8Array> {
    const start = index * this.unitClusters * this.clusterLength
    if (start >= this.writtenLength) return new Uint8Array(byteLength)
    const pairs = this.pairsOf(index * this.unitClusters)
    const stored = pairs.reduce((sum, value, at) => (at % 2 === 1 ? sum + value : sum), 0)
    if (stored === 0) return new Uint8Array(byteLength)
    const isPlain = stored === this.unitClusters * this.clusterLength
    const wanted = isPlain ? byteLength : stored
    const bytes = await new ExtentSource(this.volume, pairs, stored).read(0, wanted)
    if (bytes.byteLength < wanted) throw new SourceError('CONTENT_DAMAGED', 'A packed unit of a file is cut short.')
    let out = bytes
    if (!isPlain) {
      try {
        out = unpackLznt1(bytes, byteLength)
      } catch (error) {
        const cause = packedFault(error)
        throw new SourceError('CONTENT_DAMAGED', `A unit of a file does not unpack (${cause.message}).`, { cause })
      }
    }
    if (start + byteLength > this.writtenLength) out.fill(0, this.writtenLength - start)
    return out
  }

  /** Where the clusters of a unit lie that are no hole, in bytes. */
  private pairsOf(first: number): number[] {
    const { runs, unitClusters, clusterLength } = this
    let low = 0
    let high = runs.length / 3 - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((runs[middle * 3] ?? 0) <= first) low = middle
      else high = middle - 1
    }
    const pairs: number[] = []
    const end = first + unitClusters
    for (let at = low * 3; at + 2 < runs.length && (runs[at] ?? 0) < end; at += 3) {
      const runStart = runs[at] ?? 0
      const cluster = runs[at + 1] ?? -1
      const from = Math.max(first, runStart)
      const to = Math.min(end, runStart + (runs[at + 2] ?? 0))
      if (cluster >= 0 && to > from)
        pairs.push((cluster + from - runStart) * clusterLength, (to - from) * clusterLength)
    }
    return pairs
  }
}
