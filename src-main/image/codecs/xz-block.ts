import { concatenated, copied } from '../core/copied'
import { xzStream } from './xz-library'

/** One less than there are filters. */
const FILTER_COUNT = 3

/**
 * Unpacks one whole .xz stream that is small enough to be held.
 * @param limit in bytes: a stream that gives more is left there, since it may go on for gigabytes
 * @throws the library's error where it does not unpack, or has filters that are not read
 */
export async function unpackXz(packed: Uint8Array, limit: number): Promise<Uint8Array> {
  // The .xz file format 3.1.2: behind the stream's header of twelve bytes come the first block's length and flags.
  if (((packed[13] ?? 0) & FILTER_COUNT) > 0) throw new Error('it has a filter besides LZMA2')
  const stream = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(packed)
      controller.close()
    },
  })
  const parts: Uint8Array[] = []
  let byteLength = 0
  const reader = (await xzStream(stream)).getReader()
  for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
    parts.push(copied(piece.value))
    byteLength += piece.value.byteLength
    if (byteLength > limit) {
      await reader.cancel()
      throw new Error(`it unpacks to more than ${limit} bytes`)
    }
  }
  return concatenated(parts)
}
