import { hash } from 'node:crypto'
import fs from 'node:fs'
import type { ExpectedSum } from './sums'

/** Larger files are streamed by themselves. */
export const SMALL_FILE_BYTES = 1 << 20
/** One read serves every small file that lies within it. */
export const WINDOW_BYTES = 2 << 20
/** Bytes between two wanted files that are cheaper read than skipped. */
const GAP_BYTES = 128 << 10

const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants
// Windows has no O_NOFOLLOW; undefined adds no bit.
export const NEW_FILE = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW

/**
 * Files to write whose bytes lie in the image in one piece each, by position: columns, since batches cross threads.
 * Paths are as a `FolderHandle` gives them, so they hold for every thread of this process.
 */
export interface SmallFiles {
  paths: string[]
  /** In bytes from the start of the image file. */
  byteOffsets: number[]
  byteLengths: number[]
  /** Permission bits; the process's umask applies. */
  modes: number[]
  /** Milliseconds since 1970; NaN for none. */
  modified: number[]
  /** What the bytes must give, where the image says so. */
  sums: (ExpectedSum | null)[]
}

/** A file of a batch with which something is wrong. */
export interface SmallFileFailure {
  at: number
  /**
   * `sum`: it was written, but its bytes do not give the sum that the image carries. Otherwise it is not there: `short`
   * and `read` where the image did not give all its bytes, or the system's code for writing.
   */
  reason: string
}

export function emptyBatch(): SmallFiles {
  return { paths: [], byteOffsets: [], byteLengths: [], modes: [], modified: [], sums: [] }
}

/** Fills the buffer from the image; answers how many bytes there were. */
export type ReadInto = (target: Uint8Array, byteOffset: number) => number

/** Writes a batch, one read of the image for many files. Never throws: what went wrong is in the answer. */
export function writeSmallFiles(batch: SmallFiles, readInto: ReadInto, window: Uint8Array): SmallFileFailure[] {
  const failures: SmallFileFailure[] = []
  let start = 0
  let end = 0
  for (let at = 0; at < batch.paths.length; at++) {
    const byteOffset = batch.byteOffsets[at] ?? 0
    const byteLength = batch.byteLengths[at] ?? 0
    if (byteOffset < start || byteOffset + byteLength > end) {
      start = byteOffset
      try {
        end = start + readInto(window.subarray(0, reach(batch, at) - start), start)
      } catch {
        end = start
        failures.push({ at, reason: 'read' })
        continue
      }
    }
    if (byteOffset + byteLength > end) {
      failures.push({ at, reason: 'short' })
      continue
    }
    const reason = writeOne(batch, at, window, byteOffset - start, byteLength)
    if (reason !== null) failures.push({ at, reason })
  }
  return failures
}

/** How far one read should go: over the following files, as long as hardly anything unwanted lies between. */
function reach(batch: SmallFiles, at: number): number {
  const start = batch.byteOffsets[at] ?? 0
  let end = start + (batch.byteLengths[at] ?? 0)
  for (let next = at + 1; next < batch.paths.length; next++) {
    const byteOffset = batch.byteOffsets[next] ?? 0
    const nextEnd = byteOffset + (batch.byteLengths[next] ?? 0)
    if (byteOffset < start || byteOffset > end + GAP_BYTES || nextEnd - start > WINDOW_BYTES) break
    if (nextEnd > end) end = nextEnd
  }
  return end
}

function writeOne(batch: SmallFiles, at: number, window: Uint8Array, from: number, byteLength: number): string | null {
  const filePath = batch.paths[at] ?? ''
  let descriptor: number
  try {
    descriptor = fs.openSync(filePath, NEW_FILE, batch.modes[at])
  } catch (error) {
    return codeOf(error)
  }
  try {
    let done = 0
    while (done < byteLength) done += fs.writeSync(descriptor, window, from + done, byteLength - done)
    setTimes(descriptor, batch.modified[at] ?? NaN)
    const sum = batch.sums[at]
    if (!sum || hash(sum.algorithm, window.subarray(from, from + byteLength)) === sum.hex) return null
    return 'sum'
  } catch (error) {
    fs.rmSync(filePath, { force: true })
    return codeOf(error)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Sets a file's times, after its content: in a stage that is taken up again the time says that the file is whole. */
export function setTimes(descriptor: number, modified: number): void {
  if (Number.isNaN(modified)) return
  // Node takes a negative number, a time before 1970, for “now”; a Date it takes as it is.
  const time = modified < 0 ? new Date(modified) : modified / 1000
  fs.futimesSync(descriptor, time, time)
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'unknown'
}
