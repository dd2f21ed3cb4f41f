import type { ByteSource } from '../byte-source'

/** Another source with the two bytes of each of its words swapped; half a word at its end is left out. */
export class SwappedSource implements ByteSource {
  /** @param isOwned the other source is closed with this one; otherwise it belongs to somebody else */
  constructor(
    private readonly inner: ByteSource,
    private readonly isOwned = false,
  ) {}

  get byteLength(): number {
    return this.inner.byteLength - (this.inner.byteLength % 2)
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const from = byteOffset - (byteOffset % 2)
    const end = byteOffset + wanted
    const bytes = Buffer.from(await this.inner.read(from, end + (end % 2) - from))
    const whole = bytes.subarray(0, bytes.byteLength - (bytes.byteLength % 2))
    whole.swap16()
    return whole.subarray(byteOffset - from, byteOffset - from + wanted)
  }

  locate(): null {
    return null
  }

  close(): void | Promise<void> {
    return this.isOwned ? this.inner.close() : undefined
  }
}
