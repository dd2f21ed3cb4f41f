import type { ByteSource } from '../../core/byte-source'

/** CD-ROM XA II.4.6: what a sector of form 2 holds, which has no error correction of its own. */
export const FORM_2_LENGTH = 2324

/** How `FormsSource` gets at the sectors of a file. */
export interface SectorReader {
  stride: number
  /** Of the user data in a sector. */
  dataOffset: number
  read(sector: number, count: number): Uint8Array | Promise<Uint8Array>
  /** What speaks against the sector that lies at `at` in `raw`. */
  problemAt(raw: Uint8Array, at: number, sector: number): string | null
}

/** A file whose sectors hold different amounts: form 1 and form 2 mixed, or form 2 alone. */
export class FormsSource implements ByteSource {
  readonly byteLength: number
  private readonly starts: Float64Array
  private problem: string | null = null

  /** @param lengths bytes that each sector holds */
  constructor(
    lengths: Uint16Array,
    private readonly sectors: SectorReader,
  ) {
    this.starts = new Float64Array(lengths.length + 1)
    for (const [index, length] of lengths.entries()) this.starts[index + 1] = (this.starts[index] ?? 0) + length
    this.byteLength = this.starts[lengths.length] ?? 0
  }

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const { stride, dataOffset } = this.sectors
    const first = this.sectorAt(byteOffset)
    const last = this.sectorAt(byteOffset + wanted - 1)
    const raw = await this.sectors.read(first, last - first + 1)
    const out = new Uint8Array(wanted)
    let done = 0
    for (let sector = first; sector <= last; sector++) {
      const at = (sector - first) * stride
      const start = this.starts[sector] ?? 0
      const within = byteOffset + done - start
      const length = Math.min((this.starts[sector + 1] ?? 0) - start - within, wanted - done)
      const part = raw.subarray(at + dataOffset + within, at + dataOffset + within + length)
      out.set(part, done)
      done += part.byteLength
      if (part.byteLength < length) return out.slice(0, done)
      this.problem ??= this.sectors.problemAt(raw, at, sector)
    }
    return out
  }

  get damage(): string | null {
    return this.problem
  }

  locate(): null {
    return null
  }

  close(): void {
    // The sectors belong to the image.
  }

  private sectorAt(byteOffset: number): number {
    let low = 0
    let high = this.starts.length - 2
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= byteOffset) low = middle
      else high = middle - 1
    }
    return low
  }
}
