import { inflateSync, zstdDecompressSync } from 'node:zlib'
import { unpackLoneLzma } from '../../codecs/lone-lzma-block'
import { unpackLz4 } from '../../codecs/lz4'
import { unpackLzo } from '../../codecs/lzo'
import { packedFault } from '../../codecs/packed-fault'
import { StreamError } from '../../codecs/stream-input'
import { unpackXz } from '../../codecs/xz/xz-block'
import { SourceError, type MaybePromise } from '../../core/byte-source'

/** `squashfs_super_block.compression`, by number. */
const NAMES: Record<number, string> = { 1: 'gzip', 2: 'LZMA', 3: 'LZO', 4: 'xz', 5: 'LZ4', 6: 'zstd' }

/** Unpacks one block to at most `limit` bytes. */
export type Unpack = (packed: Uint8Array, limit: number) => MaybePromise<Uint8Array>

const UNPACKERS: Record<number, Unpack> = {
  1: (packed, limit) => inflateSync(packed, { maxOutputLength: limit }),
  // squashfs-tools, lzma_wrapper.c: Linux itself never mounted these.
  2: (packed, limit) => unpackLoneLzma(packed, limit),
  3: (packed, limit) => unpackLzo(packed, limit),
  4: (packed, limit) => unpackXz(packed, limit),
  // A block does not say how long it is: it ends with its input.
  5: (packed, limit) => unpackLz4(packed, limit),
  6: (packed, limit) => zstdDecompressSync(packed, { maxOutputLength: limit }),
}

export function compressorName(id: number): string {
  return NAMES[id] ?? `compressor ${id}`
}

/** Null for a way of compressing that is not read. */
export function unpackerOf(id: number): Unpack | null {
  const unpack = UNPACKERS[id]
  if (unpack === undefined) return null
  return async (packed, limit) => {
    let bytes: Uint8Array
    try {
      bytes = await unpack(packed, limit)
    } catch (error) {
      const cause = packedFault(error)
      if (error instanceof StreamError && error.kind === 'unsupported')
        throw new SourceError('UNSUPPORTED_CONTAINER', `A block cannot be unpacked. ${error.message}`, { cause })
      const message = `A block that ${compressorName(id)} has packed does not unpack (${cause.message}).`
      throw new SourceError('CONTENT_DAMAGED', message, { cause })
    }
    if (bytes.byteLength > limit) throw new SourceError('CONTENT_DAMAGED', 'A packed block unpacks to too much.')
    return bytes
  }
}
