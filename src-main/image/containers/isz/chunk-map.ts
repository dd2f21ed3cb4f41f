import { doesNotUnpack } from '../blocks/does-not-unpack'
import { inflateSync } from 'node:zlib'
import { packedFault } from '../../codecs/packed-fault'
import type { ByteSource } from '../../core/byte-source'
import type { DiskMap, Run } from '../disk/disk-source'
import { unpackBzip2 } from '../stream/unpack-bzip2'
import { ChunkType, type ChunkTable, type IszHeader } from './header'

const BZIP2_MAGIC = 'BZh'

/** The chunks of an ISZ image. */
export class ChunkMap implements DiskMap {
  /**
   * @param data what is packed, all parts of it one behind the other
   * @param name of the file, for sentences
   */
  constructor(
    private readonly data: ByteSource,
    private readonly name: string,
    private readonly header: IszHeader,
    private readonly table: ChunkTable,
  ) {}

  at(byteOffset: number, byteLength: number): Run {
    const { blockLength } = this.header
    const chunk = Math.floor(byteOffset / blockLength)
    const within = byteOffset - chunk * blockLength
    const length = Math.min(byteLength, blockLength - within)
    const type = this.table.types[chunk]
    const offset = this.table.offsets[chunk] ?? 0
    if (type === ChunkType.zeros) return { kind: 'zeros', byteLength: length }
    // A part that is missing takes what is packed with it.
    if ((this.table.offsets[chunk + 1] ?? 0) > this.data.byteLength) return { kind: 'missing', byteLength: length }
    if (type === ChunkType.stored)
      return { kind: 'stored', byteLength: length, source: this.data, byteOffset: offset + within }
    return { kind: 'packed', byteLength: length, block: chunk, within, unpack: () => this.unpack(chunk, offset) }
  }

  private async unpack(chunk: number, offset: number): Promise<Uint8Array> {
    const { blockLength, byteLength } = this.header
    const wanted = Math.min(blockLength, byteLength - chunk * blockLength)
    const packedLength = (this.table.offsets[chunk + 1] ?? 0) - offset
    let bytes: Uint8Array | null = null
    let cause: unknown = null
    // Nothing is packed to more than it was.
    const packed = packedLength <= blockLength * 2 ? await this.data.read(offset, packedLength) : new Uint8Array(0)
    try {
      if (this.table.types[chunk] === ChunkType.zlib) bytes = inflateSync(packed, { maxOutputLength: blockLength })
      else {
        // The beginning of such a stream is written over, too.
        const stream = Uint8Array.from(packed)
        stream.set(Buffer.from(BZIP2_MAGIC).subarray(0, stream.byteLength))
        bytes = await unpackBzip2(stream, wanted)
      }
    } catch (error) {
      cause = packedFault(error)
    }
    if (bytes === null || bytes.byteLength < wanted) throw doesNotUnpack(this.name, `its chunk ${chunk}`, cause)
    return bytes
  }
}
