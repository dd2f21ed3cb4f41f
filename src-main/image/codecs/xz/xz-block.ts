import { concatenated } from '../../core/copied'
import { StreamInput, type StreamReport } from '../stream-input'
import { xzSteps } from './xz-stream'

/**
 * Unpacks one whole .xz stream that is small enough to be held.
 * @param limit in bytes: a stream that gives more is left there, since it may go on for gigabytes
 * @throws {StreamError} where it does not unpack, or has filters that are not read
 */
export function unpackXz(packed: Uint8Array, limit: number): Uint8Array {
  // Whoever hands in something else has made a mistake, which is not to be told as damage.
  const input = StreamInput.of(packed.subarray(0))
  const parts: Uint8Array[] = []
  let byteLength = 0
  for (const piece of xzSteps(input, STRICT)) {
    if (piece === null) continue
    byteLength += piece.byteLength
    if (byteLength > limit) throw new Error(`it unpacks to more than ${limit} bytes`)
    parts.push(piece)
  }
  const [first] = parts
  return first !== undefined && parts.length === 1 ? first : concatenated(parts)
}

const STRICT: StreamReport = {
  begins: () => undefined,
  suspect: (what) => {
    throw new Error(`it does not give its own ${what}`)
  },
  trailing: () => undefined,
}
