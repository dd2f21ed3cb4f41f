import { LzmaDecoder, lzmaProperties } from '../../codecs/lzma'
import { faultOf, FIRST_WINDOW, makeRoom } from '../../codecs/lzma-window'
import { readU32Le, readU64Le } from '../../core/byte-reader'
import { StreamError, type StreamInput, type StreamReport } from '../stream/stream-input'

/** Properties, length of the dictionary, unpacked length (LZMA specification, “lzma file format”). */
const HEADER_LENGTH = 13
const CHUNK_LENGTH = 1 << 20
const PIECE_LENGTH = 64 * 1024
const UNKNOWN = 0xffffffff

export function isLoneLzma(head: Uint8Array): boolean {
  const dictionary = readU32Le(head, 1)
  const isUnknown = readU32Le(head, 5) === UNKNOWN && readU32Le(head, 9) === UNKNOWN
  const isDictionary = dictionary >= 4096 && isUsual(dictionary)
  // Nothing but the first byte is always the same: the length must be possible as well, and the first byte behind.
  return head[0] === 0x5d && isDictionary && (isUnknown || readU64Le(head, 5) < 2 ** 40) && head[HEADER_LENGTH] === 0
}

/** Powers of two, and one and a half of them: the only ones that XZ Utils takes for a dictionary's length, too. */
function isUsual(byteLength: number): boolean {
  const isPower = (number: number): boolean => Number.isInteger(Math.log2(number))
  return isPower(byteLength) || isPower((byteLength / 3) * 2)
}

/** A file of the old LZMA form (`xz --format=lzma`). */
export async function* decodeLoneLzma(input: StreamInput, report: StreamReport): AsyncGenerator<Uint8Array> {
  const header = await input.take(HEADER_LENGTH)
  const properties = lzmaProperties(header[0] ?? 255)
  const isUnknown = readU32Le(header, 5) === UNKNOWN && readU32Le(header, 9) === UNKNOWN
  const byteLength = isUnknown ? Infinity : readU64Le(header, 5)
  const dictionary = Math.min(readU32Le(header, 1), byteLength)
  if (properties === null) throw new StreamError('damaged', 'The LZMA data are damaged.')
  report.begins()
  const decoder = new LzmaDecoder(properties, FIRST_WINDOW)
  try {
    let done = 0
    let isLast = false
    for (let result = 'short'; result !== 'end' && done < byteLength;) {
      makeRoom(decoder, dictionary, CHUNK_LENGTH)
      if (result === 'short' && !isLast) {
        const bytes = (await input.peek(1)).subarray(0, PIECE_LENGTH)
        isLast = bytes.byteLength === 0
        decoder.give(bytes)
        input.skip(bytes.byteLength)
      }
      const from = decoder.at
      const end = from + Math.min(CHUNK_LENGTH, byteLength - done)
      try {
        result = decoder.run(end, isLast)
      } catch (error) {
        const fault = faultOf(error, dictionary, 'The LZMA data are damaged.')
        yield decoder.piece(from)
        if (isLast && fault.kind === 'damaged') throw new StreamError('cut', 'The compressed data end too early.')
        throw fault
      }
      done += decoder.at - from
      if (decoder.at > from) yield decoder.piece(from)
    }
    input.unskip(decoder.rest())
  } finally {
    decoder.release()
  }
}
