import { inflateRawSync, zstdDecompressSync } from 'node:zlib'
import { decodeLz4Block } from '../../codecs/lz4'
import { unpackMicroLzma } from '../../codecs/lzma'
import { packedFault } from '../../codecs/packed-fault'
import { SourceError } from '../../core/byte-source'

/** No extent is longer (`Z_EROFS_PCLUSTER_MAX_DSIZE` is 12 MiB). */
export const EXTENT_LIMIT = 16 << 20

/** Unpacks the beginning of an extent, or all of it. */
type Unpack = (packed: Uint8Array, byteLength: number) => Uint8Array

/** `Z_EROFS_COMPRESSION_…`, by number. */
const UNPACKERS: readonly [name: string, unpack: Unpack][] = [
  ['LZ4', unpackLz4Beginning],
  ['LZMA', unpackMicroLzma],
  ['DEFLATE', (packed) => inflateRawSync(packed, { maxOutputLength: EXTENT_LIMIT })],
  ['zstd', (packed) => zstdDecompressSync(packed, { maxOutputLength: EXTENT_LIMIT })],
]

function unpackLz4Beginning(packed: Uint8Array, byteLength: number): Uint8Array {
  const bytes = decodeLz4Block(packed, byteLength, true)
  if (bytes === null) throw new RangeError('not an LZ4 block')
  return bytes
}

/**
 * Unpacks an extent of a file to `byteLength` bytes, which may be fewer than it holds.
 * @param isPadded zeros lie in front of what is packed
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export function unpackExtent(algorithm: number, packed: Uint8Array, byteLength: number, isPadded: boolean): Uint8Array {
  const [name, unpack] = UNPACKERS[algorithm] ?? []
  if (name === undefined || unpack === undefined)
    throw new SourceError('CONTENT_DAMAGED', 'An extent of a file is packed in a way that there is not.')
  const from = isPadded ? packed.findIndex((byte) => byte !== 0) : 0
  let bytes: Uint8Array
  try {
    if (from < 0) throw new RangeError('it is empty')
    bytes = unpack(packed.subarray(from), byteLength)
    if (bytes.byteLength < byteLength) throw new RangeError('it is too short')
  } catch (error) {
    const cause = packedFault(error)
    const message = `An extent that ${name} has packed does not unpack (${cause.message}).`
    throw new SourceError('CONTENT_DAMAGED', message, { cause })
  }
  return bytes.subarray(0, byteLength)
}
