import { LzxUnpacker } from '../../codecs/lzx'
import { packedFault } from '../../codecs/packed-fault'
import { unpackXpress } from '../../codecs/xpress'
import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { EqualBlocks } from '../../core/equal-blocks'
import { PromiseCache } from '../../core/promise-cache'

/** The stream that a file's packed bytes lie in. */
export const WOF_STREAM = 'WofCompressedData'
export const WOF_TAG = 0x80000017
/** `WOF_PROVIDER_FILE` ([MS-FSCC] 2.1.2.6): each file is packed by itself. */
const FILE_PROVIDER = 2
/** `FILE_PROVIDER_COMPRESSION_…`, by number. */
const CHUNK_LENGTHS = [4096, 32_768, 8192, 16_384]
const LZX = 1
const ENTRIES_AT_ONCE = 1 << 14

/** Which of the ways of packing a file has; null for one that is packed in no known way. */
export function wofMethod(reparseData: Uint8Array): number | null {
  const data = new ByteReader(reparseData)
  if (!data.has(0, 16) || data.u32Le(4) !== FILE_PROVIDER) return null
  const method = data.u32Le(12)
  return method < CHUNK_LENGTHS.length ? method : null
}

/** A file that Windows has packed as a whole (`compact /exe`): a table of offsets, then chunks of XPRESS or LZX. */
export class WofFile implements ByteSource {
  private readonly chunks: EqualBlocks
  private readonly chunkCount: number
  private readonly entryLength: number
  private readonly tables = new PromiseCache<number, ByteReader>(16)
  private readonly unpack: (packed: Uint8Array, byteLength: number) => Uint8Array

  constructor(
    private readonly packed: ByteSource,
    method: number,
    readonly byteLength: number,
  ) {
    const chunkLength = CHUNK_LENGTHS[method] ?? 4096
    this.chunkCount = Math.ceil(byteLength / chunkLength)
    this.entryLength = byteLength > 0xffffffff ? 8 : 4
    this.chunks = new EqualBlocks(byteLength, chunkLength, (index, length) => this.chunk(index, length))
    if (method === LZX) {
      const unpacker = new LzxUnpacker(chunkLength)
      this.unpack = (packed, length) => unpacker.unpack(packed, length)
    } else this.unpack = unpackXpress
  }

  read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    return this.chunks.read(byteOffset, byteLength)
  }

  locate(): null {
    return null
  }

  close(): void {
    // The packed bytes belong to the volume.
  }

  private async chunk(index: number, byteLength: number): Promise<Uint8Array> {
    const tableLength = (this.chunkCount - 1) * this.entryLength
    const start = await this.offset(index)
    const end = index + 1 < this.chunkCount ? await this.offset(index + 1) : this.packed.byteLength - tableLength
    const length = end - start
    if (!(length >= 1 && length <= byteLength)) throw damaged('has a chunk that cannot be')
    const bytes = await this.packed.read(tableLength + start, length)
    if (bytes.byteLength < length) throw damaged('is cut short')
    if (length === byteLength) return bytes
    try {
      return this.unpack(bytes, byteLength)
    } catch (error) {
      const cause = packedFault(error)
      throw new SourceError('CONTENT_DAMAGED', `A chunk of a packed file does not unpack (${cause.message}).`, {
        cause,
      })
    }
  }

  /** Of a chunk from the first one, in bytes; the first one has no entry. */
  private async offset(index: number): Promise<number> {
    if (index === 0) return 0
    const entry = index - 1
    const page = Math.floor(entry / ENTRIES_AT_ONCE)
    const { entryLength } = this
    const table = await this.tables.get(page, async () => {
      const at = page * ENTRIES_AT_ONCE * entryLength
      return new ByteReader(await this.packed.read(at, ENTRIES_AT_ONCE * entryLength))
    })
    const at = (entry % ENTRIES_AT_ONCE) * entryLength
    if (!table.has(at, entryLength)) throw damaged('is cut short')
    return entryLength === 8 ? table.u64Le(at) : table.u32Le(at)
  }
}

/** @param what rest of the sentence “A packed file …” */
function damaged(what: string): SourceError {
  return new SourceError('CONTENT_DAMAGED', `A packed file ${what}.`)
}
