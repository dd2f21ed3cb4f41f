import { recordedIn, type ByteSource, type MaybePromise } from '../byte-source'

/** A source with other bytes in one place. */
export class OverlaidSource implements ByteSource {
  constructor(
    private readonly inner: ByteSource,
    private readonly at: number,
    private readonly bytes: Uint8Array,
  ) {}

  get byteLength(): number {
    return this.inner.byteLength
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.over(byteOffset, await this.inner.read(byteOffset, byteLength))
  }

  async readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    if (this.inner.readChecked === undefined) return this.read(byteOffset, byteLength)
    return this.over(byteOffset, await this.inner.readChecked(byteOffset, byteLength, wrong))
  }

  recorded(byteOffset: number, byteLength: number): number {
    const isTouched = byteOffset < this.at + this.bytes.byteLength && byteOffset + byteLength > this.at
    return isTouched ? byteLength : recordedIn(this.inner, byteOffset, byteLength)
  }

  isSuspect(byteOffset: number, byteLength: number): boolean {
    return this.inner.isSuspect?.(byteOffset, byteLength) === true
  }

  locate(): null {
    return null
  }

  close(): MaybePromise<void> {
    return this.inner.close()
  }

  private over(byteOffset: number, read: Uint8Array): Uint8Array {
    const from = Math.max(byteOffset, this.at)
    const to = Math.min(byteOffset + read.byteLength, this.at + this.bytes.byteLength)
    if (from < to) read.set(this.bytes.subarray(from - this.at, to - this.at), from - byteOffset)
    return read
  }
}
