import { recordedIn, type ByteSource, type MaybePromise, type Place } from '../byte-source'
import { copied } from '../copied'

/** Another source with some of its bytes replaced: a structure by its twin. Closing it leaves the other open. */
export class OverlaySource implements ByteSource {
  readonly readChecked?: NonNullable<ByteSource['readChecked']>
  readonly isSuspect?: NonNullable<ByteSource['isSuspect']>

  /** @param byteOffset of what is replaced, in bytes of the other source */
  constructor(
    private readonly inner: ByteSource,
    private readonly byteOffset: number,
    private readonly bytes: Uint8Array,
  ) {
    const isSuspect = inner.isSuspect?.bind(inner)
    if (isSuspect !== undefined) this.isSuspect = isSuspect
    const checked = inner.readChecked?.bind(inner)
    if (checked !== undefined)
      this.readChecked = async (at, length, wrong) => this.laidOver(await checked(at, length, wrong), at)
  }

  get byteLength(): number {
    return this.inner.byteLength
  }

  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array> {
    const read = this.inner.read(byteOffset, byteLength)
    if (read instanceof Promise) return read.then((bytes) => this.laidOver(bytes, byteOffset))
    return this.laidOver(read, byteOffset)
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    const { byteOffset: start } = this
    if (byteOffset >= start + this.bytes.byteLength) return this.inner.locate(byteOffset, byteLength)
    return byteOffset >= start ? null : this.inner.locate(byteOffset, Math.min(byteLength, start - byteOffset))
  }

  recorded(byteOffset: number, byteLength: number): number {
    return recordedIn(this.inner, byteOffset, byteLength)
  }

  close(): void {
    // The inner source belongs to somebody else.
  }

  private laidOver(bytes: Uint8Array, at: number): Uint8Array {
    const from = Math.max(this.byteOffset, at)
    const to = Math.min(this.byteOffset + this.bytes.byteLength, at + bytes.byteLength)
    if (from >= to) return bytes
    const out = copied(bytes)
    out.set(this.bytes.subarray(from - this.byteOffset, to - this.byteOffset), from - at)
    return out
  }
}
