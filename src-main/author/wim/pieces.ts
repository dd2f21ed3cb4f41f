import { ENTRY_LENGTH, EntryAt } from '../../image/core/wim/blob-table'
import { HEADER_LENGTH, RESOURCE_LENGTH, ResourceAt, type ResourceHeader } from '../../image/core/wim/header'
import { SliceSource } from '../../image/core/sources/slice-source'
import type { AuthorContent } from '../author-tree'
import { ByteWriter } from '../byte-writer'
import type { Segment } from '../layout'
import { StrictLayout } from '../stick/strict-layout'

interface SlicedContent extends AuthorContent {
  /** In bytes of the whole file. */
  from: number
}

type Copied = Segment & { kind: 'content'; content: SlicedContent }

/** A Windows image put together of ranges of others and of bytes, one behind the other; its header comes last. */
export class Pieces {
  /** In bytes, so far. */
  byteLength = HEADER_LENGTH
  private readonly segments: Segment[] = []
  private last: Copied | null = null

  /** Takes a range of a file as it is. @returns where it lies then, in bytes */
  copy(content: AuthorContent, from: number, byteLength: number): number {
    const byteOffset = this.byteLength
    if (byteLength === 0) return byteOffset
    this.byteLength += byteLength
    const { last } = this
    // Most follow on one another, and are then copied as one.
    const isNext = last?.content.origin === content.origin && last.content.from + last.byteLength === from
    const start = isNext ? last.content.from : from
    const length = isNext ? last.byteLength + byteLength : byteLength
    const sliced: SlicedContent = {
      byteLength: length,
      from: start,
      origin: content.origin,
      open: () => new SliceSource(content.open(), start, length),
    }
    const own: Copied = {
      kind: 'content',
      content: sliced,
      byteOffset: isNext ? last.byteOffset : byteOffset,
      byteLength: length,
    }
    if (isNext) this.segments.pop()
    this.segments.push(own)
    this.last = own
    return byteOffset
  }

  /** @returns where the bytes lie then, in bytes */
  put(bytes: Uint8Array): number {
    const byteOffset = this.byteLength
    this.segments.push({ kind: 'bytes', bytes, byteOffset, byteLength: bytes.byteLength })
    this.byteLength += bytes.byteLength
    this.last = null
    return byteOffset
  }

  /** The whole file. */
  finish(header: Uint8Array, origin: string): AuthorContent {
    const { byteLength } = this
    const segments: Segment[] = [
      { kind: 'bytes', bytes: header, byteOffset: 0, byteLength: header.byteLength },
      ...this.segments,
    ]
    return { byteLength, origin, open: () => new StrictLayout(segments, byteLength) }
  }
}

/** A `RESHDR`. */
export function resourceHeader({ packedLength, flags, byteOffset, byteLength }: ResourceHeader): Uint8Array {
  return new ByteWriter(RESOURCE_LENGTH)
    .u64Le(ResourceAt.packedLength, packedLength)
    .u8(ResourceAt.flags, flags)
    .u64Le(ResourceAt.byteOffset, byteOffset)
    .u64Le(ResourceAt.byteLength, byteLength).bytes
}

/** A range that is not packed. */
export function plainResource(byteLength: number, byteOffset: number, flags = 0): ResourceHeader {
  return { packedLength: byteLength, flags, byteOffset, byteLength }
}

/** An entry of the table of contents. @param hash SHA-1 as Latin-1; null for a solid resource */
export function blobEntry(resource: ResourceHeader, references: number, hash: string | null): Uint8Array {
  return new ByteWriter(ENTRY_LENGTH)
    .set(0, resourceHeader(resource))
    .u16Le(EntryAt.part, 1)
    .u32Le(EntryAt.references, references)
    .set(EntryAt.hash, Buffer.from(hash ?? '', 'latin1')).bytes
}
