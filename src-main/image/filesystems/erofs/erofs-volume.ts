import { because } from '../../../../src-shared/model'
import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { sumOfRuns, type ContentRuns } from '../../core/content-runs'
import type { ExtendedAttribute } from '../../core/extended-attributes'
import { ExtentSource } from '../../core/sources/extent-source'
import { PagedSource } from '../../core/sources/paged-source'
import { readAttributes, readLongPrefixes, type LongPrefix } from './attributes'
import { damaged, readExtents, type PackedExtents } from './cluster-index'
import { INODE_LENGTH, Layout, readInode, slotOffset, type ErofsInode } from './inode'
import { PackedFile, type PackedContext } from './packed-file'
import type { ErofsSuperblock } from './superblock'

/** `struct erofs_inode_chunk_info`. */
const Chunk = { logMask: 0x1f, indexes: 0x20 } as const
const NO_BLOCK = 0xffffffff
/** Tables of chunks are read so many entries at once. */
const ENTRIES_AT_ONCE = 1 << 13
/** What a long beginning of names takes at most, with its length, in bytes. */
const PREFIX_LIMIT = 260

/** An EROFS volume: inodes by their slot, and content. */
export class ErofsVolume {
  private readonly metadata: ByteSource
  private readonly context: PackedContext
  private fragments: Promise<ByteSource> | null = null
  private prefixes: Promise<LongPrefix[]> | null = null
  /** Bytes of indexes, still to be read: each belongs to one inode. */
  private indexLeft: number

  /**
   * @param source the volume's bytes
   * @param structures as `source`; what cannot be read is zeros
   */
  constructor(
    readonly source: ByteSource,
    structures: ByteSource,
    readonly superblock: ErofsSuperblock,
  ) {
    this.metadata = new PagedSource(structures)
    this.indexLeft = source.byteLength * 2 + (1 << 20)
    this.context = { volume: source, superblock, fragments: () => (this.fragments ??= this.openFragments()) }
  }

  /** @throws {SourceError} `CONTENT_DAMAGED` where there is none */
  async inode(slot: number): Promise<ErofsInode> {
    const at = slotOffset(this.superblock, slot)
    const bytes = Number.isSafeInteger(at) ? await this.metadata.read(at, INODE_LENGTH) : new Uint8Array(0)
    const inode = readInode(bytes, this.superblock, slot)
    if (inode === null) throw new SourceError('CONTENT_DAMAGED', 'There is no inode where it should be.')
    return inode
  }

  /**
   * Where the content of an inode lies, and what unpacks it.
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  async contentOf(inode: ErofsInode): Promise<ContentRuns> {
    const { byteLength, layout } = inode
    if (!Number.isSafeInteger(byteLength))
      throw new SourceError('CONTENT_DAMAGED', 'It is longer than any file can be.')
    if (byteLength === 0) return { runs: [] }
    if (layout === Layout.plain) return { runs: [inode.place * this.superblock.blockLength, byteLength] }
    if (layout === Layout.inline) return { runs: this.inlineRuns(inode) }
    if (layout === Layout.chunks) return { runs: await this.chunkRuns(inode) }
    if (layout > Layout.chunks) throw new SourceError('CONTENT_DAMAGED', 'Its content is laid out in no known way.')
    return this.packedRuns(inode)
  }

  /** The extended attributes of an inode. @throws {SourceError} `CONTENT_DAMAGED` */
  async attributesOf(slot: number): Promise<ExtendedAttribute[]> {
    const { end, attributesLength: byteLength } = await this.inode(slot)
    if (byteLength === 0) return []
    const { metadata, superblock } = this
    return readAttributes({
      byteOffset: end - byteLength,
      byteLength,
      shared: superblock.sharedAttributes,
      prefixes: await (this.prefixes ??= this.readPrefixes()),
      read: async (at, length) => metadata.read(at, length),
    })
  }

  private async readPrefixes(): Promise<LongPrefix[]> {
    const { prefixes, packedSlot } = this.superblock
    if (prefixes.count === 0) return []
    const holder = packedSlot === 0 ? this.metadata : await this.open(await this.inode(packedSlot))
    const bytes = await holder.read(prefixes.byteOffset, prefixes.count * PREFIX_LIMIT)
    return readLongPrefixes(new ByteReader(bytes), prefixes.count)
  }

  /** The content as a source. @throws {SourceError} `CONTENT_DAMAGED` */
  async open(inode: ErofsInode): Promise<ByteSource> {
    const { runs, transform } = await this.contentOf(inode)
    const { byteLength } = inode
    if (transform === undefined) return new ExtentSource(this.source, runs, byteLength)
    return transform.open(new ExtentSource(this.source, runs, sumOfRuns(runs)), byteLength)
  }

  /** Whole blocks, then what is left behind the inode itself. */
  private inlineRuns({ byteLength, place, end }: ErofsInode): number[] {
    const { blockLength } = this.superblock
    const whole = (Math.ceil(byteLength / blockLength) - 1) * blockLength
    const tail = [end, byteLength - whole]
    // Of a length that is damaged, the end would be taken from here all the same.
    if (whole > Math.max(this.superblock.byteLength, this.source.byteLength))
      throw new SourceError('CONTENT_DAMAGED', 'It is longer than the whole volume.')
    return whole === 0 ? tail : [place * blockLength, whole, ...tail]
  }

  private async chunkRuns({ byteLength, place, end }: ErofsInode): Promise<number[]> {
    const { blockLength, blockLog } = this.superblock
    const chunkLog = blockLog + (place & Chunk.logMask)
    const hasIndexes = (place & Chunk.indexes) !== 0
    const entryLength = hasIndexes ? 8 : 4
    const chunkLength = 2 ** chunkLog
    const count = Math.ceil(byteLength / chunkLength)
    const at = Math.ceil(end / entryLength) * entryLength
    this.take(count * entryLength)
    if (count * entryLength > this.source.byteLength - at)
      throw new SourceError('CONTENT_DAMAGED', 'It has more chunks than the volume has room for.')
    const runs: number[] = []
    for (let first = 0; first < count; first += ENTRIES_AT_ONCE) {
      const wanted = Math.min(ENTRIES_AT_ONCE, count - first) * entryLength
      const entries = new ByteReader(await this.metadata.read(at + first * entryLength, wanted))
      if (entries.byteLength < wanted) throw new SourceError('CONTENT_DAMAGED', 'Its table of chunks is cut short.')
      for (let entry = 0; entry < wanted; entry += entryLength) {
        const block = entries.u32Le(entry + entryLength - 4)
        if (hasIndexes && block !== NO_BLOCK && entries.u16Le(entry + 2) !== 0)
          throw new SourceError('CONTENT_DAMAGED', 'Its content lies on another device, which is not here.', {
            details: because('contentElsewhere', {}),
          })
        const done = (first + entry / entryLength) * chunkLength
        addRun(runs, block === NO_BLOCK ? -1 : block * blockLength, Math.min(chunkLength, byteLength - done))
      }
    }
    return runs
  }

  private async packedRuns(inode: ErofsInode): Promise<ContentRuns> {
    const read = (): Promise<PackedExtents> =>
      readExtents(this.metadata, this.superblock, inode, (byteLength) => {
        this.take(byteLength)
      })
    const extents = await read()
    const runs: number[] = []
    for (let index = 0; index < extents.count; index++) {
      const length = extents.packedLengths[index] ?? 0
      if (length > 0) addRun(runs, extents.places[index] ?? 0, length)
    }
    // The index is read again when the file is: what is listed is not kept.
    const again = (): Promise<PackedExtents> => readExtents(this.metadata, this.superblock, inode, () => undefined)
    const open = (_: ByteSource, length: number): ByteSource => new PackedFile(this.context, again, length)
    return { runs: runs.length === 0 ? [-1, inode.byteLength] : runs, transform: { open } }
  }

  private async openFragments(): Promise<ByteSource> {
    const { packedSlot } = this.superblock
    if (packedSlot === 0) throw damaged('has its end in another, and there is none')
    const inode = await this.inode(packedSlot)
    const extents = await this.contentOf(inode)
    if (extents.transform === undefined) return new ExtentSource(this.source, extents.runs, inode.byteLength)
    const own = await readExtents(this.metadata, this.superblock, inode, () => undefined)
    // What holds the ends of others cannot have its own in itself.
    if (own.fragmentAt >= 0) throw damaged('has its end in itself')
    return new PackedFile(this.context, () => Promise.resolve(own), inode.byteLength)
  }

  private take(byteLength: number): void {
    this.indexLeft -= byteLength
    if (!(this.indexLeft >= 0)) throw new SourceError('CONTENT_DAMAGED', 'Files have longer indexes than the volume.')
  }
}

function addRun(runs: number[], start: number, length: number): void {
  const last = runs.length - 2
  const before = runs[last] ?? -2
  const follows = start < 0 ? before === -1 : before >= 0 && before + (runs[last + 1] ?? 0) === start
  if (last >= 0 && follows) runs[last + 1] = (runs[last + 1] ?? 0) + length
  else runs.push(start, length)
}
