import { packedFault } from '../../codecs/packed-fault'
import { StreamError } from '../../codecs/stream-input'
import type { UnpackBlock, Unpacker } from '../../codecs/unpackers'
import { SourceError } from '../../core/byte-source'

/** `squashfs_super_block.compression`, by number. */
const NAMES: Record<number, string> = { 1: 'gzip', 2: 'LZMA', 3: 'LZO', 4: 'xz', 5: 'LZ4', 6: 'zstd' }

/** Unpacks one block to at most `limit` bytes. */
export type Unpack = (packed: Uint8Array, limit: number) => Promise<Uint8Array>

const UNPACKERS: Record<number, Unpacker['id']> = { 1: 'gzip', 2: 'lzma', 3: 'lzo', 4: 'xz', 5: 'lz4', 6: 'zstd' }

export function compressorName(id: number): string {
  return NAMES[id] ?? `compressor ${id}`
}

/** How the blocks of a volume are packed. */
export interface Compressor {
  unpack: Unpack
  unpacker: Unpacker
}

/** Null for a way of compressing that is not read. */
export function compressorOf(id: number, unpackBlock: UnpackBlock): Compressor | null {
  const way = UNPACKERS[id]
  if (way === undefined) return null
  const unpacker: Unpacker = { id: way, blockLength: 0 }
  const unpack: Unpack = async (packed, limit) => {
    let bytes: Uint8Array
    try {
      bytes = await unpackBlock(unpacker, packed, limit)
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
  return { unpack, unpacker }
}
