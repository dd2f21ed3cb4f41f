import { recordedIn, recordedInRow, type ByteSource, type MaybePromise, type Place } from '../byte-source'

/**
 * A file's content as runs of a volume's blocks. `runs` holds pairs: byte offset in the volume (−1 for a hole, which
 * reads as zeros) and byte length. Bytes past the volume's end, or that the volume does not have recorded, are not there:
 * reading stops before them, so that nobody takes zeros for content.
 */
export class ExtentSource implements ByteSource {
  readonly byteLength: number
  /** Where each run begins in the file. */
  private readonly starts: Float64Array
  private problem: string | null
  private readonly keep = (problem: string): void => {
    this.problem ??= problem
  }

  /** @param doubt what speaks against the runs themselves */
  constructor(
    private readonly volume: ByteSource,
    private readonly runs: ArrayLike<number>,
    byteLength: number,
    private readonly doubt: string | null = null,
  ) {
    this.byteLength = byteLength
    this.problem = doubt
    const count = runs.length >> 1
    this.starts = new Float64Array(count + 1)
    for (let i = 0; i < count; i++) this.starts[i + 1] = (this.starts[i] ?? 0) + (runs[i * 2 + 1] ?? 0)
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.gather(byteOffset, byteLength, this.keep)
  }

  /** An image inside this file hands on what is said against the bytes that it is made of. */
  readChecked(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    if (this.doubt !== null) wrong(this.doubt)
    return this.gather(byteOffset, byteLength, wrong)
  }

  private async gather(byteOffset: number, byteLength: number, wrong: (problem: string) => void): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const first = this.runAt(byteOffset)
    const run = this.part(first, byteOffset, wanted)
    if (run.byteLength === wanted && run.volumeOffset >= 0) return this.readVolume(run.volumeOffset, wanted, wrong)
    const out = new Uint8Array(wanted)
    let done = 0
    for (let index = first; done < wanted; index++) {
      const { volumeOffset, byteLength: length } = this.part(index, byteOffset + done, wanted - done)
      if (length <= 0) break
      if (volumeOffset >= 0) {
        const bytes = await this.readVolume(volumeOffset, length, wrong)
        out.set(bytes, done)
        if (bytes.byteLength < length) return out.subarray(0, done + bytes.byteLength)
      }
      done += length
    }
    return done === wanted ? out : out.subarray(0, done)
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    if (byteOffset < 0 || byteOffset >= this.byteLength) return null
    const run = this.part(this.runAt(byteOffset), byteOffset, Math.min(byteLength, this.byteLength - byteOffset))
    return run.byteLength <= 0 || run.volumeOffset < 0 ? null : this.volume.locate(run.volumeOffset, run.byteLength)
  }

  recorded(byteOffset: number, byteLength: number): number {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return 0
    let sum = 0
    let done = 0
    for (let index = this.runAt(byteOffset); done < wanted; index++) {
      const { volumeOffset, byteLength: length } = this.part(index, byteOffset + done, wanted - done)
      if (length <= 0) break
      sum += volumeOffset < 0 ? length : recordedIn(this.volume, volumeOffset, length)
      done += length
    }
    return sum
  }

  isSuspect(byteOffset: number, byteLength: number): boolean {
    const { volume } = this
    if (volume.isSuspect === undefined || byteOffset < 0) return false
    const end = Math.min(byteOffset + byteLength, this.byteLength)
    for (let at = byteOffset, index = this.runAt(byteOffset); at < end; index++) {
      const { volumeOffset, byteLength: length } = this.part(index, at, end - at)
      if (length <= 0) break
      if (volumeOffset >= 0 && volume.isSuspect(volumeOffset, length)) return true
      at += length
    }
    return false
  }

  get damage(): string | null {
    return this.problem
  }

  close(): void {
    // The volume stays open for its other files.
  }

  private readVolume(
    volumeOffset: number,
    byteLength: number,
    wrong: (problem: string) => void,
  ): MaybePromise<Uint8Array> {
    const { volume } = this
    const length = volume.recorded === undefined ? byteLength : recordedInRow(volume, volumeOffset, byteLength)
    if (volume.readChecked === undefined) return volume.read(volumeOffset, length)
    return volume.readChecked(volumeOffset, length, wrong)
  }

  private part(index: number, byteOffset: number, wanted: number): { volumeOffset: number; byteLength: number } {
    const start = this.starts[index] ?? 0
    const end = this.starts[index + 1] ?? 0
    const base = this.runs[index * 2] ?? -1
    const byteLength = Math.min(wanted, end - byteOffset)
    return { volumeOffset: base < 0 ? -1 : base + (byteOffset - start), byteLength }
  }

  private runAt(byteOffset: number): number {
    let low = 0
    let high = Math.max(0, this.starts.length - 2)
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((this.starts[middle] ?? 0) <= byteOffset) low = middle
      else high = middle - 1
    }
    // Runs of length zero share a start with the next one.
    while (low < this.starts.length - 2 && (this.starts[low + 1] ?? 0) <= byteOffset) low++
    return low
  }
}
