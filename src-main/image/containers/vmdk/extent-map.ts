import type { ByteSource, MaybePromise } from '../../core/byte-source'
import type { DiskMap, Run } from '../disk/disk-source'

export interface Extent {
  /** In bytes of the disk. */
  start: number
  byteLength: number
  content: 'zeros' | 'missing' | { file: ByteSource; byteOffset: number } | { map: DiskMap; byteLength: number }
}

/** Extents one behind the other. */
export class ExtentMap implements DiskMap {
  /** @param extents by address, without gaps; the last one covers what is asked for */
  constructor(private readonly extents: readonly Extent[]) {}

  at(byteOffset: number, byteLength: number): MaybePromise<Run> {
    const extent = this.extents[this.indexAt(byteOffset)]
    if (extent === undefined) return { kind: 'missing', byteLength }
    const { start, content } = extent
    const within = byteOffset - start
    const length = Math.min(byteLength, extent.byteLength - within)
    if (content === 'zeros' || content === 'missing') return { kind: content, byteLength: length }
    if ('file' in content)
      return { kind: 'stored', byteLength: length, source: content.file, byteOffset: content.byteOffset + within }
    // The descriptor may promise more than the extent has.
    if (within >= content.byteLength) return { kind: 'missing', byteLength: length }
    const run = content.map.at(within, Math.min(length, content.byteLength - within))
    return run instanceof Promise ? run.then((found) => keyed(found, start)) : keyed(run, start)
  }

  /** The extent with the byte: the last one that begins at or before it, and is not empty. */
  private indexAt(byteOffset: number): number {
    let low = 0
    let high = this.extents.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.extents[middle]?.start ?? 0) <= byteOffset) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Blocks of several files in one cache: they are told apart by where on the disk their extent begins. */
function keyed(run: Run, start: number): Run {
  return run.kind === 'packed' ? { ...run, block: start + run.block } : run
}
