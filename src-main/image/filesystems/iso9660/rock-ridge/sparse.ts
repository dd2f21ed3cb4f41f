import { ByteReader } from '../../../core/byte-reader'
import type { ByteSource } from '../../../core/byte-source'
import type { ContentTransform } from '../../../core/content-runs'
import type { SparseEntry } from './rock-ridge-record'

const ENTRIES_PER_TABLE = 256
const TABLE_LENGTH = ENTRIES_PER_TABLE * 8
/** RRIP 4.1.7: bit 31 of a location leads to a further table, bit 0 of the first word says that it is a hole. */
const EMPTY = 1

/**
 * RRIP 4.1.7: a sparse file is recorded as a table of 256 locations, `depth` levels of them deep; each lowest location
 * is 256 bytes of content. Null where the depth cannot be.
 */
export function sparseTransform(
  entry: SparseEntry,
  volume: ByteSource,
  blockSize: number,
  blockDelta: number,
): ContentTransform | null {
  if (entry.tableDepth < 1 || entry.tableDepth > 7 || entry.byteLength >= 2 ** 53) return null
  return {
    open: (stored, byteLength) => new SparseSource(stored, volume, entry.tableDepth, byteLength, blockSize, blockDelta),
  }
}

class SparseSource implements ByteSource {
  constructor(
    private readonly stored: ByteSource,
    private readonly volume: ByteSource,
    private readonly depth: number,
    readonly byteLength: number,
    private readonly blockSize: number,
    private readonly blockDelta: number,
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = new Uint8Array(wanted)
    for (let done = 0; done < wanted;) {
      const at = byteOffset + done
      const within = at % 256
      const length = Math.min(256 - within, wanted - done)
      const place = await this.place(Math.floor(at / 256))
      if (place >= 0) {
        const bytes = await this.volume.read(place + within, length)
        out.set(bytes, done)
        if (bytes.byteLength < length) return out.slice(0, done + bytes.byteLength)
      }
      done += length
    }
    return out
  }

  /** What the sectors below say of the stored bytes. */
  get damage(): string | null {
    return this.stored.damage ?? null
  }

  locate(): null {
    return null
  }

  close(): void {
    // The volume belongs to somebody else.
  }

  /** Byte offset of a unit of 256 bytes in the volume; −1 for a hole. */
  private async place(unit: number): Promise<number> {
    let table = await this.stored.read(0, TABLE_LENGTH)
    for (let level = this.depth - 1; ; level--) {
      const slot = Math.floor(unit / ENTRIES_PER_TABLE ** level) % ENTRIES_PER_TABLE
      const reader = new ByteReader(table)
      if (!reader.has(slot * 8, 8)) return -1
      const location = reader.u32Le(slot * 8)
      if ((location & EMPTY) !== 0 || location === 0) return -1
      const byteOffset = ((location >>> 8) + this.blockDelta) * this.blockSize + (location & 0xfe)
      if (level === 0) return byteOffset
      table = await this.volume.read(byteOffset, TABLE_LENGTH)
    }
  }
}
