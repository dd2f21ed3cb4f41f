import { LostMatchError, type LzmaDecoder } from './lzma'
import { StreamError } from './stream-input'

/** As far back as matches are followed, in bytes: with all that is held besides, within 400 MB. */
const DICTIONARY_LIMIT = 192 << 20
/** What is unpacked before the window moves on, in bytes, since moving it copies a whole dictionary. */
const SLACK = 16 << 20
/** The window that a stream of unknown length begins with, in bytes. */
export const FIRST_WINDOW = 4 << 20
const GROWTH = 4

/**
 * Makes room for more in a decoder's window, which is as large as what was unpacked asks for, whatever the stream says of
 * its dictionary: `xz --lzma2=dict=1GiB` packs a few bytes as well.
 * @param dictionary as recorded, in bytes
 * @param room in bytes, at most {@link FIRST_WINDOW}
 */
export function makeRoom(decoder: LzmaDecoder, dictionary: number, room: number): void {
  const length = decoder.windowLength
  if (decoder.at + room <= length) return
  const kept = Math.min(dictionary, DICTIONARY_LIMIT)
  // Little is moved of a short one, and what is used again soon is near at hand.
  const full = kept + Math.max(FIRST_WINDOW, Math.min(kept, SLACK))
  if (length < full) decoder.grow(Math.min(full, length * GROWTH))
  else decoder.slide(kept)
  makeRoom(decoder, dictionary, room)
}

/** What a decoder's `RangeError` says of the stream: it may be that more memory would have helped. */
export function faultOf(error: unknown, dictionary: number, damaged: string): StreamError {
  if (!(error instanceof RangeError)) throw error
  if (error instanceof LostMatchError && dictionary > DICTIONARY_LIMIT)
    return new StreamError(
      'unsupported',
      `It needs ${Math.ceil(dictionary / 2 ** 20)} MiB of memory to be unpacked, more than is given to one file.`,
    )
  return new StreamError('damaged', damaged)
}
