import { crc32 } from 'node:zlib'
import { xzStream } from './xz-library'
import { StreamError, type StreamInput } from '../stream-input'
import { decodeLarge } from './large-dictionary'

const PIECE_LENGTH = 64 * 1024

/** The longest dictionary that the library gives memory to (`XZ_DYNALLOC`, 64 MiB), as the filter's properties have it. */
const LIBRARY_LIMIT = 28

/**
 * LZMA2 data, from the input's position up to their end marker, unpacked.
 * @param dictionary the filter's properties: the size of the dictionary
 * @throws {StreamError}
 */
export function decodeLzma2(input: StreamInput, dictionary: number): AsyncGenerator<Uint8Array> {
  return dictionary > LIBRARY_LIMIT
    ? decodeLarge(input, dictionaryLength(dictionary))
    : decodeByLibrary(input, dictionary)
}

/** .xz format 5.3.1: 2 or 3, and a power of two; the largest is 4 GiB less one. */
function dictionaryLength(properties: number): number {
  return Math.min(2 ** 32 - 1, (2 | (properties & 1)) * 2 ** ((properties >> 1) + 11))
}

/**
 * LZMA2 data, from the input's position up to their end marker, unpacked. They are handed to the library as an .xz
 * stream of their own, with one block and no check, so that checks it does not know, several streams and data that end
 * too early are no concern of its.
 * @param dictionary the filter's properties: the size of the dictionary
 * @throws {StreamError}
 */
async function* decodeByLibrary(input: StreamInput, dictionary: number): AsyncGenerator<Uint8Array> {
  const chunks = new Lzma2Chunks(input)
  let isBegun = false
  let isOver = false
  const pull = async (): Promise<Uint8Array> => {
    if (!isBegun) {
      isBegun = true
      return streamStart(dictionary)
    }
    const bytes = await chunks.next()
    if (bytes.byteLength > 0 || isOver || !chunks.isWhole) return bytes
    isOver = true
    return streamEnd(chunks.packedLength, chunks.unpackedLength)
  }
  let problem: unknown = null
  const stream = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const bytes = await pull()
          if (bytes.byteLength === 0) controller.close()
          else controller.enqueue(bytes)
        } catch (error) {
          problem = error
          controller.close()
        }
      },
    },
    { highWaterMark: 0 },
  )
  try {
    yield* unpack(stream)
  } catch (error) {
    throw problem ?? error
  }
  if (problem !== null) throw problem as Error
  function unpackError(): StreamError {
    return chunks.isCut
      ? new StreamError('cut', 'The compressed data end too early.')
      : new StreamError('damaged', 'The .xz stream is damaged.')
  }
  async function* unpack(from: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
    const reader = (await xzStream(from)).getReader()
    let isDone = false
    try {
      for (;;) {
        const { done, value } = await reader.read()
        if (done) break
        if (value.byteLength > 0) yield value
      }
      isDone = true
    } catch (error) {
      isDone = true
      if (problem !== null) throw error
      throw unpackError()
    } finally {
      if (!isDone) await reader.cancel().catch(() => undefined)
    }
  }
}

/** LZMA2 chunks (.xz format 5.3.1), told apart by their headers so that the end of the data is known. */
class Lzma2Chunks {
  packedLength = 0
  unpackedLength = 0
  /** The end marker was there. */
  isWhole = false
  /** The input ended before it. */
  isCut = false
  /** Bytes of the chunk that was begun which are still to come. */
  private left = 0

  constructor(private readonly input: StreamInput) {}

  async next(): Promise<Uint8Array> {
    if (this.isWhole || this.isCut) return new Uint8Array(0)
    if (this.left === 0) return this.begin()
    const bytes = (await this.input.peek(1)).subarray(0, Math.min(this.left, PIECE_LENGTH))
    if (bytes.byteLength === 0) this.isCut = true
    this.left -= bytes.byteLength
    return this.use(bytes)
  }

  private async begin(): Promise<Uint8Array> {
    const start = await this.input.peek(6)
    const control = start[0]
    const headerLength = control === 0 ? 1 : control === undefined ? 1 : control < 0x80 ? 3 : control < 0xc0 ? 5 : 6
    if (control === undefined || start.byteLength < headerLength) {
      this.isCut = true
      return new Uint8Array(0)
    }
    const u16 = (at: number): number => (((start[at] ?? 0) << 8) | (start[at + 1] ?? 0)) + 1
    if (control === 0) this.isWhole = true
    else if (control < 0x80) {
      if (control > 2) throw new StreamError('damaged', 'The .xz stream is damaged.')
      this.left = u16(1)
      this.unpackedLength += this.left
    } else {
      this.left = u16(3)
      this.unpackedLength += ((control & 0x1f) << 16) + u16(1)
    }
    return this.use(start.slice(0, headerLength))
  }

  private use(bytes: Uint8Array): Uint8Array {
    this.input.skip(bytes.byteLength)
    this.packedLength += bytes.byteLength
    return bytes
  }
}

const BLOCK_HEADER_LENGTH = 12

/** The header of an .xz stream without checks, and that of its block. */
function streamStart(dictionary: number): Uint8Array {
  const flags = Uint8Array.from([0, 0])
  const block = Uint8Array.from([BLOCK_HEADER_LENGTH / 4 - 1, 0, 0x21, 1, dictionary, 0, 0, 0])
  return Uint8Array.from([
    ...[0xfd, 0x37, 0x7a, 0x58, 0x5a, 0, ...flags, ...u32(crc32(flags))],
    ...[...block, ...u32(crc32(block))],
  ])
}

/** Padding, index and footer. */
function streamEnd(packedLength: number, unpackedLength: number): Uint8Array {
  const padding = new Uint8Array((4 - (packedLength % 4)) % 4)
  const records = [0, 1, ...multibyte(BLOCK_HEADER_LENGTH + packedLength), ...multibyte(unpackedLength)]
  while (records.length % 4 !== 0) records.push(0)
  const index = Uint8Array.from([...records, ...u32(crc32(Uint8Array.from(records)))])
  const backward = Uint8Array.from([...u32(index.byteLength / 4 - 1), 0, 0])
  return Uint8Array.from([...padding, ...index, ...u32(crc32(backward)), ...backward, 0x59, 0x5a])
}

function u32(value: number): number[] {
  return [value & 255, (value >>> 8) & 255, (value >>> 16) & 255, value >>> 24]
}

function multibyte(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80)
  return [...bytes, rest]
}
