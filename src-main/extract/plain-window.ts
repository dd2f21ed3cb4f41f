import type { Place, SourceFile } from '../image/core/byte-source'

const WINDOW_BYTES = 1 << 20
/** What is read for a file that lies nowhere near the last one. */
const LEAST_BYTES = 64 << 10
/** Bytes between two wanted files that are cheaper read than skipped. */
const GAP_BYTES = 128 << 10

/** Reads small files that lie in a file as they are: many with one read, where they lie behind one another. */
export class PlainWindow {
  private readonly buffer = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  private file: SourceFile | null = null
  private start = 0
  private end = 0

  /**
   * The bytes that lie there, as long as nothing else is asked for; null where they cannot be had at once, or not all.
   * @param place of at most a mebibyte
   */
  read({ file, byteOffset, byteLength }: Place): Uint8Array | null {
    if (!file.readInto || byteLength > WINDOW_BYTES) return null
    const isHere = file === this.file && byteOffset >= this.start && byteOffset + byteLength <= this.end
    if (!isHere) {
      const isNext = file === this.file && byteOffset >= this.start && byteOffset <= this.end + GAP_BYTES
      const wanted = isNext ? WINDOW_BYTES : Math.max(LEAST_BYTES, byteLength)
      this.file = null
      try {
        this.end = byteOffset + file.readInto(this.buffer.subarray(0, wanted), byteOffset)
      } catch {
        return null
      }
      this.file = file
      this.start = byteOffset
      if (byteOffset + byteLength > this.end) return null
    }
    return this.buffer.subarray(byteOffset - this.start, byteOffset - this.start + byteLength)
  }
}
