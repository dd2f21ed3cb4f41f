import { checkBlock, readPointer } from '../../codecs/block-table'
import type { BlockUnpacker, Packing } from '../../codecs/packing'
import { codecOf } from '../../codecs/registry'
import { ByteReader } from '../byte-reader'
import type { ByteSource } from '../byte-source'

/** Each stored byte yields at most about a thousand; pointers alone (blocks of zeros) yield more. */
const POINTERS_PER_READ = 8192
const READ_AHEAD_BYTES = 256 << 10

/** A file packed block by block, readable at any offset. */
export class PackedSource implements ByteSource {
  private readonly codec
  private readonly table
  private unpacker: BlockUnpacker | null = null
  private isChecked = false
  private cachedBlock = -1
  private cached: Uint8Array = new Uint8Array(0)
  private ahead: Uint8Array = new Uint8Array(0)
  private aheadStart = 0
  private pointers: ByteReader | null = null
  private firstPointer = 0

  constructor(
    private readonly stored: ByteSource,
    private readonly packing: Packing,
    readonly byteLength: number,
  ) {
    this.codec = codecOf(packing)
    this.table = this.codec.table(packing)
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    await this.checkStart()
    const { blockLength } = this.packing
    const out = new Uint8Array(wanted)
    let done = 0
    while (done < wanted) {
      const at = byteOffset + done
      const block = Math.floor(at / blockLength)
      const bytes = await this.block(block)
      if (bytes === null) return out.slice(0, done)
      const from = at - block * blockLength
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

  private async checkStart(): Promise<void> {
    if (this.isChecked) return
    this.codec.checkStart(await this.stored.read(0, this.codec.startLength), this.packing)
    this.isChecked = true
  }

  /** Null where the stored bytes end before the block. */
  private async block(index: number): Promise<Uint8Array | null> {
    if (index === this.cachedBlock) return this.cached
    const { blockLength } = this.packing
    const length = Math.min(blockLength, this.byteLength - index * blockLength)
    const start = await this.pointer(index)
    const end = await this.pointer(index + 1)
    if (start === null || end === null) return null
    checkBlock(start, end, this.packing)
    const packed = await this.readPacked(start, end - start)
    if (packed.byteLength < end - start) return null
    this.unpacker ??= this.codec.createUnpacker(this.packing)
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
    const { pointerLength, byteOffset } = this.table
    if (this.pointers === null || index < this.firstPointer || index - this.firstPointer >= POINTERS_PER_READ) {
      this.firstPointer = index
      const at = byteOffset + index * pointerLength
      this.pointers = new ByteReader(await this.stored.read(at, POINTERS_PER_READ * pointerLength))
    }
    const at = (index - this.firstPointer) * pointerLength
    return this.pointers.has(at, pointerLength) ? readPointer(this.pointers, at, pointerLength) : null
  }
}
