import { SourceError, type ByteSource } from '../../core/byte-source'
import { concatenated } from '../../core/copied'
import { damaged, STORED, type PackedExtents } from './cluster-index'
import { Feature, type ErofsSuperblock } from './superblock'
import { EXTENT_LIMIT, unpackExtent } from './unpack'

/** What the files of a volume share. */
export interface PackedContext {
  volume: ByteSource
  superblock: ErofsSuperblock
  /** The content of the inode that holds ends of files. */
  fragments: () => Promise<ByteSource>
}

/** A file that is packed in extents; the one that was read last is kept, since reads come in order. */
export class PackedFile implements ByteSource {
  private extents: Promise<PackedExtents> | null = null
  private kept: { index: number; bytes: Uint8Array } = { index: -1, bytes: new Uint8Array(0) }

  constructor(
    private readonly context: PackedContext,
    private readonly readExtents: () => Promise<PackedExtents>,
    readonly byteLength: number,
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.min(byteLength, this.byteLength - byteOffset)
    if (wanted <= 0 || byteOffset < 0) return new Uint8Array(0)
    const extents = await (this.extents ??= this.readExtents())
    const out = new Uint8Array(wanted)
    let index = indexAt(extents, byteOffset)
    for (let done = 0; done < wanted; index++) {
      if (index >= extents.count) throw damaged('is longer than its extents')
      const start = extents.starts[index] ?? 0
      const length = Math.min((extents.starts[index + 1] ?? 0) - start, this.byteLength - start)
      const within = byteOffset + done - start
      const take = Math.min(length - within, wanted - done)
      if (take <= 0) continue
      out.set(await this.part(extents, index, length, within, take), done)
      done += take
    }
    return out
  }

  locate(): null {
    return null
  }

  close(): void {
    // The blocks belong to the volume.
  }

  private async part(
    extents: PackedExtents,
    index: number,
    byteLength: number,
    from: number,
    take: number,
  ): Promise<Uint8Array> {
    if (extents.fragmentAt >= 0 && index === extents.count - 1) {
      const bytes = await (await this.context.fragments()).read(extents.fragmentAt + from, take)
      if (bytes.byteLength < take) throw damaged('has its end outside of what holds the ends of files')
      return bytes
    }
    let { kept } = this
    if (kept.index !== index) {
      kept = { index, bytes: await this.unpack(extents, index, byteLength) }
      this.kept = kept
    }
    return kept.bytes.subarray(from, from + take)
  }

  private async unpack(extents: PackedExtents, index: number, byteLength: number): Promise<Uint8Array> {
    if (byteLength > EXTENT_LIMIT) throw damaged('has an extent that is longer than any can be')
    const { volume, superblock } = this.context
    const packedLength = extents.packedLengths[index] ?? 0
    const bytes = await volume.read(extents.places[index] ?? 0, packedLength)
    // The last block of an image may be cut where nothing follows what is packed.
    if (bytes.byteLength < packedLength) throw new SourceError('CONTENT_DAMAGED', 'A packed extent is cut short.')
    const algorithm = extents.algorithms[index] ?? STORED
    if (algorithm !== STORED)
      return unpackExtent(algorithm, bytes, byteLength, (superblock.features & Feature.zeroPadding) !== 0)
    if (byteLength > packedLength) throw damaged('has an extent that is longer than its blocks')
    if (!extents.isInterlaced) return bytes.subarray(0, byteLength)
    // What lies behind the start of its first block comes first, at the end of the blocks.
    const { blockLength } = superblock
    const head = blockLength - ((extents.starts[index] ?? 0) % blockLength)
    const first = bytes.subarray(packedLength - head, packedLength - head + Math.min(head, byteLength))
    return concatenated([first, bytes.subarray(0, byteLength - first.byteLength)])
  }
}

/** The extent that a byte lies in. */
function indexAt({ starts, count }: PackedExtents, byteOffset: number): number {
  let low = 0
  let high = count - 1
  while (low < high) {
    const middle = (low + high + 1) >> 1
    if ((starts[middle] ?? 0) <= byteOffset) low = middle
    else high = middle - 1
  }
  return low
}
