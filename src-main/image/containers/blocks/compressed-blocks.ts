import { doesNotUnpack } from './does-not-unpack'
import { inflateRawSync } from 'node:zlib'
import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import type { PackedBlocks } from '../../core/packed-blocks'
import { decodeLz4Block } from '../../codecs/lz4'
import { packedFault } from '../../codecs/packed-fault'

const HEADER_LENGTH = 24
const POINTERS_PER_READ = 16_384
const GROUP_LENGTH = 4 * 1024 * 1024

/** CISO (.cso, versions 1 and 2) and ZISO (.zso). Null where the file is neither, or its header cannot be. */
export async function openCompressedBlocks(source: ByteSource, name: string): Promise<CompressedBlockSource | null> {
  const header = new ByteReader(await source.read(0, HEADER_LENGTH))
  const isZiso = header.matches(0, 'ZISO')
  if (!isZiso && !header.matches(0, 'CISO')) return null
  const byteLength = header.u64Le(8)
  const blockLength = header.u32Le(16)
  const version = header.u8(20)
  const shift = header.u8(21)
  const blockCount = Math.ceil(byteLength / blockLength)
  const isPossible =
    blockLength >= 512 &&
    blockLength <= 1 << 20 &&
    shift < 32 &&
    Number.isFinite(byteLength) &&
    HEADER_LENGTH + (blockCount + 1) * 4 <= source.byteLength
  if (!isPossible) return null
  return new CompressedBlockSource(
    source,
    name,
    byteLength,
    blockLength,
    shift,
    isZiso ? 'ziso' : version === 2 ? 'ciso2' : 'ciso',
  )
}

/** Blocks compressed one by one, found through a table of offsets whose top bit tells how. */
export class CompressedBlockSource implements PackedBlocks {
  readonly hasBlockSums = false
  private pointers = { first: 0, reader: new ByteReader(new Uint8Array(0)) }
  private cached: { block: number; bytes: Uint8Array } = { block: -1, bytes: new Uint8Array(0) }

  constructor(
    private readonly source: ByteSource,
    /** Of the file, for sentences. */
    private readonly name: string,
    readonly byteLength: number,
    private readonly blockLength: number,
    private readonly shift: number,
    readonly format: 'ciso' | 'ciso2' | 'ziso',
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const out = new Uint8Array(wanted)
    let packed: Uint8Array = new Uint8Array(0)
    let packedStart = 0
    for (let done = 0; done < wanted;) {
      const block = Math.floor((byteOffset + done) / this.blockLength)
      const within = byteOffset + done - block * this.blockLength
      let { bytes } = this.cached
      if (block !== this.cached.block) {
        const [start, end, flag] = await this.place(block)
        if (start < packedStart || end > packedStart + packed.byteLength) {
          // One read for as many blocks as are wanted still.
          const remaining = Math.ceil((wanted - done) * 1.1) + this.blockLength
          packedStart = start
          packed = await this.source.read(
            start,
            Math.min(Math.max(end - start, Math.min(remaining, GROUP_LENGTH)), this.source.byteLength - start),
          )
        }
        bytes = this.unpack(block, packed.subarray(start - packedStart, end - packedStart), flag)
        this.cached = { block, bytes }
      }
      const part = bytes.subarray(within, Math.min(bytes.byteLength, within + wanted - done))
      if (part.byteLength === 0) return out.slice(0, done)
      out.set(part, done)
      done += part.byteLength
    }
    return out
  }

  locate(): null {
    return null
  }

  packedRanges(): Promise<number[]> {
    return Promise.resolve([0, this.byteLength])
  }

  close(): void | Promise<void> {
    return this.source.close()
  }

  private unpack(block: number, packed: Uint8Array, flag: boolean): Uint8Array {
    const length = Math.min(this.blockLength, this.byteLength - block * this.blockLength)
    if (this.format === 'ciso2' ? packed.byteLength >= this.blockLength : flag) return packed.slice(0, length)
    const isLz4 = this.format === 'ziso' || (this.format === 'ciso2' && flag)
    let bytes: Uint8Array | null = null
    let cause: unknown = null
    try {
      bytes = isLz4 ? decodeLz4Block(packed, length) : inflateRawSync(packed, { maxOutputLength: this.blockLength })
    } catch (error) {
      cause = packedFault(error)
    }
    if (bytes === null || bytes.byteLength < length) {
      throw doesNotUnpack(this.name, `its block ${block}`, cause)
    }
    return bytes.subarray(0, length)
  }

  /** Start, end and top bit. */
  private async place(block: number): Promise<[number, number, boolean]> {
    const { first, reader } = await this.pointersAt(block)
    const at = (block - first) * 4
    const start = (reader.u32Le(at) & 0x7fffffff) * 2 ** this.shift
    const end = (reader.u32Le(at + 4) & 0x7fffffff) * 2 ** this.shift
    // Aligned blocks may be followed by padding, never by less than nothing.
    if (end < start || end - start > this.blockLength * 2 + 2 ** this.shift) {
      throw new SourceError(
        'CONTENT_DAMAGED',
        `“${this.name}” is damaged: its block ${block} has a place that cannot be.`,
      )
    }
    return [start, Math.min(end, this.source.byteLength), reader.u32Le(at) >= 0x80000000]
  }

  /** The pointers of a block and of those behind it. Several reads may want different ones at the same time. */
  private async pointersAt(block: number): Promise<{ first: number; reader: ByteReader }> {
    const { pointers } = this
    if (block >= pointers.first && (block + 1 - pointers.first) * 4 + 4 <= pointers.reader.byteLength) return pointers
    const bytes = await this.source.read(HEADER_LENGTH + block * 4, POINTERS_PER_READ * 4)
    this.pointers = { first: block, reader: new ByteReader(bytes) }
    return this.pointers
  }
}
