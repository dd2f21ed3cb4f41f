import { formatMapFile, joinBlocks, readMapFile, type MapBlock, type MapStatus } from '../../image/core/map-file'

/**
 * Which ranges of a source have been read, which not yet, and which cannot be (GNU ddrescue manual, “Mapfile
 * structure”). Ranges follow on one another from 0 to the end; neighbours differ.
 */
export class RescueMap {
  private blocks: MapBlock[]

  /** @param byteLength of the source */
  constructor(
    readonly byteLength: number,
    blocks?: readonly MapBlock[],
  ) {
    this.blocks = blocks === undefined ? [{ byteOffset: 0, byteLength, status: '?' }] : [...blocks]
    if (byteLength === 0) this.blocks = []
  }

  /**
   * Reads a map of ddrescue. Ranges that it does not name were not tried; those behind the end are left out.
   * @param name the file's, for sentences
   * @throws {MapFileError} where it is none
   */
  static parse(text: string, byteLength: number, name: string): RescueMap {
    const map = new RescueMap(byteLength)
    for (const { byteOffset, byteLength: length, status } of readMapFile(text, name).blocks)
      map.mark(byteOffset, length, status)
    return map
  }

  /** As ddrescue writes it. */
  format(): string {
    return formatMapFile(this.blocks)
  }

  /** Says something new of a range. */
  mark(byteOffset: number, byteLength: number, status: MapStatus): void {
    const from = Math.max(0, byteOffset)
    const to = Math.min(this.byteLength, byteOffset + byteLength)
    if (from >= to) return
    let first = this.indexAt(from)
    let last = first
    while (last < this.blocks.length && this.startOf(last) < to) last++
    const made: MapBlock[] = []
    const before = this.blocks[first]
    if (before !== undefined && before.byteOffset < from) made.push({ ...before, byteLength: from - before.byteOffset })
    made.push({ byteOffset: from, byteLength: to - from, status })
    const behind = this.blocks[last - 1]
    if (behind !== undefined && behind.byteOffset + behind.byteLength > to)
      made.push({ byteOffset: to, byteLength: behind.byteOffset + behind.byteLength - to, status: behind.status })
    // Neighbours may be of the same kind now.
    if (first > 0) made.unshift(...this.blocks.slice(--first, first + 1))
    if (last < this.blocks.length) made.push(...this.blocks.slice(last, ++last))
    this.blocks.splice(first, last - first, ...joinBlocks(made))
  }

  /** The ranges of these kinds, in order. */
  of(...statuses: readonly MapStatus[]): MapBlock[] {
    return this.blocks.filter(({ status }) => statuses.includes(status))
  }

  /** How many bytes are of these kinds. */
  sum(...statuses: readonly MapStatus[]): number {
    return this.of(...statuses).reduce((sum, { byteLength }) => sum + byteLength, 0)
  }

  private startOf(index: number): number {
    return this.blocks[index]?.byteOffset ?? Infinity
  }

  /** The range that a byte lies in. */
  private indexAt(byteOffset: number): number {
    let [low, high] = [0, this.blocks.length - 1]
    while (low < high) {
      const middle = Math.ceil((low + high) / 2)
      if (this.startOf(middle) <= byteOffset) low = middle
      else high = middle - 1
    }
    return low
  }
}
