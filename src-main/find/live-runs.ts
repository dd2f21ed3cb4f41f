/** Which ranges of a disk files have, for volumes that have no map of it that is read. */
export class LiveRuns {
  private starts = new Float64Array(1024)
  private ends = new Float64Array(1024)
  private count = 0

  add(byteOffset: number, byteLength: number): void {
    if (this.count === this.starts.length) {
      this.starts = grown(this.starts)
      this.ends = grown(this.ends)
    }
    this.starts[this.count] = byteOffset
    this.ends[this.count++] = byteOffset + byteLength
  }

  /** To be called when all are there: sorts them and joins those that lie over one another. */
  settle(): void {
    const order = new Uint32Array(this.count)
      .map((_, index) => index)
      .sort((a, b) => (this.starts[a] ?? 0) - (this.starts[b] ?? 0))
    const starts = new Float64Array(this.count)
    const ends = new Float64Array(this.count)
    let last = -1
    for (const index of order) {
      const [start, end] = [this.starts[index] ?? 0, this.ends[index] ?? 0]
      if (last >= 0 && start <= (ends[last] ?? 0)) ends[last] = Math.max(ends[last] ?? 0, end)
      else {
        starts[++last] = start
        ends[last] = end
      }
    }
    this.count = last + 1
    this.starts = starts.slice(0, this.count)
    this.ends = ends.slice(0, this.count)
  }

  /** How many of the bytes are a file's. */
  bytesIn(byteOffset: number, byteLength: number): number {
    let low = 0
    let high = this.count
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.ends[middle] ?? 0) <= byteOffset) low = middle + 1
      else high = middle
    }
    const end = byteOffset + byteLength
    let sum = 0
    for (; low < this.count && (this.starts[low] ?? 0) < end; low++)
      sum += Math.min(end, this.ends[low] ?? 0) - Math.max(byteOffset, this.starts[low] ?? 0)
    return sum
  }
}

function grown(array: Float64Array<ArrayBuffer>): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(array.length * 2)
  larger.set(array)
  return larger
}
