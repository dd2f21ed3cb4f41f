import { readU16Be } from '../../core/byte-reader'
import { LzmaDecoder, lzmaProperties } from '../lzma'
import { faultOf, firstWindow, makeRoom } from '../lzma-window'
import { StreamError, type StreamInput } from '../stream-input'

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
 * LZMA2 data whose dictionary is longer than the library has memory for. Slower than the library, and with no more memory
 * than what was unpacked takes.
 * @param dictionary in bytes
 * @throws {StreamError} `unsupported` where a match reaches back further than memory is given
 */
export async function* decodeLarge(input: StreamInput, dictionary: number): AsyncGenerator<Uint8Array> {
  const decoder = new LzmaDecoder({ literalContext: 0, literalPosition: 0, position: 0 }, firstWindow())
  // What comes first must set everything: there is nothing to go on with.
  let needs: Chunk['resets'] = 'properties'
  for (let isFirst = true; ; isFirst = false) {
    const start = await input.peek(6)
    if (start[0] === 0) {
      input.skip(1)
      return
    }
    const chunk = readChunk(start)
    if (isFirst && !chunk.resetsDictionary) throw new StreamError('damaged', DAMAGED)
    const header = await input.take(chunk.headerLength)
    const bytes = await input.take(chunk.packedLength)
    if (chunk.resetsDictionary) decoder.resetDictionary()
    makeRoom(decoder, dictionary, chunk.byteLength)
    const from = decoder.at
    if (chunk.isStored) decoder.put(bytes)
    else {
      if (rankOf(chunk.resets) < rankOf(needs)) throw new StreamError('damaged', DAMAGED)
      needs = 'nothing'
      if (chunk.resets === 'state') decoder.resetState()
      if (chunk.resets === 'properties') decoder.setProperties(propertiesIn(header[5] ?? 255))
      yield* unpacked(decoder, bytes, chunk.byteLength, dictionary)
    }
    if (chunk.isStored) {
      if (chunk.resetsDictionary) needs = 'properties'
      yield decoder.window.subarray(from, decoder.at)
    }
  }
}

/** One chunk; what it gives before it turns out to be damaged is given too. */
function* unpacked(
  decoder: LzmaDecoder,
  bytes: Uint8Array,
  byteLength: number,
  dictionary: number,
): Generator<Uint8Array> {
  const from = decoder.at
  decoder.restart(bytes)
  let fault: StreamError | null = null
  try {
    const isWhole = decoder.run(from + byteLength, true) === 'full' && decoder.isDone()
    if (!isWhole) fault = new StreamError('damaged', DAMAGED)
  } catch (error) {
    fault = faultOf(error, dictionary, DAMAGED)
  }
  if (decoder.at > from) yield decoder.window.subarray(from, decoder.at)
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
