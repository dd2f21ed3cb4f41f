import { readU16Be } from '../../core/byte-reader'
import { LzmaDecoder, lzmaProperties } from '../lzma'
import { faultOf, FIRST_WINDOW, makeRoom } from '../lzma-window'
import { StreamError, type StreamInput, type Steps } from '../stream-input'

const DAMAGED = 'The .xz stream is damaged.'
/** Literal context and position together; more is LZMA's, not LZMA2's. */
const LITERAL_LIMIT = 4

/** What a chunk begins with (.xz format 5.3.1; XZ Utils, `lzma2_decoder.c`). */
interface Chunk {
  headerLength: number
  /** What of the decoder's is as at the beginning. */
  resets: 'nothing' | 'state' | 'properties'
  resetsDictionary: boolean
  /** In bytes; of one that is stored, both are the same. */
  packedLength: number
  byteLength: number
  isStored: boolean
}

/**
 * LZMA2 data, from the input’s position up to their end marker, unpacked, with no more memory than what was unpacked takes.
 * @param dictionary the filter’s properties: the size of the dictionary
 * @throws {StreamError} `unsupported` where a match reaches back further than memory is given
 */
export function* decodeLzma2(input: StreamInput, dictionary: number): Steps {
  const most = { literalContext: LITERAL_LIMIT, literalPosition: 0, position: 0 }
  const decoder = new LzmaDecoder(most, FIRST_WINDOW)
  try {
    yield* decodeChunks(input, dictionaryLength(dictionary), decoder)
  } finally {
    decoder.release()
  }
}

/** .xz format 5.3.1: 2 or 3, and a power of two; the largest is 4 GiB less one. */
function dictionaryLength(properties: number): number {
  return Math.min(2 ** 32 - 1, (2 | (properties & 1)) * 2 ** ((properties >> 1) + 11))
}

function* decodeChunks(input: StreamInput, dictionary: number, decoder: LzmaDecoder): Steps {
  // What comes first must set everything: there is nothing to go on with.
  let needs: Chunk['resets'] = 'properties'
  for (let isFirst = true; ; isFirst = false) {
    const start = yield* input.peekSteps(6)
    if (start[0] === 0) {
      input.skip(1)
      return
    }
    const chunk = readChunk(start)
    if (isFirst && !chunk.resetsDictionary) throw new StreamError('damaged', DAMAGED)
    const properties = start[5] ?? 255
    input.skip(chunk.headerLength)
    const bytes = (yield* input.peekSteps(chunk.packedLength)).subarray(0, chunk.packedLength)
    input.skip(bytes.byteLength)
    if (chunk.resetsDictionary) decoder.resetDictionary()
    makeRoom(decoder, dictionary, chunk.byteLength)
    if (chunk.isStored) {
      if (chunk.resetsDictionary) needs = 'properties'
      yield* stored(decoder, bytes)
    } else {
      if (rankOf(chunk.resets) < rankOf(needs)) throw new StreamError('damaged', DAMAGED)
      needs = 'nothing'
      if (chunk.resets === 'state') decoder.resetState()
      if (chunk.resets === 'properties') decoder.setProperties(propertiesIn(properties))
      yield* unpacked(decoder, bytes, chunk, dictionary)
    }
    if (bytes.byteLength < chunk.packedLength) throw new StreamError('cut', 'The compressed data end too early.')
  }
}

function* stored(decoder: LzmaDecoder, bytes: Uint8Array): Steps {
  const from = decoder.at
  decoder.put(bytes)
  if (bytes.byteLength > 0) yield decoder.piece(from)
}

/** One chunk, or what there is of it; what it gives before it turns out to be damaged is given too. */
function* unpacked(decoder: LzmaDecoder, bytes: Uint8Array, chunk: Chunk, dictionary: number): Steps {
  const from = decoder.at
  const isWhole = bytes.byteLength === chunk.packedLength
  decoder.restart(bytes)
  let fault: StreamError | null = null
  try {
    const result = decoder.run(from + chunk.byteLength, isWhole)
    const isSound = result === 'full' ? !isWhole || decoder.isDone() : result === 'short'
    if (!isSound) fault = new StreamError('damaged', DAMAGED)
  } catch (error) {
    fault = faultOf(error, dictionary, DAMAGED)
  }
  if (decoder.at > from) yield decoder.piece(from)
  if (fault !== null) throw fault
}

/** @throws {StreamError} where there is none, or none that can be */
function readChunk(start: Uint8Array): Chunk {
  const control = start[0]
  if (control === undefined) throw new StreamError('cut', 'The compressed data end too early.')
  if (control > 2 && control < 0x80) throw new StreamError('damaged', DAMAGED)
  const isStored = control < 0x80
  const headerLength = isStored ? 3 : control < 0xc0 ? 5 : 6
  if (start.byteLength < headerLength) throw new StreamError('cut', 'The compressed data end too early.')
  const low = readU16Be(start, 1) + 1
  return {
    headerLength,
    resets: control < 0xa0 ? 'nothing' : control < 0xc0 ? 'state' : 'properties',
    resetsDictionary: control === 1 || control >= 0xe0,
    packedLength: isStored ? low : readU16Be(start, 3) + 1,
    byteLength: isStored ? low : ((control & 0x1f) << 16) + low,
    isStored,
  }
}

function rankOf(resets: Chunk['resets']): number {
  return ['nothing', 'state', 'properties'].indexOf(resets)
}

function propertiesIn(byte: number): Parameters<LzmaDecoder['setProperties']>[0] {
  const properties = lzmaProperties(byte)
  if (properties === null || properties.literalContext + properties.literalPosition > LITERAL_LIMIT)
    throw new StreamError('damaged', DAMAGED)
  return properties
}
