import { doesNotUnpack } from '../blocks/does-not-unpack'
import { inflateSync } from 'node:zlib'
import { packedFault } from '../../codecs/packed-fault'
import { ByteReader } from '../../core/byte-reader'
import type { SourceError } from '../../core/byte-source'
import { type ByteSource, type MaybePromise } from '../../core/byte-source'
import { sureIf } from '../../core/likelihood'
import { andThen } from '../../core/maybe-promise'
import type { Container } from '../container'
import { DiskSource, type DiskMap, type Run } from '../disk/disk-source'
import { TablePieces } from '../disk/table-pieces'
import { adler32 } from './adler32'

const MAGIC = 0xb10bc001
const HEADER_LENGTH = 32
/** Dolphin offers 2 KiB to 2 MiB; a block is unpacked whole. */
const BLOCK_LIMIT = 16 << 20
/** Set in the upper half of a block's offset: it lies there as it is. */
const STORED = 0x8000_0000

/** Blocks of one length, packed by zlib where that is shorter, as Dolphin packs GameCube and Wii discs. */
export const gcz: Container = {
  id: 'gcz',
  probe: ({ head }) => sureIf(head.byteLength >= HEADER_LENGTH && new ByteReader(head).u32Le(0) === MAGIC),
  open: async (source, { name }) => {
    const header = new ByteReader(await source.read(0, HEADER_LENGTH))
    if (!header.has(0, HEADER_LENGTH)) return null
    const packedLength = header.u64Le(8)
    const byteLength = header.u64Le(16)
    const blockLength = header.u32Le(24)
    const blockCount = header.u32Le(28)
    const tablesEnd = HEADER_LENGTH + blockCount * 12
    const isPossible =
      byteLength > 0 &&
      blockLength > 0 &&
      blockLength <= BLOCK_LIMIT &&
      Math.ceil(byteLength / blockLength) === blockCount &&
      tablesEnd <= source.byteLength
    if (!isPossible) return null
    const map = new BlockMap(source, name, { byteLength, blockLength, blockCount, packedLength })
    return {
      blocks: new DiskSource(name, byteLength, map, [source], true),
      labels: ['gcz'],
      name: name.replace(/\.gcz$/i, ''),
    }
  },
}

/** The header's numbers; lengths in bytes. */
interface Shape {
  byteLength: number
  blockLength: number
  blockCount: number
  /** Of all packed blocks together: where the last one ends. */
  packedLength: number
}

/** A table of offsets, each from the end of the tables, and behind it one of Adler-32 sums of the blocks as they lie there. */
class BlockMap implements DiskMap {
  private readonly tables: TablePieces
  private readonly dataOffset: number

  constructor(
    private readonly file: ByteSource,
    private readonly name: string,
    private readonly shape: Shape,
  ) {
    this.tables = new TablePieces(file, name)
    this.dataOffset = HEADER_LENGTH + shape.blockCount * 12
  }

  at(byteOffset: number, byteLength: number): Run {
    const { blockLength } = this.shape
    const block = Math.floor(byteOffset / blockLength)
    const within = byteOffset - block * blockLength
    const length = Math.min(byteLength, blockLength - within)
    return { kind: 'packed', byteLength: length, block, within, unpack: () => this.unpack(block) }
  }

  /** Where a block begins, from the end of the tables, and whether it is packed. */
  private start(block: number): MaybePromise<{ place: number; isStored: boolean }> {
    if (block >= this.shape.blockCount) return { place: this.shape.packedLength, isStored: false }
    return andThen(this.tables.at(HEADER_LENGTH + block * 8, 8), (entry) => {
      const upper = entry.u32Le(4)
      const isStored = upper >= STORED
      return { place: (isStored ? upper - STORED : upper) * 2 ** 32 + entry.u32Le(0), isStored }
    })
  }

  private unpack(block: number): MaybePromise<Uint8Array> {
    const { blockCount, blockLength } = this.shape
    return andThen(this.start(block), ({ place, isStored }) =>
      andThen(this.start(block + 1), (next) => {
        const length = next.place - place
        const begin = this.dataOffset + place
        // What is packed is never longer than the block, or it would lie there as it is.
        if (length <= 0 || length > blockLength || begin >= this.file.byteLength) throw this.damaged(block)
        return andThen(this.tables.at(HEADER_LENGTH + blockCount * 8 + block * 4, 4), (sum) =>
          andThen(this.file.read(begin, length), (bytes) => this.checked(block, bytes, length, sum.u32Le(0), isStored)),
        )
      }),
    )
  }

  private checked(block: number, bytes: Uint8Array, length: number, sum: number, isStored: boolean): Uint8Array {
    const { byteLength, blockLength } = this.shape
    if (bytes.byteLength < length || adler32(bytes) !== sum) throw this.damaged(block)
    const wanted = Math.min(blockLength, byteLength - block * blockLength)
    let unpacked: Uint8Array = bytes
    if (!isStored) {
      try {
        unpacked = inflateSync(bytes, { maxOutputLength: blockLength })
      } catch (error) {
        throw this.damaged(block, packedFault(error))
      }
    }
    if (unpacked.byteLength < wanted) throw this.damaged(block)
    return unpacked
  }

  private damaged(block: number, cause?: unknown): SourceError {
    return doesNotUnpack(this.name, `its block ${block}`, cause)
  }
}
