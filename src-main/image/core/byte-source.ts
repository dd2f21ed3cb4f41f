import type { Details } from '../../../src-shared/model'
import { copied } from './copied'
import type { Unpacker } from '../codecs/unpackers'

/** A value, or a promise of one where the bytes are not at hand. `await` on a plain value costs next to nothing. */
export type MaybePromise<T> = T | Promise<T>

/**
 * A file that bytes lie in as they are: the image that was opened, a sibling that travels with it, a scratch file that
 * something was unpacked to. Two are the same file where they are the same object: an offset says nothing without it.
 */
export interface SourceFile {
  /** What offsets that people see count in is the file they opened (`image`), never a sibling or a scratch file. */
  readonly role: 'image' | 'sibling' | 'scratch'
  /** The file descriptor, which every thread of this process may read from; absent where there is none to share. */
  readonly descriptor?: number
  /** As {@link ByteSource.read}. */
  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array>
  /** As {@link ByteSource.readInto}. */
  readInto?(target: Uint8Array, byteOffset: number): number
}

/** Where bytes lie as they are: `byteLength` bytes at `byteOffset` of `file`. */
export interface Place {
  file: SourceFile
  byteOffset: number
  byteLength: number
}

/**
 * Bytes that can be read at any offset: a file, a device, a slice of another source, the unpacked side of a
 * container, a file inside an image. The only place in the reader that may wait for input.
 */
export interface ByteSource {
  /** In bytes. */
  readonly byteLength: number
  /**
   * Reads up to `byteLength` bytes at `byteOffset`. The answer is shorter only where the source ends.
   * It is the caller's to keep: no later read overwrites it.
   * @throws {SourceError} where the device or file refuses; never for a range past the end.
   */
  read(byteOffset: number, byteLength: number): MaybePromise<Uint8Array>
  /**
   * As `read`, into the caller's own buffer: fills `target` and answers how many bytes there were, fewer only at the
   * end. Sources that have their bytes at hand offer it, so that long runs of reads need no allocation each.
   */
  readInto?(target: Uint8Array, byteOffset: number): number
  /**
   * In which file the bytes at `byteOffset` lie, and where, and for how many bytes that holds (at most `byteLength`,
   * never past the end of the source); null where they lie in no file as they are (compressed, interrupted by sector
   * headers, not recorded).
   */
  locate(byteOffset: number, byteLength: number): Place | null
  /**
   * How many of the `byteLength` bytes from `byteOffset` on are recorded. Bytes within the source that no file holds
   * (gaps between sessions, blocks before a lone one) read as zeros and are none. Absent: everything within
   * `byteLength` is recorded.
   */
  recorded?(byteOffset: number, byteLength: number): number
  /**
   * As `read`, checking what the medium itself says about these bytes (the sums of CD sectors, of a compressed stream).
   * `wrong` is told one sentence for each range that can be read but does not fit. Absent: there is nothing to check.
   */
  readChecked?(byteOffset: number, byteLength: number, wrong: (problem: string) => void): MaybePromise<Uint8Array>
  /**
   * Whether bytes of a range are known to be other than recorded, though they can be read: `readChecked` says it of them.
   * Absent: nothing is known before it is read.
   */
  isSuspect?(byteOffset: number, byteLength: number): boolean
  /** Of a file's content: what `readChecked` had to say about the bytes that were read so far. Null or absent: nothing. */
  readonly damage?: string | null
  /**
   * The blocks that a packed content is made of, for whoever unpacks them on other threads; null where they are not to be
   * had so. Absent: never.
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  contentBlocks?(): Promise<ContentBlocks | null>
  /** Releases what the source holds. Reading afterwards throws. */
  close(): MaybePromise<void>
}

/** A content as the blocks that it is made of, each of which unpacks by itself: all that another thread needs to know. */
export interface ContentBlocks {
  /** What offsets count in. */
  file: SourceFile
  unpacker: Unpacker
  /**
   * Numbers of each block, in the order of the content (`BlockField`): where it lies in the file and how many bytes
   * it has there, whether these are packed, what it unpacks to (as `unpackHere` wants it), how much of that is skipped and
   * how much is taken; all in bytes.
   */
  blocks: Float64Array
}

/** A source that could not be read: an unplugged disk, an I/O error, a page that went away. */
export class SourceError extends Error {
  /** `SOURCE_GONE`, `SOURCE_UNREADABLE`, `SOURCE_FORBIDDEN`. */
  readonly code: string
  /** In bytes from the start of the source, where known. */
  readonly byteOffset: number | undefined
  readonly details: Details | undefined

  constructor(
    code: string,
    message: string,
    options: { byteOffset?: number; cause?: unknown; details?: Details } = {},
  ) {
    super(message, { cause: options.cause })
    this.name = 'SourceError'
    this.code = code
    this.byteOffset = options.byteOffset
    this.details = options.details
  }
}

/** How many bytes of a range a source really has: `recorded` where it has gaps, else what lies within its ends. */
export function recordedIn(source: ByteSource, byteOffset: number, byteLength: number): number {
  const from = Math.max(0, byteOffset)
  const to = Math.min(byteOffset + byteLength, source.byteLength)
  if (to <= from) return 0
  return source.recorded === undefined ? to - from : source.recorded(from, to - from)
}

/** Where the next recorded byte is, from `byteOffset` on; `end` where there is none before that. */
export function nextRecorded(source: ByteSource, byteOffset: number, end: number): number {
  let low = byteOffset
  let high = end
  // Nothing of [byteOffset, low) is recorded, something of [byteOffset, high) may be.
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (recordedIn(source, byteOffset, middle + 1 - byteOffset) === 0) low = middle + 1
    else high = middle
  }
  return low
}

/** How many bytes from `byteOffset` on are recorded in a row, at most `byteLength`. */
export function recordedInRow(source: ByteSource, byteOffset: number, byteLength: number): number {
  let low = 0
  let high = byteLength
  if (recordedIn(source, byteOffset, byteLength) === byteLength) return byteLength
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if (recordedIn(source, byteOffset, middle) === middle) low = middle
    else high = middle - 1
  }
  return low
}

/** Bytes in memory as a source, and as the image file that they stand for. */
export class MemoryByteSource implements ByteSource, SourceFile {
  readonly role = 'image'
  readonly byteLength: number

  constructor(private readonly bytes: Uint8Array) {
    this.byteLength = bytes.byteLength
  }

  read(byteOffset: number, byteLength: number): Uint8Array {
    if (byteOffset < 0 || byteOffset >= this.byteLength) return new Uint8Array(0)
    return copied(this.bytes, byteOffset, byteOffset + byteLength)
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    return placeIn(this, this.byteLength, byteOffset, byteLength)
  }

  close(): void {
    // Memory goes with its last reference.
  }
}

/** The answer of `locate` of a source that is a file itself. */
export function placeIn(
  file: SourceFile,
  fileByteLength: number,
  byteOffset: number,
  byteLength: number,
): Place | null {
  const there = Math.min(byteLength, fileByteLength - byteOffset)
  return byteOffset < 0 || there <= 0 ? null : { file, byteOffset, byteLength: there }
}
