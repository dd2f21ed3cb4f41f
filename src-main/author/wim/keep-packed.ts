import { createHash } from 'node:crypto'
import { SOLID_LENGTH, type SolidResources } from '../../image/core/wim/blob-table'
import { GUID_LENGTH, HEADER_LENGTH, HeaderAt, RESOURCE_LENGTH, type ResourceHeader } from '../../image/core/wim/header'
import { writeImages } from '../../image/core/wim/images'
import { openResource } from '../../image/core/wim/resource'
import { concatenated } from '../../image'
import type { AuthorContent } from '../author-tree'
import { ByteWriter } from '../byte-writer'
import type { PackedImages, Referenced } from './images'
import { blobEntry, Pieces, plainResource, resourceHeader } from './pieces'

/**
 * A file of some of the images, with everything packed as it is: resources that hold something of them are copied whole,
 * under a new header, table and description.
 * @param indexes from 1
 */
export async function keepPacked(
  images: PackedImages,
  indexes: readonly number[],
  origin: string,
): Promise<AuthorContent> {
  const { file, table } = images
  const pieces = new Pieces()
  const entries: Uint8Array[] = []
  for (const index of indexes) {
    const { resource, hash } = table.metadata[index - 1] ?? {}
    if (resource === undefined || hash === undefined) continue
    const byteOffset = pieces.copy(file, resource.byteOffset, resource.packedLength)
    entries.push(blobEntry({ ...resource, byteOffset }, 1, hash))
  }
  const referenced = await images.referencedBy(indexes)
  for (const { blob, hash, count } of referenced) {
    if (blob.solid !== null) continue
    const byteOffset = pieces.copy(file, blob.resource.byteOffset, blob.resource.packedLength)
    entries.push(blobEntry({ ...blob.resource, byteOffset }, count, hash))
  }
  const runs = new Map<SolidResources, Referenced[]>()
  for (const each of referenced) {
    const { solid } = each.blob
    if (solid === null) continue
    const known = runs.get(solid)
    if (known === undefined) runs.set(solid, [each])
    else known.push(each)
  }
  // Resources that follow on one another are counted through as one run: all of them first, then what lies in them.
  const contents: Uint8Array[] = []
  let runLength = 0
  for (const [solid, own] of runs) {
    let start = 0
    for (const resource of solid.resources) {
      const { byteLength } = await openResource(images.source, resource, images.packed)
      const [from, to, at] = [start, start + byteLength, runLength]
      const held = own.filter(({ blob }) => blob.byteOffset < to && blob.byteOffset + blob.byteLength > from)
      start = to
      if (held.length === 0) continue
      const byteOffset = pieces.copy(file, resource.byteOffset, resource.packedLength)
      entries.push(blobEntry({ ...resource, byteOffset, byteLength: SOLID_LENGTH }, 1, null))
      for (const { blob, hash, count } of held) {
        // What goes on in the next resource was added with its beginning.
        if (blob.byteOffset < from) continue
        const { flags } = resource
        const place = { packedLength: blob.byteLength, flags, byteOffset: at + blob.byteOffset - from, byteLength: 0 }
        contents.push(blobEntry(place, count, hash))
      }
      runLength += byteLength
    }
  }
  return finish(images, indexes, pieces, [...entries, ...contents], {
    origin,
    header: new ByteWriter(HEADER_LENGTH).set(0, images.head),
    boot: null,
  })
}

export interface Finishing {
  origin: string
  /** What stands in it already stays, unless it counts images, or says where something is. */
  header: ByteWriter
  /** The image that starts a machine, from 1, and where its metadata are. */
  boot: { index: number; metadata: ResourceHeader } | null
}

/** Table, description and header behind everything else. */
export function finish(
  images: PackedImages,
  indexes: readonly number[],
  pieces: Pieces,
  entries: readonly Uint8Array[],
  { origin, header, boot }: Finishing,
): AuthorContent {
  const table = concatenated(entries)
  const tableAt = pieces.put(table)
  const described = indexes.map((index) => images.described.find((each) => each.index === index) ?? { body: '' })
  const xml = writeImages(described, pieces.byteLength)
  const xmlAt = pieces.put(xml)
  const none = new Uint8Array(RESOURCE_LENGTH)
  // Another file than the one that it comes from, and yet the same for the same input.
  const guid = createHash('sha256').update(images.header.guid, 'latin1').update(indexes.join(',')).digest()
  header
    .set(HeaderAt.guid, guid.subarray(0, GUID_LENGTH))
    .u16Le(HeaderAt.part, 1)
    .u16Le(HeaderAt.partCount, 1)
    .u32Le(HeaderAt.imageCount, indexes.length)
    .set(HeaderAt.blobTable, resourceHeader(plainResource(table.byteLength, tableAt)))
    .set(HeaderAt.xml, resourceHeader(plainResource(xml.byteLength, xmlAt)))
    .set(HeaderAt.bootMetadata, boot === null ? none : resourceHeader(boot.metadata))
    .u32Le(HeaderAt.bootImage, boot?.index ?? 0)
    .set(HeaderAt.integrity, none)
  return pieces.finish(header.bytes, origin)
}
