import { LzmaDecoder, lzmaProperties } from '../../codecs/lzma'
import { readU32Le, readU64Le } from '../../core/byte-reader'
import { StreamError, type StreamInput, type StreamReport } from '../stream/stream-input'

/** Properties, length of the dictionary, unpacked length (LZMA specification, “lzma file format”). */
const HEADER_LENGTH = 13
const CHUNK_LENGTH = 1 << 20
const PIECE_LENGTH = 64 * 1024
/** `xz -9` takes 64 MiB; more is not given to a file. */
const DICTIONARY_LIMIT = 128 << 20
const UNKNOWN = 0xffffffff

export function isLoneLzma(head: Uint8Array): boolean {
  const dictionary = readU32Le(head, 1)
  const isUnknown = readU32Le(head, 5) === UNKNOWN && readU32Le(head, 9) === UNKNOWN
  const isDictionary = dictionary >= 4096 && (dictionary & (dictionary - 1)) === 0
  // Nothing but the first byte is always the same: the length must be possible as well, and the first byte behind.
  return head[0] === 0x5d && isDictionary && (isUnknown || readU64Le(head, 5) < 2 ** 40) && head[HEADER_LENGTH] === 0
}

/** A file of the old LZMA form (`xz --format=lzma`). */
export async function* decodeLoneLzma(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  const header = await input.take(HEADER_LENGTH)
  const properties = lzmaProperties(header[0] ?? 255)
  const isUnknown = readU32Le(header, 5) === UNKNOWN && readU32Le(header, 9) === UNKNOWN
  const byteLength = isUnknown ? Infinity : readU64Le(header, 5)
  const dictionary = Math.min(readU32Le(header, 1), byteLength)
  if (properties === null) throw new StreamError('damaged', 'The LZMA data are damaged.')
  if (dictionary > DICTIONARY_LIMIT)
    throw new StreamError('unsupported', 'The LZMA data need more memory than is given to them.')
  report.begins()
  const windowLength = dictionary + CHUNK_LENGTH
  const decoder = new LzmaDecoder(properties, new Uint8Array(windowLength))
  const window = decoder.window
  let done = 0
  let isLast = false
  for (let result = 'short'; result !== 'end' && done < byteLength;) {
    if (decoder.at === windowLength) decoder.slide(dictionary)
    if (result === 'short' && !isLast) {
      const bytes = (await input.peek(1)).subarray(0, PIECE_LENGTH)
      isLast = bytes.byteLength === 0
      decoder.give(bytes)
      input.skip(bytes.byteLength)
    }
    const from = decoder.at
    const end = Math.min(windowLength, from + CHUNK_LENGTH, from + byteLength - done)
    try {
      result = decoder.run(end, isLast)
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      yield window.subarray(from, decoder.at)
      if (isLast) throw new StreamError('cut', 'The compressed data end too early.')
      throw new StreamError('damaged', 'The LZMA data are damaged.')
    }
    done += decoder.at - from
    if (decoder.at > from) yield window.subarray(from, decoder.at)
  }
  input.unskip(decoder.rest())
}
