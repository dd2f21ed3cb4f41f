import { decodeXz } from '../codecs/xz/xz-stream'
import { decodeBzip2 } from '../containers/stream/bzip2'
import { decodeGzip } from '../containers/stream/gzip-stream'
import { StreamInput, type StreamReport } from '../containers/stream/stream-input'
import { decodeZstd, isZstdFrame } from '../containers/stream/zstd-stream'
import { concatenated, copied } from '../core/copied'

const SILENT: StreamReport = { begins: () => undefined, suspect: () => undefined, trailing: () => undefined }

/**
 * A file that is packed as a whole (gzip, bzip2, xz, zstd), unpacked in memory; one that is none of these as it is.
 * @param limit greatest length of the answer, in bytes
 * @returns null where it is damaged, or longer
 */
export async function unpackWhole(packed: Uint8Array, limit: number): Promise<Uint8Array | null> {
  const decode = decoderOf(packed)
  if (decode === null) return packed.byteLength > limit ? null : packed
  let pulled = false
  const input = new StreamInput(() => {
    const bytes = pulled ? new Uint8Array(0) : packed
    pulled = true
    return Promise.resolve(bytes)
  })
  const pieces: Uint8Array[] = []
  let byteLength = 0
  try {
    for await (const bytes of decode(input, SILENT)) {
      byteLength += bytes.byteLength
      if (byteLength > limit) return null
      pieces.push(copied(bytes))
    }
  } catch {
    return null
  }
  return concatenated(pieces)
}

function decoderOf(bytes: Uint8Array): typeof decodeGzip | null {
  const [first, second, third] = bytes
  if (first === 0x1f && second === 0x8b) return decodeGzip
  if (first === 0xfd && second === 0x37) return decodeXz
  if (first === 0x42 && second === 0x5a && third === 0x68) return decodeBzip2
  return isZstdFrame(bytes) ? decodeZstd : null
}
