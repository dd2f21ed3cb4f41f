import { recordedIn, type ByteSource, type MaybePromise, type Place } from '../byte-source'

/** A run of another source's bytes. Closing it leaves the other open. */
export class SliceSource implements ByteSource {
  readonly byteLength: number
  /** Only where the other source has gaps: asking costs time for each entry of an image. */
  readonly recorded?: NonNullable<ByteSource['recorded']>
  readonly readChecked?: NonNullable<ByteSource['readChecked']>
  readonly isSuspect?: NonNullable<ByteSource['isSuspect']>
  private readonly start: number

  constructor(
    private readonly inner: ByteSource,
    byteOffset: number,
    byteLength: number = inner.byteLength - byteOffset,
  ) {
    this.start = Math.min(Math.max(0, byteOffset), inner.byteLength)
    this.byteLength = Math.max(0, Math.min(byteLength, inner.byteLength - this.start))
    const within = (at: number, length: number): number => (at < 0 ? 0 : Math.min(length, this.byteLength - at))
    if (inner.recorded !== undefined) {
      this.recorded = (at, length) => recordedIn(inner, this.start + at, within(at, length))
    }
    const isSuspect = inner.isSuspect?.bind(inner)
    if (isSuspect !== undefined) this.isSuspect = (at, length) => isSuspect(this.start + at, within(at, length))
    const checked = inner.readChecked?.bind(inner)
    if (checked !== undefined) {
      this.readChecked = (at, length, wrong) =>
        within(at, length) <= 0 ? new Uint8Array(0) : checked(this.start + at, within(at, length), wrong)
    }
  }

  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array> {
    const length = Math.min(byteLength, this.byteLength - byteOffset)
    return length <= 0 || byteOffset < 0 ? new Uint8Array(0) : this.inner.read(this.start + byteOffset, length)
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    const length = Math.min(byteLength, this.byteLength - byteOffset)
    return length <= 0 || byteOffset < 0 ? null : this.inner.locate(this.start + byteOffset, length)
  }

  close(): MaybePromise<void> {
    // The inner source belongs to somebody else.
  }
}
