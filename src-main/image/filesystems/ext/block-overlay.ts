import { recordedIn, type ByteSource, type Place } from '../../core/byte-source'
import { copied } from '../../core/copied'

/** The first bytes of a block of the journal's own, which a block of data may begin with as well. */
const MAGIC_BYTES = [0xc0, 0x3b, 0x39, 0x98]

/** A block that lies in the journal and not in its place. */
export interface LaidBlock {
  content: ByteSource
  byteOffset: number
  /** Its first four bytes are the journal's magic, and zeros stand for them. */
  isEscaped: boolean
}

/** A volume with some of its blocks taken from somewhere else. */
export class BlockOverlay implements ByteSource {
  constructor(
    private readonly inner: ByteSource,
    private readonly blockLength: number,
    private readonly laid: ReadonlyMap<number, LaidBlock>,
  ) {}

  get byteLength(): number {
    return this.inner.byteLength
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const read = await this.inner.read(byteOffset, byteLength)
    let bytes = read
    for (const block of this.laidIn(byteOffset, read.byteLength)) {
      if (bytes === read) bytes = copied(read)
      const start = block * this.blockLength
      const from = Math.max(byteOffset, start)
      const to = Math.min(byteOffset + bytes.byteLength, start + this.blockLength)
      bytes.set((await this.blockBytes(block)).subarray(from - start, to - start), from - byteOffset)
    }
    return bytes
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    for (const block of this.laidIn(byteOffset, byteLength)) {
      const before = block * this.blockLength - byteOffset
      return before <= 0 ? null : this.inner.locate(byteOffset, before)
    }
    return this.inner.locate(byteOffset, byteLength)
  }

  recorded(byteOffset: number, byteLength: number): number {
    return recordedIn(this.inner, byteOffset, byteLength)
  }

  close(): void {
    // The volume belongs to somebody else.
  }

  private async blockBytes(block: number): Promise<Uint8Array> {
    const laid = this.laid.get(block)
    if (laid === undefined) return new Uint8Array(0)
    const bytes = await laid.content.read(laid.byteOffset, this.blockLength)
    if (laid.isEscaped) bytes.set(MAGIC_BYTES.slice(0, bytes.byteLength))
    return bytes
  }

  /** Blocks of a range that lie elsewhere, in their order. */
  private laidIn(byteOffset: number, byteLength: number): number[] {
    const first = Math.floor(byteOffset / this.blockLength)
    const end = Math.ceil((byteOffset + byteLength) / this.blockLength)
    const found: number[] = []
    if (end - first < this.laid.size) {
      for (let block = first; block < end; block++) if (this.laid.has(block)) found.push(block)
      return found
    }
    for (const block of this.laid.keys()) if (block >= first && block < end) found.push(block)
    return found.sort((a, b) => a - b)
  }
}
