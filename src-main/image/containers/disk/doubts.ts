/** A range of a disk that may be other than it was written. */
export interface Doubt {
  /** In bytes of the disk, `to` exclusive. */
  from: number
  to: number
  /** One sentence. */
  problem: string
}

/** Kept apart; what is doubtful behind so many is doubtful in one. */
const RANGE_LIMIT = 1 << 14

/** Ranges of a disk whose entries in its table cannot all be right. */
export class Doubts {
  private ranges: Doubt[] = []
  private isInOrder = true

  get isEmpty(): boolean {
    return this.ranges.length === 0
  }

  add(from: number, to: number, problem: string): void {
    const last = this.ranges.at(-1)
    if (last !== undefined && from >= last.from && (from <= last.to || this.ranges.length >= RANGE_LIMIT)) {
      last.to = Math.max(last.to, to)
      return
    }
    if (last !== undefined && from < last.to) this.isInOrder = false
    this.ranges.push({ from, to, problem })
  }

  /** The doubts about bytes of a range, by address. */
  within(byteOffset: number, byteLength: number): Doubt[] {
    const found: Doubt[] = []
    const ranges = this.sorted()
    for (let index = this.firstBehind(byteOffset); index < ranges.length; index++) {
      const range = ranges[index]
      if (range === undefined || range.from >= byteOffset + byteLength) break
      found.push(range)
    }
    return found
  }

  /** How many bytes from `byteOffset` on nothing is said against, at most `byteLength`. */
  clearFor(byteOffset: number, byteLength: number): number {
    const range = this.sorted()[this.firstBehind(byteOffset)]
    return range === undefined ? byteLength : Math.min(byteLength, Math.max(0, range.from - byteOffset))
  }

  /** Of the first range that ends behind a place. */
  private firstBehind(byteOffset: number): number {
    const ranges = this.sorted()
    let low = 0
    let high = ranges.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ranges[middle]?.to ?? 0) > byteOffset) high = middle
      else low = middle + 1
    }
    return low
  }

  private sorted(): readonly Doubt[] {
    if (this.isInOrder) return this.ranges
    const joined: Doubt[] = []
    for (const range of this.ranges.sort((a, b) => a.from - b.from)) {
      const last = joined.at(-1)
      if (last !== undefined && range.from <= last.to) last.to = Math.max(last.to, range.to)
      else joined.push(range)
    }
    this.ranges = joined
    this.isInOrder = true
    return joined
  }
}
