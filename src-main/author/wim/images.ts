import type { ByteSource } from '../../image'
import { readBlobTable, type Blob, type BlobTable } from '../../image/core/wim/blob-table'
import { WimContents } from '../../image/core/wim/contents'
import { referencesIn } from '../../image/core/wim/dentry'
import { HEADER_LENGTH, MAGIC, readHeader, type ResourceHeader, type WimHeader } from '../../image/core/wim/header'
import { readImages, type WimImage } from '../../image/core/wim/images'
import { openResource, type Packed } from '../../image/core/wim/resource'
import { DiagnosticLog } from '../../image/core/diagnostic-log'
import { AuthorError } from '../author-error'
import type { AuthorContent } from '../author-tree'

const TABLE_LIMIT = 256 << 20

/** What some images of a file refer to. */
export interface Referenced {
  blob: Blob
  hash: string
  /** By how many entries. */
  count: number
}

/** A file of Windows images that is whole in itself. */
export class PackedImages {
  readonly contents: WimContents

  private constructor(
    /** The file, for copying ranges of it. */
    readonly file: AuthorContent,
    readonly source: ByteSource,
    readonly head: Uint8Array,
    readonly header: WimHeader,
    readonly table: BlobTable,
    readonly described: readonly WimImage[],
  ) {
    this.contents = new WimContents(new Map([[1, { source, packed: this.packed }]]))
  }

  /**
   * @param name for messages
   * @returns null where it is no such file: written for pipes, or one of several
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  static async open(source: ByteSource, name: string): Promise<PackedImages | null> {
    const head = await source.read(0, HEADER_LENGTH)
    const header = readHeader(head)
    if (header === null || Buffer.from(head).toString('latin1', 0, MAGIC.length) !== MAGIC || header.partCount !== 1)
      return null
    const { byteLength } = source
    if (header.blobTable.byteLength > TABLE_LIMIT || header.xml.byteLength > TABLE_LIMIT) return null
    const table: BlobTable = { blobs: new Map(), hashes: [], metadata: [], solid: [] }
    const log = new DiagnosticLog()
    const bytesOf = async (resource: ResourceHeader): Promise<Uint8Array> =>
      (await openResource(source, resource, header)).read(0, resource.byteLength)
    readBlobTable(await bytesOf(header.blobTable), table, log)
    for (const solid of table.solid)
      for (const its of solid.resources) solid.byteLength += (await openResource(source, its, header)).byteLength
    const described = readImages(await bytesOf(header.xml))
    const open = (): ByteSource => ({
      byteLength,
      read: (at, length) => source.read(at, length),
      locate: () => null,
      close: () => undefined,
    })
    return new PackedImages({ byteLength, origin: name, open }, source, head, header, table, described)
  }

  get packed(): Packed {
    const { method, chunkLength, isPipable } = this.header
    return { method, chunkLength, isPipable }
  }

  get count(): number {
    return this.table.metadata.length
  }

  /** Unpacked. @param index from 1 */
  async metadata(index: number): Promise<Uint8Array> {
    const resource = this.table.metadata[index - 1]?.resource
    if (resource === undefined || resource.byteLength > TABLE_LIMIT * 2) throw this.damaged(index)
    return (await openResource(this.source, resource, this.packed)).read(0, resource.byteLength)
  }

  /**
   * Everything that images refer to, in the order of the file.
   * @param indexes from 1
   * @throws {AuthorError} `BAD_REQUEST` where something of it is not in the file
   */
  async referencedBy(indexes: readonly number[]): Promise<Referenced[]> {
    const counts = new Map<string, number>()
    for (const index of indexes) {
      let references: Map<string, number>
      try {
        references = referencesIn(await this.metadata(index))
      } catch (error) {
        if (error instanceof RangeError) throw this.damaged(index)
        throw error
      }
      for (const [hash, count] of references) counts.set(hash, (counts.get(hash) ?? 0) + count)
    }
    const found = Array.from(counts, ([hash, count]) => {
      const blob = this.table.blobs.get(hash)
      if (blob === undefined || !this.contents.isPossible(blob)) throw this.damaged(indexes[0] ?? 0)
      return { hash, count, blob }
    })
    return found.sort(
      (a, b) => a.blob.resource.byteOffset - b.blob.resource.byteOffset || a.blob.byteOffset - b.blob.byteOffset,
    )
  }

  private damaged(index: number): AuthorError {
    return new AuthorError(
      'BAD_REQUEST',
      `Image ${index} of ${this.file.origin} is not whole: files that it names are missing. Get the file again.`,
    )
  }
}
