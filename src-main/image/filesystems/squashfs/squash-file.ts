import type { Unpacker } from '../../codecs/unpackers'
import { EqualBlocks } from '../../core/equal-blocks'
import { SourceError, type ByteSource, type ContentBlocks, type MaybePromise } from '../../core/byte-source'
import { ContentBlockList } from '../../core/content-blocks'
import type { Unpack } from './compressors'
import type { InodeFile } from './inode'
import { DATA_STORED_BIT } from './metadata'

const LENGTH_MASK = DATA_STORED_BIT - 1

/** Where a fragment lies: the ends of several files, packed together. */
export interface Fragment {
  byteOffset: number
  /** As recorded: packed length, with `DATA_STORED_BIT` where it is not packed. */
  size: number
}

/** How the blocks of a volume are had, for all of its files. */
export interface BlockReader {
  volume: ByteSource
  unpack: Unpack
  unpacker: Unpacker
  blockLength: number
  /** The packed lengths of a file's blocks. */
  blockSizes(file: InodeFile): MaybePromise<Uint32Array>
  /** The unpacked bytes of a fragment; kept, since neighbours share it. */
  fragment(at: Fragment): MaybePromise<Uint8Array>
}

interface FileBlocks {
  sizes: Uint32Array
  /** Where each begins, in bytes of the volume. */
  starts: Float64Array
}

export function packedLength(size: number): number {
  return size & LENGTH_MASK
}

/** Reads and unpacks one block. @throws {SourceError} `CONTENT_DAMAGED` */
export async function readBlock(
  { volume, unpack, blockLength }: BlockReader,
  byteOffset: number,
  size: number,
): Promise<Uint8Array> {
  const length = packedLength(size)
  const bytes = await volume.read(byteOffset, length)
  if (bytes.byteLength < length) throw new SourceError('CONTENT_DAMAGED', 'A packed block is cut short.')
  return (size & DATA_STORED_BIT) !== 0 ? bytes : unpack(bytes, blockLength)
}

/** A file of a SquashFS: blocks one behind the other, and its end in a fragment. */
export class SquashFile implements ByteSource {
  private blocks: Promise<FileBlocks> | null = null
  private readonly unpacked: EqualBlocks

  constructor(
    private readonly reader: BlockReader,
    private readonly file: InodeFile,
    private readonly end: Fragment | null,
    readonly byteLength: number,
  ) {
    this.unpacked = new EqualBlocks(byteLength, reader.blockLength, (index, length) => this.block(index, length))
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.unpacked.read(byteOffset, byteLength)
  }

  locate(): null {
    return null
  }

  async contentBlocks(): Promise<ContentBlocks | null> {
    const { sizes, starts } = await (this.blocks ??= this.readBlocks())
    const { volume, unpacker, blockLength } = this.reader
    const list = new ContentBlockList()
    let done = 0
    for (let index = 0; index < sizes.length && done < this.byteLength; index++) {
      const size = sizes[index] ?? 0
      const take = Math.min(blockLength, this.byteLength - done)
      if (packedLength(size) === 0) list.addZeros(take)
      else list.add(starts[index] ?? 0, packedLength(size), (size & DATA_STORED_BIT) === 0, blockLength, 0, take)
      done += take
    }
    if (done < this.byteLength) {
      const { end } = this
      if (end === null) return null
      const isPacked = (end.size & DATA_STORED_BIT) === 0
      const { fragmentOffset } = this.file
      list.add(end.byteOffset, packedLength(end.size), isPacked, blockLength, fragmentOffset, this.byteLength - done)
    }
    return list.in(volume, unpacker)
  }

  close(): void {
    // The blocks belong to the volume.
  }

  private async readBlocks(): Promise<FileBlocks> {
    const sizes = await this.reader.blockSizes(this.file)
    const starts = new Float64Array(sizes.length)
    let start = this.file.start
    for (const [index, size] of sizes.entries()) {
      starts[index] = start
      start += packedLength(size)
    }
    return { sizes, starts }
  }

  private async block(index: number, length: number): Promise<Uint8Array> {
    const { fragmentOffset } = this.file
    const { sizes, starts } = await (this.blocks ??= this.readBlocks())
    let bytes: Uint8Array
    const size = sizes[index]
    if (size === undefined) {
      if (this.end === null) throw new SourceError('CONTENT_DAMAGED', 'A file is longer than its blocks.')
      bytes = (await this.reader.fragment(this.end)).subarray(fragmentOffset, fragmentOffset + length)
    } else {
      // A block without bytes is one of zeros.
      bytes = packedLength(size) === 0 ? new Uint8Array(length) : await readBlock(this.reader, starts[index] ?? 0, size)
    }
    if (bytes.byteLength < length) throw new SourceError('CONTENT_DAMAGED', 'A packed block unpacks too short.')
    return bytes.subarray(0, length)
  }
}
