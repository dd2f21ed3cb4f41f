import { recordedIn, type ByteSource, type Place } from '../byte-source'
import { isSectored, type SectoredSource, type SectorFaults } from '../sectored-source'

/**
 * Blocks that begin somewhere on a disc: a session kept alone, whose volume counts from the disc's first sector. What
 * lies before them is in no file.
 */
export class PlacedSource implements SectoredSource {
  readonly byteLength: number

  /** @param start of `inner`'s first byte on the disc, in bytes */
  constructor(
    private readonly inner: ByteSource,
    private readonly start: number,
  ) {
    this.byteLength = start + inner.byteLength
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.behind(byteOffset, byteLength, (at, length) => this.inner.read(at, length))
  }

  readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    return this.behind(byteOffset, byteLength, (at, length) =>
      this.inner.readChecked === undefined ? this.inner.read(at, length) : this.inner.readChecked(at, length, wrong),
    )
  }

  recorded(byteOffset: number, byteLength: number): number {
    return recordedIn(this.inner, byteOffset - this.start, byteLength)
  }

  isSuspect(byteOffset: number, byteLength: number): boolean {
    return this.inner.isSuspect?.(byteOffset - this.start, byteLength) === true
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    return byteOffset < this.start ? null : this.inner.locate(byteOffset - this.start, byteLength)
  }

  formsOf(byteOffset: number, byteLength: number, isMarked: boolean): Promise<ByteSource | null> {
    if (byteOffset < this.start || !isSectored(this.inner)) return Promise.resolve(null)
    return this.inner.formsOf(byteOffset - this.start, byteLength, isMarked)
  }

  async sectorFaults(byteOffset: number, byteLength: number): Promise<SectorFaults> {
    if (!isSectored(this.inner)) return { wrong: [], blank: [], carriesSums: false }
    const from = Math.max(this.start, byteOffset)
    const faults = await this.inner.sectorFaults(from - this.start, Math.max(0, byteOffset + byteLength - from))
    const placed = (at: number): number => at + this.start
    return { ...faults, wrong: faults.wrong.map(placed), blank: faults.blank.map(placed) }
  }

  countFormTwo(): Promise<number> {
    return isSectored(this.inner) ? this.inner.countFormTwo() : Promise.resolve(0)
  }

  close(): void {
    // The blocks belong to the image.
  }

  private async behind(
    byteOffset: number,
    byteLength: number,
    read: (at: number, length: number) => Uint8Array | Promise<Uint8Array>,
  ): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    if (byteOffset >= this.start) return read(byteOffset - this.start, wanted)
    const out = new Uint8Array(wanted)
    const before = this.start - byteOffset
    if (before < wanted) out.set(await read(0, wanted - before), before)
    return out
  }
}
