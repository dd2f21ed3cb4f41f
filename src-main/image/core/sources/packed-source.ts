import { checkBlock, readPointer } from '../../codecs/block-table'
import type { BlockUnpacker, Packing } from '../../codecs/packing'
import { codecOf } from '../../codecs/registry'
import { ByteReader } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import { copied } from '../copied'

/** Each stored byte yields at most about a thousand; pointers alone (blocks of zeros) yield more. */
const POINTERS_PER_READ = 8192
const READ_AHEAD_BYTES = 256 << 10

/** A file packed block by block, readable at any offset. */
export class PackedSource implements ByteSource {
  private readonly codec
  private readonly table
  private unpacker: BlockUnpacker | null = null
  private isChecked = false
  // Each is replaced as a whole: several reads may be on their way at the same time.
  private cached: { block: number; bytes: Uint8Array } = { block: -1, bytes: new Uint8Array(0) }
  private ahead: { start: number; bytes: Uint8Array } = { start: 0, bytes: new Uint8Array(0) }
  private pointers: { first: number; reader: ByteReader } | null = null

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
    if (index === this.cached.block) return this.cached.bytes
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
    const bytes = copied(this.unpacker.unpack(packed, length))
    this.cached = { block: index, bytes }
    return bytes
  }

  /** Packed blocks follow one another and are small: one read serves many. */
  private async readPacked(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    if (byteLength === 0) return new Uint8Array(0)
    let { ahead } = this
    if (byteOffset < ahead.start || byteOffset + byteLength > ahead.start + ahead.bytes.byteLength) {
      const bytes = await this.stored.read(byteOffset, Math.max(byteLength, READ_AHEAD_BYTES))
      ahead = { start: byteOffset, bytes }
      this.ahead = ahead
    }
    const start = byteOffset - ahead.start
    return ahead.bytes.subarray(start, start + byteLength)
  }

  private async pointer(index: number): Promise<number | null> {
    const { pointerLength, byteOffset } = this.table
    let { pointers } = this
    if (pointers === null || index < pointers.first || index - pointers.first >= POINTERS_PER_READ) {
      const bytes = await this.stored.read(byteOffset + index * pointerLength, POINTERS_PER_READ * pointerLength)
      pointers = { first: index, reader: new ByteReader(bytes) }
      this.pointers = pointers
    }
    const at = (index - pointers.first) * pointerLength
    return pointers.reader.has(at, pointerLength) ? readPointer(pointers.reader, at, pointerLength) : null
  }
}
