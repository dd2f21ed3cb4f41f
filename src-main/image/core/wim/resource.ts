import { isLzxChunk } from '../../codecs/lzx'
import { BlockFault } from '../../codecs/block-fault'
import { unpackHere, type UnpackBlock } from '../../codecs/unpackers'
import { readU32Le, readU64Le } from '../byte-reader'
import { SourceError, type ByteSource, type ContentBlocks } from '../byte-source'
import { packedFault } from '../../codecs/packed-fault'
import { ContentBlockList } from '../content-blocks'
import { PromiseCache } from '../promise-cache'
import { ReadAhead } from '../read-ahead'
import { ResourceFlag, type Method, type ResourceHeader } from './header'

/** Unpacked chunks that are kept, in bytes; one at least. */
const KEPT_BYTES = 64 << 20
/** Chunks that are unpacked before they are asked for, where reading goes on; so many, and so many bytes, at most. */
const BLOCKS_FURTHER = 2
const AHEAD_BYTES = 16 << 20
/** Longer chunks are not handed to other threads by their place: each is held there as a whole, in bytes. */
const SHARED_CHUNK_LIMIT = 2 << 20
/** The longest that wimlib makes, packed by LZMS; Microsoft's have up to 64 MiB. One is held in memory as a whole. */
const CHUNK_LIMIT = 1 << 30
/** Of a solid resource: unpacked length, chunk length, method. */
const SOLID_HEADER_LENGTH = 16
/** In front of every chunk of a pipable file: its packed length. */
const PIPABLE_CHUNK_HEADER = 4
/** Tables are read so many entries at once. */
const ENTRIES_AT_ONCE = 1 << 14

const NO_BYTES = new Uint8Array(0)

const SOLID_METHODS: readonly Method[] = ['none', 'xpress', 'lzx', 'lzms']

/** How resources of a file are packed, where they do not say so themselves. */
export interface Packed {
  method: Method
  chunkLength: number
  isPipable: boolean
}

/**
 * Opens what lies in one range of a file.
 * @param file the part that it lies in
 * @throws {SourceError} `CONTENT_DAMAGED` where it says what cannot be, `UNSUPPORTED_CONTENT` for what is not read
 */
export async function openResource(
  file: ByteSource,
  header: ResourceHeader,
  packed: Packed,
  unpack: UnpackBlock = unpackHere,
): Promise<WimResource> {
  if ((header.flags & ResourceFlag.solid) !== 0) return openSolid(file, header, packed.isPipable, unpack)
  const isPacked = (header.flags & ResourceFlag.compressed) !== 0
  const shape = isPacked ? packed : { ...packed, method: 'none' as const }
  return new WimResource(file, header, shape, { byteOffset: 0, isOfLengths: false }, unpack)
}

async function openSolid(
  file: ByteSource,
  header: ResourceHeader,
  isPipable: boolean,
  unpack: UnpackBlock,
): Promise<WimResource> {
  const bytes = await file.read(header.byteOffset, SOLID_HEADER_LENGTH)
  if (bytes.byteLength < SOLID_HEADER_LENGTH || header.packedLength < SOLID_HEADER_LENGTH) throw damaged('is cut short')
  const method = SOLID_METHODS[readU32Le(bytes, 12)]
  if (method === undefined) throw damaged('is packed in a way that there is not')
  const own = { ...header, byteLength: readU64Le(bytes, 0) }
  const shape = { method, chunkLength: readU32Le(bytes, 8), isPipable }
  return new WimResource(file, own, shape, { byteOffset: SOLID_HEADER_LENGTH, isOfLengths: true }, unpack)
}

/** Whether a range can unpack to what it says: every chunk takes room in its table, and a byte. */
export function isPossible({ flags, byteLength, packedLength }: ResourceHeader, { chunkLength }: Packed): boolean {
  if ((flags & ResourceFlag.compressed) === 0) return packedLength === byteLength
  return chunkLength > 0 && (byteLength / chunkLength - 1) * 5 <= packedLength
}

/**
 * A chunk, unpacked. What is damaged is kept like all else: many files lie in it, and for each it would be tried again. In
 * front of the damage they are whole.
 */
interface Chunk {
  bytes: Uint8Array
  /** Why there are not more bytes of it. */
  problem: SourceError | null
}

/** Bytes of a file that are packed in chunks, or lie as they are. */
export class WimResource {
  readonly byteLength: number
  private readonly chunkCount: number
  private readonly chunks: PromiseCache<number, Chunk>
  private readonly tables = new PromiseCache<number, Float64Array>(16)
  private readonly entryLength: number
  private readonly unpack: (packed: Uint8Array, byteLength: number) => Promise<Uint8Array>
  private readonly aheadLimit: number
  /** Where the last read ended. */
  private readTo = -1

  constructor(
    private readonly file: ByteSource,
    private readonly header: ResourceHeader,
    private readonly packed: Packed,
    private readonly table: { byteOffset: number; isOfLengths: boolean },
    unpack: UnpackBlock,
  ) {
    const { method, chunkLength } = packed
    this.byteLength = header.byteLength
    const isPlain = method === 'none' && !table.isOfLengths
    if (isPlain && header.packedLength !== header.byteLength) throw damaged('has two lengths')
    if (!isPlain && !isChunkLength(method, chunkLength)) throw damaged('has chunks of a length that cannot be')
    this.chunkCount = isPlain ? 0 : Math.ceil(header.byteLength / chunkLength)
    this.entryLength = table.isOfLengths || header.byteLength <= 0xffffffff ? 4 : 8
    if (this.tableLength > header.packedLength) throw damaged('has more chunks than bytes')
    const keptChunks = Math.max(1, Math.min(256, Math.floor(KEPT_BYTES / Math.max(1, chunkLength))))
    this.chunks = new PromiseCache(keptChunks)
    this.aheadLimit = Math.max(1, Math.min(8, keptChunks - 1))
    this.unpack = unpackerFor(method, chunkLength, unpack)
  }

  get isPlain(): boolean {
    return this.packed.method === 'none' && !this.table.isOfLengths
  }

  /**
   * As `ByteSource.read`.
   * @throws {SourceError} `CONTENT_DAMAGED` where a chunk does not unpack
   */
  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(byteLength, this.byteLength - byteOffset))
    if (wanted === 0) return new Uint8Array(0)
    if (this.isPlain) return this.file.read(this.header.byteOffset + byteOffset, wanted)
    const { chunkLength } = this.packed
    const out = new Uint8Array(wanted)
    const ahead = this.readAhead(byteOffset, wanted)
    for (let done = 0; done < wanted;) {
      const at = byteOffset + done
      const index = Math.floor(at / chunkLength)
      const within = at - index * chunkLength
      const { bytes, problem } = await ahead.take(index)
      const piece = bytes.subarray(within, within + wanted - done)
      if (problem !== null && piece.byteLength < Math.min(wanted - done, chunkLength - within)) throw problem
      out.set(piece, done)
      done += piece.byteLength
    }
    return out
  }

  /**
   * As `ByteSource.contentBlocks`, of the first `byteLength` bytes.
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  async contentBlocks(byteLength: number): Promise<ContentBlocks | null> {
    const { method, chunkLength } = this.packed
    if (this.isPlain || method === 'none' || chunkLength > SHARED_CHUNK_LIMIT) return null
    const list = new ContentBlockList()
    for (let index = 0, done = 0; done < byteLength; index++) {
      const { byteOffset, packedLength } = await this.place(index)
      const unpackedLength = Math.min(chunkLength, this.byteLength - done)
      if (!(packedLength >= 1 && packedLength <= unpackedLength)) return null
      const take = Math.min(unpackedLength, byteLength - done)
      list.add(byteOffset, packedLength, packedLength < unpackedLength, unpackedLength, 0, take)
      done += unpackedLength
    }
    return list.in(this.file, { id: method, blockLength: chunkLength })
  }

  /**
   * Who reads on where the last read ended gets further chunks, before they are asked for, as far as they are not long: only of
   * the way that other threads unpack, since all others are unpacked when they are asked for.
   */
  private readAhead(byteOffset: number, byteLength: number): ReadAhead<Chunk> {
    const { chunkLength, method } = this.packed
    const end = Math.ceil((byteOffset + byteLength) / chunkLength)
    const isReadOn = method === 'lzms' && byteOffset === this.readTo
    const further = isReadOn ? Math.min(BLOCKS_FURTHER, Math.floor(AHEAD_BYTES / chunkLength)) : 0
    this.readTo = byteOffset + byteLength
    const load = async (index: number): Promise<Chunk> => this.chunks.get(index, () => this.readChunk(index))
    return new ReadAhead(Math.min(this.chunkCount, end + further), load, this.aheadLimit)
  }

  /** Bytes of the table of chunks: one entry fewer where it has offsets, since the first is 0. */
  private get tableLength(): number {
    if (this.chunkCount === 0) return 0
    return (this.table.isOfLengths ? this.chunkCount : this.chunkCount - 1) * this.entryLength
  }

  private get tableAt(): number {
    const { byteOffset, packedLength } = this.header
    return this.packed.isPipable ? byteOffset + packedLength - this.tableLength : byteOffset + this.table.byteOffset
  }

  private async readChunk(index: number): Promise<Chunk> {
    const { chunkLength } = this.packed
    const byteLength = Math.min(chunkLength, this.byteLength - index * chunkLength)
    const { byteOffset, packedLength } = await this.place(index)
    if (packedLength < 1 || packedLength > byteLength) throw damaged('has a chunk that cannot be')
    const packed = await this.file.read(byteOffset, packedLength)
    if (packed.byteLength < packedLength) throw damaged('is cut short')
    if (packedLength === byteLength) return { bytes: packed, problem: null }
    try {
      return { bytes: await this.unpack(packed, byteLength), problem: null }
    } catch (error) {
      const cause = packedFault(error)
      const problem = new SourceError('CONTENT_DAMAGED', `A packed chunk does not unpack (${cause.message}).`, {
        cause,
      })
      return { bytes: error instanceof BlockFault ? error.beginning : NO_BYTES, problem }
    }
  }

  /** Where a chunk lies, in bytes of the file. */
  private async place(index: number): Promise<{ byteOffset: number; packedLength: number }> {
    const { byteOffset, packedLength } = this.header
    const headers = this.packed.isPipable ? PIPABLE_CHUNK_HEADER : 0
    const first = this.packed.isPipable ? byteOffset : this.tableAt + this.tableLength
    const end = this.packed.isPipable ? this.tableAt : byteOffset + packedLength
    const start = await this.offset(index)
    const next =
      index + 1 < this.chunkCount || this.table.isOfLengths
        ? await this.offset(index + 1)
        : end - first - headers * this.chunkCount
    return { byteOffset: first + start + headers * (index + 1), packedLength: next - start }
  }

  /** Of a chunk from the first one, headers not counted. */
  private async offset(index: number): Promise<number> {
    const block = Math.floor(index / ENTRIES_AT_ONCE)
    const offsets = await this.tables.get(block, () => this.readOffsets(block))
    return offsets[index - block * ENTRIES_AT_ONCE] ?? NaN
  }

  private async readOffsets(block: number): Promise<Float64Array> {
    const { entryLength } = this
    const first = block * ENTRIES_AT_ONCE
    const count = Math.min(ENTRIES_AT_ONCE, this.chunkCount + 1 - first)
    const offsets = new Float64Array(count)
    // A table of offsets has none for the first chunk; one of lengths is added up.
    const from = this.table.isOfLengths ? first : Math.max(0, first - 1)
    const wanted = Math.min(count, this.tableLength / entryLength - from)
    const bytes = await this.file.read(this.tableAt + from * entryLength, Math.max(0, wanted) * entryLength)
    const entry = (at: number): number =>
      entryLength === 4 ? readU32Le(bytes, at * entryLength) : readU64Le(bytes, at * entryLength)
    if (bytes.byteLength < wanted * entryLength) throw damaged('is cut short')
    if (this.table.isOfLengths) {
      let sum = block === 0 ? 0 : await this.endOf(block - 1)
      for (let i = 0; i < count; i++) {
        offsets[i] = sum
        if (i < wanted) sum += entry(i)
      }
      return offsets
    }
    for (let i = 0; i < count; i++) offsets[i] = first + i === 0 ? 0 : entry(first + i - 1 - from)
    return offsets
  }

  /** Where the chunks of a block of lengths end. */
  private async endOf(block: number): Promise<number> {
    const last = (block + 1) * ENTRIES_AT_ONCE - 1
    const offsets = await this.tables.get(block, () => this.readOffsets(block))
    const bytes = await this.file.read(this.tableAt + last * this.entryLength, this.entryLength)
    return (offsets[ENTRIES_AT_ONCE - 1] ?? 0) + (bytes.byteLength < 4 ? 0 : readU32Le(bytes, 0))
  }
}

function isChunkLength(method: Method, chunkLength: number): boolean {
  if ((chunkLength & (chunkLength - 1)) !== 0 || chunkLength < 4096 || chunkLength > CHUNK_LIMIT) return false
  return method === 'lzx' ? isLzxChunk(chunkLength) : method !== 'xpress' || chunkLength <= 65_536
}

function unpackerFor(
  method: Method,
  blockLength: number,
  unpack: UnpackBlock,
): (packed: Uint8Array, byteLength: number) => Promise<Uint8Array> {
  if (method !== 'none') return async (packed, byteLength) => unpack({ id: method, blockLength }, packed, byteLength)
  return () => Promise.reject(new RangeError('it is not packed, but shorter than it should be'))
}

/** @param what rest of the sentence “A resource …” */
export function damaged(what: string): SourceError {
  return new SourceError('CONTENT_DAMAGED', `A resource of the Windows image ${what}.`)
}
