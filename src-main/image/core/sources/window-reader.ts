import type { ByteSource } from '../byte-source'

const WINDOW_LENGTH = 4 * 1024 * 1024
const GAP_LENGTH = 128 * 1024

/** A planned read: `byteLength` bytes from `byteOffset`. */
export interface PlannedRead {
  byteOffset: number
  byteLength: number
}

/**
 * Serves small reads from large ones. Told beforehand what will be asked for (sorted by offset), it reads neighbours
 * together, so that a level of a hundred thousand directories costs a few hundred reads and as few awaits.
 */
export class WindowReader {
  private bytes: Uint8Array = new Uint8Array(0)
  private start = 0
  private plan: readonly PlannedRead[] = []
  private next = 0
  private gapLength = GAP_LENGTH

  constructor(private readonly source: ByteSource) {}

  /** What will be asked for from now on, in ascending order of offset. */
  setPlan(plan: readonly PlannedRead[], gapLength = GAP_LENGTH): void {
    this.gapLength = gapLength
    this.plan = plan
    this.next = 0
  }

  /** The bytes where they are already in memory, else null. Shorter than asked only at the end of the source. */
  peek(byteOffset: number, byteLength: number): Uint8Array | null {
    const at = byteOffset - this.start
    if (at < 0 || at >= this.bytes.byteLength) return null
    const end = Math.min(at + byteLength, this.source.byteLength - this.start)
    return end <= this.bytes.byteLength ? this.bytes.subarray(at, end) : null
  }

  /** At most `WINDOW_LENGTH` bytes in one go; the answer may be shorter than asked for longer runs. */
  async load(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, WINDOW_LENGTH, this.source.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const have = this.peek(byteOffset, wanted)
    if (have !== null) return have
    const end = this.plannedEnd(byteOffset, byteOffset + wanted)
    this.bytes = await this.source.read(byteOffset, end - byteOffset)
    this.start = byteOffset
    return this.bytes.subarray(0, Math.min(wanted, this.bytes.byteLength))
  }

  private plannedEnd(from: number, leastEnd: number): number {
    const limit = Math.min(from + WINDOW_LENGTH, this.source.byteLength)
    let end = leastEnd
    while (this.next < this.plan.length) {
      const planned = this.plan[this.next]
      if (planned === undefined) break
      if (planned.byteOffset + planned.byteLength <= from) {
        this.next++
        continue
      }
      if (planned.byteOffset > end + this.gapLength || planned.byteOffset >= limit) break
      end = Math.max(end, planned.byteOffset + planned.byteLength)
      if (end >= limit) return limit
      this.next++
    }
    return Math.min(end, limit)
  }
}
