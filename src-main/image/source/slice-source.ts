import type { ByteSource, Place, MaybePromise } from '../byte-source'

/** A run of another source's bytes. Closing it leaves the other open. */
export class SliceSource implements ByteSource {
  readonly byteLength: number
  private readonly start: number

  constructor(
    private readonly inner: ByteSource,
    byteOffset: number,
    byteLength: number = inner.byteLength - byteOffset,
  ) {
    this.start = Math.min(Math.max(0, byteOffset), inner.byteLength)
    this.byteLength = Math.max(0, Math.min(byteLength, inner.byteLength - this.start))
  }

  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array> {
    const length = Math.min(byteLength, this.byteLength - byteOffset)
    return length <= 0 || byteOffset < 0 ? new Uint8Array(0) : this.inner.read(this.start + byteOffset, length)
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    const length = Math.min(byteLength, this.byteLength - byteOffset)
    return length <= 0 || byteOffset < 0 ? null : this.inner.locate(this.start + byteOffset, length)
  }

  close(): void {
    // The inner source belongs to somebody else.
  }
}
