import { doesNotUnpack } from '../blocks/does-not-unpack'
import { inflateSync } from 'node:zlib'
import { because } from '../../../../src-shared/model'
import { decodeAdc } from '../../codecs/adc'
import { decodeLzfse } from '../../codecs/lzfse'
import { packedFault } from '../../codecs/packed-fault'
import { unpackXz } from '../../codecs/xz/xz-block'
import { SourceError, type ByteSource, type Place } from '../../core/byte-source'
import { pushRun } from '../../core/content-runs'
import type { PackedBlocks } from '../../core/packed-blocks'
import { PromiseCache } from '../../core/promise-cache'
import { unpackBzip2 } from '../stream/unpack-bzip2'
import { ChunkType, type Chunk } from './block-table'

/** Unpacked chunks that are kept: neighbours are asked for by turns. */
const KEPT_CHUNKS = 4
/** No writer makes larger ones; a table that says so would fill the memory. */
export const CHUNK_BYTES_LIMIT = 64 << 20

/** The sectors of a disk, each run stored or packed by itself. What no chunk covers is zeros, if all chunks are known. */
export class ChunkSource implements PackedBlocks {
  readonly hasBlockSums = false
  private readonly kept = new PromiseCache<Chunk, Uint8Array>(KEPT_CHUNKS)

  /**
   * @param name of the file, for sentences
   * @param chunks by address
   */
  constructor(
    private readonly file: ByteSource,
    private readonly name: string,
    private readonly chunks: readonly Chunk[],
    private readonly isWhole: boolean,
    readonly byteLength: number,
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = new Uint8Array(wanted)
    const end = byteOffset + wanted
    let covered = byteOffset
    for (let index = this.firstAt(byteOffset); index < this.chunks.length; index++) {
      const chunk = this.chunks[index]
      if (chunk === undefined || chunk.start >= end) break
      const from = Math.max(byteOffset, chunk.start)
      const to = Math.min(end, chunk.start + chunk.byteLength)
      if (from > covered) this.assertZeros()
      covered = to
      if (chunk.type === ChunkType.zeros || chunk.type === ChunkType.unused) continue
      const within = from - chunk.start
      const bytes =
        chunk.type === ChunkType.stored
          ? await this.file.read(chunk.storedOffset + within, to - from)
          : (await this.kept.get(chunk, () => this.unpack(chunk))).subarray(within, within + to - from)
      if (bytes.byteLength < to - from)
        throw new SourceError(
          'CONTENT_DAMAGED',
          `“${this.name}” ends before its last block: it was not copied in full.`,
          { details: because('endsEarly', { name: this.name }) },
        )
      out.set(bytes, from - byteOffset)
    }
    if (covered < end) this.assertZeros()
    return out
  }

  /** What lies between the chunks. @throws {SourceError} where there may be chunks that are not known */
  private assertZeros(): void {
    if (!this.isWhole)
      throw new SourceError(
        'CONTENT_DAMAGED',
        `“${this.name}” is damaged: its table does not say where this part of the disk is.`,
      )
  }

  locate(byteOffset: number, byteLength: number): Place | null {
    const chunk = this.chunks[this.firstAt(byteOffset)]
    if (chunk?.type !== ChunkType.stored || byteOffset < chunk.start) return null
    const within = byteOffset - chunk.start
    return this.file.locate(chunk.storedOffset + within, Math.min(byteLength, chunk.byteLength - within))
  }

  packedRanges(): Promise<number[]> {
    const ranges: number[] = []
    const { zeros, unused, stored } = ChunkType
    for (const { type, start, byteLength } of this.chunks)
      if (type !== zeros && type !== unused && type !== stored) pushRun(ranges, start, byteLength)
    return Promise.resolve(ranges)
  }

  close(): void | Promise<void> {
    return this.file.close()
  }

  /** The first chunk that ends behind `byteOffset`. */
  private firstAt(byteOffset: number): number {
    let low = 0
    let high = this.chunks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const chunk = this.chunks[middle]
      if (chunk !== undefined && chunk.start + chunk.byteLength <= byteOffset) low = middle + 1
      else high = middle
    }
    return low
  }

  private async unpack({ type, byteLength, storedOffset, storedLength }: Chunk): Promise<Uint8Array> {
    const packed = await this.file.read(storedOffset, storedLength)
    let bytes: Uint8Array | null = null
    let cause: unknown = null
    try {
      if (type === ChunkType.zlib) bytes = inflateSync(packed, { maxOutputLength: byteLength })
      else if (type === ChunkType.adc) bytes = decodeAdc(packed, byteLength)
      else if (type === ChunkType.lzfse) bytes = decodeLzfse(packed, byteLength)
      else if (type === ChunkType.bzip2) bytes = await unpackBzip2(packed, byteLength)
      else if (type === ChunkType.xz) bytes = unpackXz(packed, byteLength)
    } catch (error) {
      cause = packedFault(error)
    }
    if (bytes === null || bytes.byteLength < byteLength) throw doesNotUnpack(this.name, 'a block of it', cause)
    return bytes
  }
}
