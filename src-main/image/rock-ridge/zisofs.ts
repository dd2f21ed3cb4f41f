import { ByteReader } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import type { ContentTransform } from '../entry-columns'
import {
  checkBlock,
  checkZisofsHeader,
  zisofsBlockCount,
  zisofsPointerLength,
  ZisofsUnpacker,
  type ZisofsEntry,
} from './zisofs-blocks'

/** Each stored byte of zlib data yields at most about a thousand; pointers alone (zero blocks) yield more. */
const POINTERS_PER_READ = 8192
const READ_AHEAD_BYTES = 256 << 10

/** Null where the entry cannot describe `storedLength` bytes: the file is then left as it is stored. */
export function zisofsTransform(entry: ZisofsEntry, storedLength: number): ContentTransform | null {
  const { blockSizeLog2, headerLength, byteLength } = entry
  if (blockSizeLog2 < 15 || blockSizeLog2 > 24 || headerLength < 16 || byteLength >= 2 ** 53) return null
  // Terabytes declared over a short file: the table of pointers alone would not fit.
  const tableLength = (zisofsBlockCount(entry) + 1) * zisofsPointerLength(entry)
  if (headerLength + tableLength > storedLength && byteLength > 0) return null
  return { open: (stored, length) => new ZisofsSource(stored, entry, length), zisofs: entry }
}

/** A file compressed block by block, readable at any offset. */
class ZisofsSource implements ByteSource {
  private readonly blockLength: number
  private readonly pointerLength: number
  private unpacker: ZisofsUnpacker | null = null
  private checked = false
  private cachedBlock = -1
  private cached: Uint8Array = new Uint8Array(0)
  private ahead: Uint8Array = new Uint8Array(0)
  private aheadStart = 0
  private pointers: ByteReader | null = null
  private firstPointer = 0

  constructor(
    private readonly stored: ByteSource,
    private readonly entry: ZisofsEntry,
    readonly byteLength: number,
  ) {
    this.blockLength = 2 ** entry.blockSizeLog2
    this.pointerLength = zisofsPointerLength(entry)
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    await this.checkHeader()
    const out = new Uint8Array(wanted)
    let done = 0
    while (done < wanted) {
      const at = byteOffset + done
      const block = Math.floor(at / this.blockLength)
      const bytes = await this.block(block)
      if (bytes === null) return out.slice(0, done)
      const from = at - block * this.blockLength
      const part = bytes.subarray(from, Math.min(bytes.byteLength, from + wanted - done))
      if (part.byteLength === 0) return out.slice(0, done)
      out.set(part, done)
      done += part.byteLength
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
    // The stored bytes belong to the volume.
  }

  private async checkHeader(): Promise<void> {
    if (this.checked) return
    checkZisofsHeader(await this.stored.read(0, 24), this.entry)
    this.checked = true
  }

  /** Null where the stored bytes end before the block. */
  private async block(index: number): Promise<Uint8Array | null> {
    if (index === this.cachedBlock) return this.cached
    const length = Math.min(this.blockLength, this.byteLength - index * this.blockLength)
    const start = await this.pointer(index)
    const end = await this.pointer(index + 1)
    if (start === null || end === null) return null
    checkBlock(start, end, this.entry)
    const packed = await this.readPacked(start, end - start)
    if (packed.byteLength < end - start) return null
    this.unpacker ??= new ZisofsUnpacker(this.entry)
    // A copy: another read may want another block before this one is taken over.
    this.cached = this.unpacker.unpack(packed, length).slice()
    this.cachedBlock = index
    return this.cached
  }

  /** Packed blocks follow one another and are small: one read serves many. */
  private async readPacked(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    if (byteLength === 0) return new Uint8Array(0)
    const { ahead } = this
    if (byteOffset < this.aheadStart || byteOffset + byteLength > this.aheadStart + ahead.byteLength) {
      this.aheadStart = byteOffset
      this.ahead = await this.stored.read(byteOffset, Math.max(byteLength, READ_AHEAD_BYTES))
    }
    const start = byteOffset - this.aheadStart
    return this.ahead.subarray(start, start + byteLength)
  }

  private async pointer(index: number): Promise<number | null> {
    const { pointerLength } = this
    if (this.pointers === null || index < this.firstPointer || index - this.firstPointer >= POINTERS_PER_READ) {
      this.firstPointer = index
      const at = this.entry.headerLength + index * pointerLength
      this.pointers = new ByteReader(await this.stored.read(at, POINTERS_PER_READ * pointerLength))
    }
    const at = (index - this.firstPointer) * pointerLength
    if (!this.pointers.has(at, pointerLength)) return null
    return pointerLength === 4 ? this.pointers.u32Le(at) : this.pointers.u64Le(at)
  }
}
