import type { ByteSource } from '../../../core/byte-source'

const AREA_LENGTH = 32 * 1024
const KEPT = 64

/**
 * Continuation areas (SUSP 5.1) that lie away from the directory being read. Each fetch takes what follows along:
 * writers put the areas of neighbouring records side by side.
 */
export class ContinuationAreas {
  private readonly areas = new Map<number, Uint8Array>()
  private last: Uint8Array = new Uint8Array(0)
  private lastStart = 0

  constructor(private readonly volume: ByteSource) {}

  /** What is in memory from `byteOffset` on, or null. */
  peek(byteOffset: number): Uint8Array | null {
    const at = byteOffset - this.lastStart
    // A whole area must be there, and the longest that is allowed is sixteen sectors.
    if (at >= 0 && at + AREA_LENGTH <= this.last.byteLength) return this.last.subarray(at)
    return this.areas.get(byteOffset) ?? null
  }

  async fetch(byteOffset: number): Promise<void> {
    // 64 at least outlast the 32 that one record may chain.
    for (const key of this.areas.keys()) {
      if (this.areas.size < KEPT) break
      this.areas.delete(key)
    }
    const bytes = await this.volume.read(byteOffset, AREA_LENGTH * 4)
    this.last = bytes
    this.lastStart = byteOffset
    this.areas.set(byteOffset, bytes.subarray(0, AREA_LENGTH))
  }
}
