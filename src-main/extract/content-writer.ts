import fs from 'node:fs'
import { nextRecorded, recordedIn, SourceError, type ByteSource } from '../image/core/byte-source'
import type { EntryTable } from '../image/core/entry-table'
import type { Control } from '../task'
import type { ExpectedSum } from '../image/sums/sums'
import { sumMaker, type SumMaker } from '../image/sums/sum-maker'

const CHUNK_BYTES = 1 << 20
/** Stays in the processor's cache between being read and being written. */
const PLAIN_CHUNK_BYTES = 256 << 10
/** Around a read error, what is still readable is kept in steps of this size. */
const RESCUE_STEP_BYTES = 32 << 10

export interface WrittenContent {
  /** Bytes of the entry that could not be had and stand as zeros. */
  missingByteLength: number
  firstProblem: string | null
  /** Whether the bytes give the sum that the image carries for them; null where it carries none. */
  sumMatches: boolean | null
  /** What the medium itself says against bytes that could be read (see `ByteSource.damage`). */
  damage?: string | null
}

export interface WriteOptions {
  /** Checked while the bytes pass by. */
  sum?: ExpectedSum | undefined
  /** Runs of zeros become holes. */
  sparse?: boolean | undefined
}

/** Moves contents from the image to open files. */
export class ContentWriter {
  private readonly buffers: [Buffer, Buffer] = [
    Buffer.allocUnsafeSlow(CHUNK_BYTES),
    Buffer.allocUnsafeSlow(CHUNK_BYTES),
  ]

  constructor(
    private readonly table: EntryTable,
    private readonly control: Control,
    private readonly onBytes: (count: number) => void,
  ) {}

  /**
   * Writes an entry's content to `descriptor`, an empty file open for writing.
   * @throws {SourceError} `SOURCE_GONE` where going on makes no sense; unreadable ranges become holes and are counted
   * @throws the system's error where the destination refuses
   */
  async write(index: number, descriptor: number, options: WriteOptions = {}): Promise<WrittenContent> {
    const byteLength = this.table.byteLengthOf(index)
    const run = this.table.plainRunOf(index)
    if (run) {
      const read: ReadContent = (target, at) => readFrom(run.file, target, run.byteOffset + at)
      return run.file.readInto
        ? this.copyPlain(descriptor, byteLength, options, read)
        : this.stream(descriptor, byteLength, options, read)
    }
    const content = this.table.content(index)
    if (!content)
      return { missingByteLength: byteLength, firstProblem: 'The image holds no content for it.', sumMatches: null }
    try {
      const read: ReadContent = (target, at) => readFrom(content, target, at)
      // What is not recorded at the end is not asked for: it may be more than any disk holds.
      const end = this.table.statusOf(index) === 'partial' ? recordedEnd(content, byteLength) : byteLength
      const gaps = this.table.statusOf(index) === 'partial' ? content : null
      const result = await this.stream(descriptor, end, options, read, gaps)
      if (end < byteLength) this.leaveHole(descriptor, byteLength, byteLength - end, result)
      return { ...result, damage: content.damage ?? null }
    } finally {
      await content.close()
    }
  }

  /** From a place that nothing is recorded at to where something is again: what lies between may be more than any disk holds. */
  private passGap(content: ByteSource, byteOffset: number, end: number, result: WrittenContent): number {
    if (recordedIn(content, byteOffset, CHUNK_BYTES) > 0) return byteOffset
    const next = nextRecorded(content, byteOffset, end)
    const to = next - (next % HOLE_BYTES)
    if (to <= byteOffset) return byteOffset
    result.missingByteLength += to - byteOffset
    result.firstProblem ??= ENDS_EARLY
    this.onBytes(to - byteOffset)
    return to
  }

  private leaveHole(descriptor: number, byteLength: number, missing: number, result: WrittenContent): void {
    fs.ftruncateSync(descriptor, byteLength)
    result.missingByteLength += missing
    result.firstProblem ??= ENDS_EARLY
    // A sum over the beginning says nothing.
    result.sumMatches = null
    this.onBytes(missing)
  }

  /**
   * Bytes that lie in a file as they are. The system reads ahead and writes behind by itself, so small pieces in turn
   * are faster here than reading and writing at once from two threads.
   */
  private async copyPlain(
    descriptor: number,
    byteLength: number,
    options: WriteOptions,
    read: ReadContent,
  ): Promise<WrittenContent> {
    const result: WrittenContent = { missingByteLength: 0, firstProblem: null, sumMatches: null }
    const hash = options.sum ? sumMaker(options.sum.algorithm) : null
    for (let offset = 0; offset < byteLength; offset += PLAIN_CHUNK_BYTES) {
      const wait = this.control.checkpoint()
      if (wait) await wait
      const target = this.buffers[0].subarray(0, Math.min(PLAIN_CHUNK_BYTES, byteLength - offset))
      await readOrZero(read, target, offset, result)
      hash?.update(target)
      if (options.sparse === true || result.missingByteLength > 0) writeSparse(descriptor, target, offset)
      else writeAll(descriptor, target, offset)
      this.onBytes(target.byteLength)
    }
    return finished(descriptor, byteLength, options, hash, result)
  }

  /** Contents that take work to get: the next piece is got while the last one is being written. */
  private async stream(
    descriptor: number,
    byteLength: number,
    options: WriteOptions,
    read: ReadContent,
    gaps: ByteSource | null = null,
  ): Promise<WrittenContent> {
    const result: WrittenContent = { missingByteLength: 0, firstProblem: null, sumMatches: null }
    const hash = options.sum ? sumMaker(options.sum.algorithm) : null
    let writing: Promise<void> | null = null
    try {
      for (let offset = 0, turn = 0; offset < byteLength; offset += CHUNK_BYTES, turn ^= 1) {
        const wait = this.control.checkpoint()
        if (wait) await wait
        if (gaps !== null) offset = this.passGap(gaps, offset, byteLength, result)
        const length = Math.min(CHUNK_BYTES, byteLength - offset)
        const target = this.buffers[turn === 0 ? 0 : 1].subarray(0, length)
        await readOrZero(read, target, offset, result)
        hash?.update(target)
        if (writing) await writing
        if (options.sparse === true || result.missingByteLength > 0) {
          writing = null
          writeSparse(descriptor, target, offset)
          this.onBytes(length)
        } else if (offset + length === byteLength) {
          // Nothing is left to read meanwhile: the last piece is written without a trip to another thread.
          writeAll(descriptor, target, offset)
          writing = null
          this.onBytes(length)
        } else {
          writing = writeAllAsync(descriptor, target, offset).then(() => {
            this.onBytes(length)
          })
          // Awaited at the next turn; until then a rejection must not count as unhandled.
          writing.catch(() => undefined)
        }
      }
    } finally {
      // A buffer must not be given back while the system still reads from it.
      if (writing) await writing
    }
    return finished(descriptor, byteLength, options, hash, result)
  }
}

function finished(
  descriptor: number,
  byteLength: number,
  options: WriteOptions,
  hash: SumMaker | null,
  result: WrittenContent,
): WrittenContent {
  // A hole at the end is made by saying how long the file is.
  if (options.sparse === true || result.missingByteLength > 0) fs.ftruncateSync(descriptor, byteLength)
  if (hash && options.sum) result.sumMatches = hash.digest('hex') === options.sum.hex
  return result
}

/** Holes are made of whole blocks of this size; most file systems allocate in such. */
const HOLE_BYTES = 4096
const ZEROS = Buffer.alloc(HOLE_BYTES)

function writeSparse(descriptor: number, bytes: Buffer, position: number): void {
  for (let at = 0; at < bytes.byteLength;) {
    let end = at
    while (end < bytes.byteLength && !isHole(bytes, end)) end += HOLE_BYTES
    end = Math.min(end, bytes.byteLength)
    for (let done = at; done < end;) done += fs.writeSync(descriptor, bytes, done, end - done, position + done)
    at = end
    while (at < bytes.byteLength && isHole(bytes, at)) at += HOLE_BYTES
  }
}

function isHole(bytes: Buffer, at: number): boolean {
  const block = bytes.subarray(at, at + HOLE_BYTES)
  return block.equals(ZEROS.subarray(0, block.byteLength))
}

const ENDS_EARLY = 'They are not in the image.'

/** Where the last recorded byte of a content ends: behind it nothing can be read. In bytes, at most `byteLength`. */
export function recordedEnd(content: ByteSource, byteLength: number): number {
  let low = 0
  let high = byteLength
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (recordedIn(content, middle, byteLength - middle) === 0) high = middle
    else low = middle + 1
  }
  return low
}

type ReadContent = (target: Uint8Array, byteOffset: number) => number | Promise<number>

/** Fills `target`; what cannot be read becomes zeros and is counted. */
export async function readOrZero(
  read: ReadContent,
  target: Uint8Array,
  offset: number,
  result: WrittenContent,
): Promise<void> {
  try {
    const got = read(target, offset)
    const count = typeof got === 'number' ? got : await got
    if (count < target.byteLength) noteMissing(result, target.subarray(count), ENDS_EARLY)
    return
  } catch (error) {
    // The source is no more: whatever else is asked of it would only fail too.
    if (error instanceof SourceError && error.code === 'SOURCE_GONE') throw error
    if (target.byteLength <= RESCUE_STEP_BYTES) {
      noteMissing(result, target, error instanceof Error ? error.message : String(error))
      return
    }
  }
  for (let at = 0; at < target.byteLength; at += RESCUE_STEP_BYTES)
    await readOrZero(read, target.subarray(at, at + RESCUE_STEP_BYTES), offset + at, result)
}

function noteMissing(result: WrittenContent, range: Uint8Array, problem: string): void {
  range.fill(0)
  result.missingByteLength += range.byteLength
  result.firstProblem ??= problem
}

export function readFrom(
  source: Pick<ByteSource, 'read' | 'readInto'>,
  target: Uint8Array,
  byteOffset: number,
): number | Promise<number> {
  if (source.readInto) return source.readInto(target, byteOffset)
  const bytes = source.read(byteOffset, target.byteLength)
  if (bytes instanceof Promise) return bytes.then((arrived) => take(target, arrived))
  return take(target, bytes)
}

function take(target: Uint8Array, bytes: Uint8Array): number {
  target.set(bytes.byteLength > target.byteLength ? bytes.subarray(0, target.byteLength) : bytes)
  return Math.min(bytes.byteLength, target.byteLength)
}

/** @param position in the file; in bytes */
function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  for (let done = 0; done < bytes.byteLength;)
    done += fs.writeSync(descriptor, bytes, done, bytes.byteLength - done, position + done)
}

async function writeAllAsync(descriptor: number, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0
  while (done < bytes.byteLength) done += await writeOnce(descriptor, bytes, done, position + done)
}

function writeOnce(descriptor: number, bytes: Uint8Array, start: number, position: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(descriptor, bytes, start, bytes.byteLength - start, position, (error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
}
