import { readU16Le, readU32Le } from '../../core/byte-reader'
import { SourceError, type ByteSource, type MaybePromise } from '../../core/byte-source'
import { concatenated } from '../../core/copied'
import { PromiseCache } from '../../core/promise-cache'
import type { Unpack } from './compressors'
import { METADATA_LENGTH } from './superblock'

const STORED_BIT = 0x8000
const LENGTH_MASK = 0x7fff
/** Of data blocks and fragments: the block is stored as it is. */
export const DATA_STORED_BIT = 1 << 24
/** Blocks of metadata that are kept: directories and their inodes lie near one another. */
const KEPT_BLOCKS = 512

interface MetadataBlock {
  bytes: Uint8Array
  /** Where the next one begins, in bytes of the volume. */
  next: number
}

/** Tables of a SquashFS, which lie in packed blocks one behind the other and are read by block and offset. */
export class Metadata {
  private readonly blocks = new PromiseCache<number, MetadataBlock>(KEPT_BLOCKS)

  constructor(
    private readonly volume: ByteSource,
    private readonly unpack: Unpack,
  ) {}

  /**
   * `byteLength` bytes from an offset within the block that begins at `block`, over as many blocks as they take. What lies
   * in one that is kept is answered at once: listing asks for hundreds of thousands of inodes.
   * @throws {SourceError} `CONTENT_DAMAGED` where they are not there
   */
  read(block: number, offset: number, byteLength: number): MaybePromise<Uint8Array> {
    const known = this.blocks.get(block, () => this.load(block))
    if (!(known instanceof Promise) && offset + byteLength <= known.bytes.byteLength)
      return known.bytes.subarray(offset, offset + byteLength)
    return this.readOn(block, offset, byteLength)
  }

  /** A block that is there; null where it has to be loaded. */
  kept(block: number): Uint8Array | null {
    const known = this.blocks.get(block, () => this.load(block))
    return known instanceof Promise ? null : known.bytes
  }

  private async readOn(block: number, offset: number, byteLength: number): Promise<Uint8Array> {
    // Grown as it is read: what an inode says of a length may be gigabytes more than there are.
    const parts: Uint8Array[] = []
    let at = block
    let within = offset
    for (let done = 0; done < byteLength;) {
      const { bytes, next } = await this.blocks.get(at, () => this.load(at))
      // What begins behind one block's end begins in the next.
      if (within >= bytes.byteLength && bytes.byteLength === METADATA_LENGTH) {
        within -= bytes.byteLength
        at = next
        continue
      }
      const part = bytes.subarray(within, within + byteLength - done)
      if (part.byteLength === 0) throw damaged('ends too early')
      parts.push(part)
      done += part.byteLength
      at = next
      within = 0
    }
    return concatenated(parts)
  }

  /** Entries of a table that is found through a list of 64-bit pointers to its blocks. */
  async readIndexed(table: number, entryLength: number, index: number): Promise<Uint8Array> {
    const byteOffset = index * entryLength
    const pointer = await this.volume.read(table + Math.floor(byteOffset / METADATA_LENGTH) * 8, 8)
    if (pointer.byteLength < 8) throw damaged('lacks a table')
    const block = readU32Le(pointer, 0) + readU32Le(pointer, 4) * 2 ** 32
    return this.read(block, byteOffset % METADATA_LENGTH, entryLength)
  }

  private async load(at: number): Promise<MetadataBlock> {
    const raw = await this.volume.read(at, METADATA_LENGTH + 2)
    if (raw.byteLength < 2) throw damaged('ends within its metadata')
    const header = readU16Le(raw, 0)
    const length = header & LENGTH_MASK
    const packed = raw.subarray(2, 2 + length)
    if (length === 0 || length > METADATA_LENGTH || packed.byteLength < length)
      throw damaged('has a block of metadata that cannot be')
    const bytes = (header & STORED_BIT) !== 0 ? packed : await this.unpack(packed, METADATA_LENGTH)
    // Parts of a `Buffer` take longer to make than those of an array.
    return { bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength), next: at + 2 + length }
  }
}

export function damaged(what: string): SourceError {
  return new SourceError('CONTENT_DAMAGED', `The SquashFS ${what}.`)
}
