import fs from 'node:fs'
import { SourceError, type ByteSource } from '../image/byte-source'
import type { EntryTable } from '../image/entry-table'
import type { ExtractionControl } from './control'

/** One read serves every small file that lies within it. */
const WINDOW_BYTES = 4 << 20
/** Files larger than this are streamed by themselves. */
const SMALL_FILE_BYTES = 1 << 20
/** Bytes between two wanted files that are cheaper read than skipped. */
const GAP_BYTES = 128 << 10
const STREAM_CHUNK_BYTES = 4 << 20
/** Around a read error, what is still readable is kept in steps of this size. */
const RESCUE_STEP_BYTES = 32 << 10

export interface WrittenContent {
  /** Bytes of the entry that could not be had and stand as zeros. */
  missingByteLength: number
  firstProblem: string | null
}

/** A file whose bytes lie in the image as they are, in one piece. */
interface PlainRun {
  byteOffset: number
  byteLength: number
}

/**
 * Moves contents from the image to open files: small ones out of large shared reads, large ones with the next read
 * overlapping the last write.
 */
export class ContentWriter {
  private readonly window = Buffer.allocUnsafeSlow(WINDOW_BYTES)
  private windowStart = 0
  private windowLength = 0
  private spare: Buffer | null = null

  /**
   * @param image the image file itself, which the table's extents count in
   * @param order table indices of the files to come, by position on disc; lets a read reach over several of them
   */
  constructor(
    private readonly image: ByteSource,
    private readonly table: EntryTable,
    private readonly order: Uint32Array,
    private readonly control: ExtractionControl,
    private readonly onBytes: (count: number) => void,
  ) {}

  /**
   * Writes the content of `order[at]` to `descriptor`, an empty file open for writing.
   * @throws {SourceError} `SOURCE_GONE` where going on makes no sense; unreadable stretches become zeros and are counted
   * @throws the system's error where the destination refuses
   */
  async write(at: number, descriptor: number): Promise<WrittenContent> {
    const index = this.order[at] ?? 0
    const byteLength = this.table.byteLengthOf(index)
    if (byteLength === 0) return { missingByteLength: 0, firstProblem: null }
    const run = this.plainRun(index)
    if (run && run.byteLength <= SMALL_FILE_BYTES && this.writeFromWindow(at, run, descriptor))
      return { missingByteLength: 0, firstProblem: null }
    return run
      ? this.stream(descriptor, byteLength, (target, offset) => readFrom(this.image, target, run.byteOffset + offset))
      : this.streamContent(index, descriptor, byteLength)
  }

  private plainRun(index: number): PlainRun | null {
    const extents = this.table.extentsOf(index)
    const extent = extents?.length === 1 ? extents[0] : undefined
    const byteOffset = extent?.byteOffset ?? null
    if (!extent || byteOffset === null || extent.byteLength !== this.table.byteLengthOf(index)) return null
    return { byteOffset, byteLength: extent.byteLength }
  }

  /** False where the bytes cannot all be had in one read; the caller then streams, and finds out which are missing. */
  private writeFromWindow(at: number, run: PlainRun, descriptor: number): boolean {
    if (!this.image.readInto) return false
    const inWindow =
      run.byteOffset >= this.windowStart && run.byteOffset + run.byteLength <= this.windowStart + this.windowLength
    if (!inWindow && !this.fillWindow(at, run)) return false
    const start = run.byteOffset - this.windowStart
    if (start + run.byteLength > this.windowLength) return false
    writeAll(descriptor, this.window, start, run.byteLength)
    this.onBytes(run.byteLength)
    return true
  }

  private fillWindow(at: number, run: PlainRun): boolean {
    this.windowStart = run.byteOffset
    this.windowLength = 0
    try {
      const end = this.reach(at, run)
      this.windowLength = this.image.readInto?.(this.window.subarray(0, end - run.byteOffset), run.byteOffset) ?? 0
      return true
    } catch (error) {
      if (isFatal(error)) throw error
      return false
    }
  }

  /** How far one read should go: over the following small files, as long as hardly anything unwanted lies between. */
  private reach(at: number, run: PlainRun): number {
    let end = run.byteOffset + run.byteLength
    for (let next = at + 1; next < this.order.length; next++) {
      const following = this.plainRun(this.order[next] ?? 0)
      if (!following) break
      const followingEnd = following.byteOffset + following.byteLength
      if (following.byteOffset < run.byteOffset || following.byteOffset > end + GAP_BYTES) break
      if (following.byteLength > SMALL_FILE_BYTES || followingEnd - run.byteOffset > WINDOW_BYTES) break
      if (followingEnd > end) end = followingEnd
    }
    return end
  }

  private async streamContent(index: number, descriptor: number, byteLength: number): Promise<WrittenContent> {
    const content = this.table.content(index)
    if (!content) return { missingByteLength: byteLength, firstProblem: 'The image holds no content for it.' }
    try {
      return await this.stream(descriptor, byteLength, (target, offset) => readFrom(content, target, offset))
    } finally {
      await content.close()
    }
  }

  /** Reads into one buffer while the other is being written. */
  private async stream(
    descriptor: number,
    byteLength: number,
    read: (target: Uint8Array, byteOffset: number) => number | Promise<number>,
  ): Promise<WrittenContent> {
    const result: WrittenContent = { missingByteLength: 0, firstProblem: null }
    // The shared window becomes the first of the two buffers, so what it held is gone.
    this.windowLength = 0
    const buffers = [this.window, (this.spare ??= Buffer.allocUnsafeSlow(STREAM_CHUNK_BYTES))]
    let writing: Promise<void> | null = null
    try {
      for (let offset = 0, turn = 0; offset < byteLength; offset += STREAM_CHUNK_BYTES, turn ^= 1) {
        const wait = this.control.checkpoint()
        if (wait) await wait
        const length = Math.min(STREAM_CHUNK_BYTES, byteLength - offset)
        const target = (buffers[turn] ?? this.window).subarray(0, length)
        await readOrZero(read, target, offset, result)
        if (writing) await writing
        if (length === byteLength) {
          writeAll(descriptor, target, 0, length)
          this.onBytes(length)
        } else {
          writing = writeAllAsync(descriptor, target).then(() => {
            this.onBytes(length)
          })
          // Awaited at the next turn; until then a refusal must not count as unhandled.
          writing.catch(() => undefined)
        }
      }
    } finally {
      // A buffer must not be given back while the system still reads from it.
      if (writing) await writing
    }
    return result
  }
}

/** Fills `target`; what cannot be read becomes zeros and is counted. */
async function readOrZero(
  read: (target: Uint8Array, byteOffset: number) => number | Promise<number>,
  target: Uint8Array,
  offset: number,
  result: WrittenContent,
): Promise<void> {
  try {
    const got = read(target, offset)
    const count = typeof got === 'number' ? got : await got
    if (count < target.byteLength) noteMissing(result, target.subarray(count), 'The image ends before it does.')
    return
  } catch (error) {
    if (isFatal(error)) throw error
    if (target.byteLength <= RESCUE_STEP_BYTES) {
      noteMissing(result, target, error instanceof Error ? error.message : String(error))
      return
    }
  }
  for (let at = 0; at < target.byteLength; at += RESCUE_STEP_BYTES)
    await readOrZero(read, target.subarray(at, at + RESCUE_STEP_BYTES), offset + at, result)
}

function noteMissing(result: WrittenContent, stretch: Uint8Array, problem: string): void {
  stretch.fill(0)
  result.missingByteLength += stretch.byteLength
  result.firstProblem ??= problem
}

function readFrom(source: ByteSource, target: Uint8Array, byteOffset: number): number | Promise<number> {
  if (source.readInto) return source.readInto(target, byteOffset)
  const bytes = source.read(byteOffset, target.byteLength)
  if (bytes instanceof Promise) return bytes.then((arrived) => take(target, arrived))
  return take(target, bytes)
}

function take(target: Uint8Array, bytes: Uint8Array): number {
  target.set(bytes.byteLength > target.byteLength ? bytes.subarray(0, target.byteLength) : bytes)
  return Math.min(bytes.byteLength, target.byteLength)
}

/** The source is no more: whatever else is asked of it would only fail too. */
function isFatal(error: unknown): boolean {
  return error instanceof SourceError && error.code === 'SOURCE_GONE'
}

function writeAll(descriptor: number, bytes: Uint8Array, start: number, length: number): void {
  let done = 0
  while (done < length) done += fs.writeSync(descriptor, bytes, start + done, length - done)
}

async function writeAllAsync(descriptor: number, bytes: Uint8Array): Promise<void> {
  let done = 0
  while (done < bytes.byteLength) done += await writeOnce(descriptor, bytes, done)
}

function writeOnce(descriptor: number, bytes: Uint8Array, start: number): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(descriptor, bytes, start, bytes.byteLength - start, null, (error, count) => {
      if (error) reject(error)
      else resolve(count)
    })
  })
}
