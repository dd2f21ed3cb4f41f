import { decodeBzip2 } from './bzip2'
import { StreamInput } from './stream-input'

const NO_REPORT = { begins: () => undefined, suspect: () => undefined, trailing: () => undefined }

/** A bzip2 stream in memory, as far as `byteLength` bytes. @throws {StreamError} where it is damaged */
export async function unpackBzip2(packed: Uint8Array, byteLength: number): Promise<Uint8Array> {
  let isGiven = false
  const input = new StreamInput(() => {
    const bytes = isGiven ? new Uint8Array(0) : packed
    isGiven = true
    return Promise.resolve(bytes)
  })
  const out = new Uint8Array(byteLength)
  let at = 0
  for await (const bytes of decodeBzip2(input, NO_REPORT)) {
    out.set(bytes.subarray(0, byteLength - at), at)
    at += bytes.byteLength
    if (at >= byteLength) break
  }
  return out.subarray(0, Math.min(at, byteLength))
}
