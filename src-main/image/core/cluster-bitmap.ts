import type { ByteSource } from './byte-source'
import { PagedSource } from './sources/paged-source'

/** Bytes of the map that are looked at at once. */
const PIECE_LENGTH = 64 << 10

/** Which clusters of a volume are in use: a bit for each, the lowest of a byte first (exFAT specification 7.1.5, NTFS `$Bitmap`). */
export class ClusterBitmap {
  private readonly bits: ByteSource

  constructor(bits: ByteSource) {
    this.bits = new PagedSource(bits)
  }

  /** How many of `count` clusters from `first` on are in use. What the map does not reach is not. */
  async countInUse(first: number, count: number): Promise<number> {
    let sum = 0
    for (let cluster = first; cluster < first + count;) {
      const from = Math.floor(cluster / 8)
      const bytes = await this.bits.read(from, PIECE_LENGTH)
      if (bytes.byteLength === 0) return sum
      const end = Math.min(first + count, (from + bytes.byteLength) * 8)
      for (; cluster < end; cluster++) sum += ((bytes[Math.floor(cluster / 8) - from] ?? 0) >> (cluster % 8)) & 1
    }
    return sum
  }

  /**
   * How many of `byteLength` bytes from `byteOffset` on lie in clusters that are in use.
   * @param byteOffset from the first cluster of the map on
   */
  async bytesInUse(byteOffset: number, byteLength: number, clusterLength: number): Promise<number> {
    if (byteLength <= 0) return 0
    const first = Math.floor(byteOffset / clusterLength)
    const last = Math.floor((byteOffset + byteLength - 1) / clusterLength)
    const count = await this.countInUse(first, last - first + 1)
    if (count === 0) return 0
    let sum = count * clusterLength
    // The first and the last may be meant in part.
    if ((await this.countInUse(first, 1)) === 1) sum -= byteOffset - first * clusterLength
    if ((await this.countInUse(last, 1)) === 1) sum -= (last + 1) * clusterLength - byteOffset - byteLength
    return sum
  }
}
