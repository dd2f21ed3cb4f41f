import { concatenated, copied } from '../../core/copied'
import { StreamInput, type StreamReport } from '../stream-input'
import { decodeXz } from './xz-stream'

/**
 * Unpacks one whole .xz stream that is small enough to be held.
 * @param limit in bytes: a stream that gives more is left there, since it may go on for gigabytes
 * @throws {StreamError} where it does not unpack, or has filters that are not read
 */
export async function unpackXz(packed: Uint8Array, limit: number): Promise<Uint8Array> {
  // Whoever hands in something else has made a mistake, which is not to be told as damage.
  let rest = packed.subarray(0)
  const input = new StreamInput(() => {
    const bytes = rest
    rest = new Uint8Array(0)
    return Promise.resolve(bytes)
  })
  const parts: Uint8Array[] = []
  let byteLength = 0
  for await (const piece of decodeXz(input, STRICT)) {
    byteLength += piece.byteLength
    if (byteLength > limit) throw new Error(`it unpacks to more than ${limit} bytes`)
    parts.push(copied(piece))
  }
  return concatenated(parts)
}

const STRICT: StreamReport = {
  begins: () => undefined,
  suspect: (what) => {
    throw new Error(`it does not give its own ${what}`)
  },
  trailing: () => undefined,
}
