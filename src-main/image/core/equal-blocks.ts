import { ReadAhead } from './read-ahead'

/** Content that is unpacked in blocks of one length, the last of which was read is kept: reads come in order. */
export class EqualBlocks {
  private kept: { index: number; bytes: Uint8Array } = { index: -1, bytes: new Uint8Array(0) }

  /**
   * @param byteLength of all content; the last block may be shorter
   * @param blockLength in bytes, more than 0
   * @param unpack gives a block of exactly so many bytes; whoever cannot throws
   * @param mayEndEarly a block may have fewer bytes, and the content ends there
   */
  constructor(
    private readonly byteLength: number,
    private readonly blockLength: number,
    private readonly unpack: (index: number, byteLength: number) => Promise<Uint8Array>,
    private readonly mayEndEarly = false,
  ) {}

  /** As `ByteSource.read`. */
  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = new Uint8Array(wanted)
    const end = Math.ceil((byteOffset + wanted) / this.blockLength)
    const ahead = new ReadAhead(end, (index) => this.block(index))
    for (let done = 0; done < wanted;) {
      const at = byteOffset + done
      const index = Math.floor(at / this.blockLength)
      const within = at - index * this.blockLength
      const block = await ahead.take(index)
      const part = block.subarray(within, within + wanted - done)
      out.set(part, done)
      done += part.byteLength
      if (done < wanted && block.byteLength < this.blockLength) return out.subarray(0, done)
    }
    return out
  }

  private async block(index: number): Promise<Uint8Array> {
    if (this.kept.index === index) return this.kept.bytes
    const length = Math.min(this.blockLength, this.byteLength - index * this.blockLength)
    const bytes = await this.unpack(index, length)
    if (bytes.byteLength !== length && !(this.mayEndEarly && bytes.byteLength < length))
      throw new RangeError(`A block has ${bytes.byteLength} bytes instead of ${length}.`)
    this.kept = { index, bytes }
    return bytes
  }
}
