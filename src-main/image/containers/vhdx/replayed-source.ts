import { recordedIn, type ByteSource, type MaybePromise, type Place } from '../../core/byte-source'
import { andThen } from '../../core/maybe-promise'

const SECTOR = 4096

/** A file as it will be once its log is written: some of its sectors of 4 KiB replaced. */
export class ReplayedSource implements ByteSource {
  readonly byteLength: number
  /** In order. */
  private readonly places: number[]

  constructor(
    private readonly file: ByteSource,
    private readonly pages: ReadonlyMap<number, Uint8Array>,
  ) {
    this.places = [...pages.keys()].sort((a, b) => a - b)
    this.byteLength = Math.max(file.byteLength, (this.places.at(-1) ?? -SECTOR) + SECTOR)
  }

  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const first = this.firstAt(byteOffset)
    const place = this.places[first]
    if ((place === undefined || place >= byteOffset + wanted) && byteOffset + wanted <= this.file.byteLength)
      return this.file.read(byteOffset, wanted)
    return andThen(this.file.read(byteOffset, wanted), (bytes) => {
      const out = new Uint8Array(wanted)
      out.set(bytes)
      for (let index = first; index < this.places.length; index++) {
        const start = this.places[index] ?? 0
        if (start >= byteOffset + wanted) break
        const from = Math.max(start, byteOffset)
        const to = Math.min(start + SECTOR, byteOffset + wanted)
        const page = this.pages.get(start)
        if (page !== undefined) out.set(page.subarray(from - start, to - start), from - byteOffset)
      }
      return out
    })
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    const place = this.places[this.firstAt(byteOffset)] ?? Infinity
    return place <= byteOffset ? null : this.file.locate(byteOffset, Math.min(byteLength, place - byteOffset))
  }

  recorded(byteOffset: number, byteLength: number): number {
    const place = this.places[this.firstAt(byteOffset)] ?? Infinity
    return place < byteOffset + byteLength ? byteLength : recordedIn(this.file, byteOffset, byteLength)
  }

  close(): MaybePromise<void> {
    return this.file.close()
  }

  /** The first page that ends behind `byteOffset`. */
  private firstAt(byteOffset: number): number {
    let low = 0
    let high = this.places.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.places[middle] ?? 0) + SECTOR <= byteOffset) low = middle + 1
      else high = middle
    }
    return low
  }
}
