import type { EntryColumns } from './entry-columns'
import { readInterleavedRuns } from './interleave'
import { copied } from './copied'

/** Where the content of the file section at a directory record lies: interleaved (ECMA-119 6.4.3) or in one piece. */
export function sectionRuns(
  bytes: Uint8Array,
  at: number,
  start: number,
  byteLength: number,
  blockSize: number,
): number[] {
  const unit = (bytes[at + 26] ?? 0) * blockSize
  const gap = (bytes[at + 27] ?? 0) * blockSize
  return unit === 0 ? [start, byteLength] : readInterleavedRuns(start, byteLength, unit, gap)
}

/**
 * A file whose further sections follow in the next records (ECMA-119 6.5.1, 9.1.6 bit 7): all of one name, and all but
 * the last saying that more follow.
 */
export class FileSections {
  private index = -1
  private runs: number[] = []
  private identifier: Uint8Array = new Uint8Array(0)

  constructor(private readonly blockSize: number) {}

  begin(index: number, bytes: Uint8Array, at: number, start: number, byteLength: number): void {
    this.index = index
    this.runs = []
    this.identifier = copied(bytes, at + 33, at + 33 + (bytes[at + 32] ?? 0))
    this.add(bytes, at, start, byteLength)
  }

  /** Whether the record at `at` goes on with the file that was begun. */
  continuesAt(bytes: Uint8Array, at: number): boolean {
    if (this.index < 0 || (bytes[at + 32] ?? 0) !== this.identifier.byteLength) return false
    return this.identifier.every((byte, offset) => bytes[at + 33 + offset] === byte)
  }

  add(bytes: Uint8Array, at: number, start: number, byteLength: number): void {
    const runs = sectionRuns(bytes, at, start, byteLength, this.blockSize)
    const last = this.runs.length - 2
    if (last >= 0 && (this.runs[last] ?? 0) + (this.runs[last + 1] ?? 0) === runs[0]) {
      this.runs[last + 1] = (this.runs[last + 1] ?? 0) + (runs[1] ?? 0)
      runs.splice(0, 2)
    }
    for (const number of runs) this.runs.push(number)
  }

  /** Ends the file that was begun. The entry that it is; −1 where none was open. */
  finish(columns: EntryColumns): number {
    const { index, runs } = this
    if (index < 0) return -1
    this.index = -1
    let byteLength = 0
    for (let i = 1; i < runs.length; i += 2) byteLength += runs[i] ?? 0
    const transform = columns.runsOf(index)?.transform
    if (transform === undefined) columns.length64[index] = byteLength
    if (runs.length > 2 || transform !== undefined) columns.setRuns(index, { runs, transform })
    return index
  }

  forget(): void {
    this.index = -1
  }
}
