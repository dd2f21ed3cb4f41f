import { constants, createZstdDecompress } from 'node:zlib'
import { Xxh64 } from '../../codecs/xxh64'
import { readU32Le } from '../../core/byte-reader'
import { isSkippableFrame } from './skippable-frame'
import { StreamError, type StreamInput, type StreamReport } from './stream-input'
import { pumpFrame } from './zlib-pump'

const FRAME_MAGIC = 0xfd2fb528
const CHUNK_LENGTH = 256 * 1024
/** Blocks are handed over together up to this length. */
const PIECE_LENGTH = 64 * 1024
/** `zstd --long=31` is the longest window there is. */
const WINDOW_LOG_LIMIT = 31
const SKIP_STEP = 1 << 20
/** Where a frame's descriptor lies, and what of it says that a checksum follows the blocks. */
const DESCRIPTOR = 4
const CHECKSUM_FLAG = 4
const CHECKSUM_LENGTH = 4

export function isZstdFrame(bytes: Uint8Array, at = 0): boolean {
  return readU32Le(bytes, at) === FRAME_MAGIC
}

/** The frames of a zstd file (RFC 8878 3.1), as pzstd and concatenation make them, skippable ones among them. */
export async function* decodeZstd(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  for (;;) {
    const start = await input.peek(8)
    if (start.byteLength === 0) return
    if (start.byteLength >= 8 && isSkippableFrame(start)) {
      await skipFrame(input, 8 + readU32Le(start, 4))
      continue
    }
    if (start.byteLength < 4 || !isZstdFrame(start)) {
      await input.drain(report)
      return
    }
    report.begins()
    const frame = new FramePieces(input)
    const decoder = createZstdDecompress({
      chunkSize: CHUNK_LENGTH,
      params: { [constants.ZSTD_d_windowLogMax]: WINDOW_LOG_LIMIT },
    })
    const sum = new Xxh64()
    for await (const bytes of pumpFrame(decoder, frame)) {
      if (frame.hasChecksum) sum.update(bytes)
      yield bytes
    }
    if (!frame.isWhole) throw new StreamError('cut', 'The compressed data end too early.')
    if (!frame.hasChecksum) continue
    if (readU32Le(await input.take(CHECKSUM_LENGTH), 0) === sum.digest32()) report.proven?.()
    else report.suspect('checksum (XXH64)')
  }
}

async function skipFrame(input: StreamInput, byteLength: number): Promise<void> {
  for (let left = byteLength; left > 0;) {
    const bytes = await input.peek(1)
    if (bytes.byteLength === 0) throw new StreamError('cut', 'The compressed data end too early.')
    const step = Math.min(left, bytes.byteLength, SKIP_STEP)
    input.skip(step)
    left -= step
  }
}

/**
 * One frame, cut at its own end: header and blocks (RFC 8878 3.1.1). Its checksum is left where it is, and the header says
 * that there is none: the decoder keeps back what it unpacked last where the checksum is not that of it.
 */
class FramePieces {
  private isCut = false
  private state: 'header' | 'blocks' | 'end' = 'header'
  /** Known once the header was read. */
  hasChecksum = false

  constructor(private readonly input: StreamInput) {}

  /** The frame was there to its end. */
  get isWhole(): boolean {
    return this.state === 'end' && !this.isCut
  }

  async next(): Promise<Uint8Array> {
    const isFirst = this.state === 'header'
    let length = 0
    let bytes: Uint8Array = new Uint8Array(0)
    while (this.state !== 'end' && length < PIECE_LENGTH) {
      const step = this.state === 'header' ? await this.headerLength() : await this.blockLength(length)
      bytes = await this.input.peek(length + step)
      if (bytes.byteLength < length + step) {
        // What there is of a block may still give something.
        this.state = 'end'
        this.isCut = true
        length = bytes.byteLength
        break
      }
      length += step
    }
    return isFirst && this.hasChecksum ? withoutChecksum(bytes.subarray(0, length)) : bytes.subarray(0, length)
  }

  used(byteLength: number): void {
    this.input.skip(byteLength)
  }

  private async headerLength(): Promise<number> {
    const bytes = await this.input.peek(5)
    const descriptor = bytes[DESCRIPTOR] ?? 0
    const isSingle = (descriptor & 0x20) !== 0
    this.hasChecksum = (descriptor & CHECKSUM_FLAG) !== 0
    if ((descriptor & 8) !== 0) throw new StreamError('damaged', 'A zstd frame is damaged.')
    this.state = 'blocks'
    const dictionary = [0, 1, 2, 4][descriptor & 3] ?? 0
    const size = [isSingle ? 1 : 0, 2, 4, 8][descriptor >> 6] ?? 0
    return 5 + (isSingle ? 0 : 1) + dictionary + size
  }

  private async blockLength(at: number): Promise<number> {
    const bytes = await this.input.peek(at + 3)
    const header = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16)
    if (bytes.byteLength < at + 3) return 3
    const isLast = (header & 1) !== 0
    const type = (header >> 1) & 3
    if (type === 3) throw new StreamError('damaged', 'A zstd block is damaged.')
    // A block of type 1 is one byte, repeated.
    const length = 3 + (type === 1 ? 1 : header >> 3)
    if (!isLast) return length
    this.state = 'end'
    return length
  }
}

/** What others may have as well is not changed. */
function withoutChecksum(frame: Uint8Array): Uint8Array {
  const changed = frame.slice()
  changed[DESCRIPTOR] = (frame[DESCRIPTOR] ?? 0) & ~CHECKSUM_FLAG
  return changed
}
