import fs from 'node:fs'
import { NEW_FILE, PART_OF_FILE } from './open-flags'
import { BlockWriter, type BlockItem } from './block-items'
import { unpackInto, WINDOW_BYTES, type PackedItem } from './packed-files'
import { sumMaker } from '../image/sums/sum-maker'
import type { ExpectedSum } from '../image/sums/sums'

/** Larger files are streamed by themselves. */
export const SMALL_FILE_BYTES = 1 << 20
/** Bytes between two wanted files that are cheaper read than skipped. */
const GAP_BYTES = 128 << 10

/**
 * Files to write, or parts of them, whose bytes lie in the image in one piece each, by position: columns, since batches
 * cross threads. Paths are as a `FolderHandle` gives them, so they hold for every thread of this process.
 */
export interface SmallFiles {
  paths: string[]
  /** In bytes from the start of the one file that all of them lie in. */
  byteOffsets: number[]
  /** As they lie there: packed, where they are. */
  byteLengths: number[]
  /** How the bytes are packed; null where they lie there as they are. Blocks know themselves where each of them lies. */
  packings: (PackedItem | BlockItem | null)[]
  /** Permission bits. */
  modes: number[]
  /** Whether files get exactly these; else the process's umask applies. */
  isModeExact: boolean
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

export function emptyBatch(isModeExact = false): SmallFiles {
  return { paths: [], byteOffsets: [], byteLengths: [], packings: [], modes: [], isModeExact, modified: [], sums: [] }
}

/** Fills the buffer from the batch's file; answers how many bytes there were. */
export type ReadInto = (target: Uint8Array, byteOffset: number) => number

/** Writes a batch, one read of the image for many files. What went wrong with a file is in the answer. */
export function writeSmallFiles(batch: SmallFiles, readInto: ReadInto, window: Uint8Array): SmallFileFailure[] {
  const failures: SmallFileFailure[] = []
  const reader = new BatchReader(readInto, window)
  const blocks = new BlockWriter()
  for (let at = 0; at < batch.paths.length; at++) {
    const byteOffset = batch.byteOffsets[at] ?? 0
    const byteLength = batch.byteLengths[at] ?? 0
    let bytes: Uint8Array
    try {
      bytes = reader.window(byteOffset, byteLength, () => reach(batch, at))
    } catch {
      failures.push({ at, reason: 'read' })
      continue
    }
    if (bytes.byteLength < byteLength) {
      failures.push({ at, reason: 'short' })
      continue
    }
    const reason = writeOne(batch, at, bytes, reader, blocks)
    if (reason !== null) failures.push({ at, reason })
  }
  return failures
}

/** Reads for a batch: through a window that serves many files, or what lies elsewhere by itself. */
class BatchReader {
  private start = 0
  private end = 0
  private spare = new Uint8Array(0)

  constructor(
    private readonly readInto: ReadInto,
    private readonly buffer: Uint8Array,
  ) {}

  /** Fewer bytes only at the end of the file. @param reach how far one read should go */
  window(byteOffset: number, byteLength: number, reach: () => number): Uint8Array {
    if (byteOffset < this.start || byteOffset + byteLength > this.end) {
      this.start = this.end = byteOffset
      this.end += this.readInto(this.buffer.subarray(0, reach() - byteOffset), byteOffset)
    }
    const from = byteOffset - this.start
    return this.buffer.subarray(from, Math.min(from + byteLength, this.end - this.start))
  }

  /** Bytes in the window or elsewhere, good until the next are asked for; fewer only at the end of the file. */
  readonly stored = (byteOffset: number, byteLength: number): Uint8Array => {
    const from = byteOffset - this.start
    if (from >= 0 && byteOffset + byteLength <= this.end) return this.buffer.subarray(from, from + byteLength)
    if (this.spare.byteLength < byteLength) this.spare = new Uint8Array(byteLength)
    return this.spare.subarray(0, this.readInto(this.spare.subarray(0, byteLength), byteOffset))
  }
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

function writeOne(
  batch: SmallFiles,
  at: number,
  bytes: Uint8Array,
  reader: BatchReader,
  blocks: BlockWriter,
): string | null {
  const filePath = batch.paths[at] ?? ''
  const packing = batch.packings[at] ?? null
  let descriptor: number
  try {
    descriptor = fs.openSync(filePath, packing?.part ? PART_OF_FILE : NEW_FILE, batch.modes[at])
  } catch (error) {
    return codeOf(error)
  }
  try {
    const sum = batch.sums[at] ?? null
    let hex: string | null = null
    if (packing && 'blocks' in packing) hex = blocks.write(descriptor, packing, reader.stored, sum?.algorithm ?? null)
    else if (packing) hex = unpackInto(descriptor, bytes, packing, sum?.algorithm ?? null)
    else {
      for (let done = 0; done < bytes.byteLength;) done += fs.writeSync(descriptor, bytes, done)
      if (sum) hex = sumMaker(sum.algorithm).update(bytes).digest('hex')
    }
    // The mode and times of a file written in parts are set once all of it is there.
    if (!packing?.part) {
      if (batch.isModeExact) fs.fchmodSync(descriptor, batch.modes[at] ?? 0)
      setTimes(descriptor, batch.modified[at] ?? NaN)
    }
    return sum && hex !== sum.hex ? 'sum' : null
  } catch (error) {
    // Others may still be writing into a file that is written in parts; it is removed when they are through.
    if (!packing?.part) fs.rmSync(filePath, { force: true })
    // Packed bytes that do not unpack: the file by itself will find out which of them, and save the others.
    return (error as { name?: string }).name === 'SourceError' ? 'read' : codeOf(error)
  } finally {
    fs.closeSync(descriptor)
  }
}

/** Sets a file's times, after its content: in a stage that is taken up again the time says that the file is whole. */
export function setTimes(file: number | string, modified: number): void {
  if (Number.isNaN(modified)) return
  // Node takes a negative number, a time before 1970, for “now”; a Date it takes as it is.
  const time = modified < 0 ? new Date(modified) : modified / 1000
  if (typeof file === 'number') fs.futimesSync(file, time, time)
  else fs.lutimesSync(file, time, time)
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? 'unknown'
}
