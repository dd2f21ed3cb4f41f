import { unpackHere, type UnpackBlock } from '../../codecs/unpackers'
import { SourceError, type ByteSource, type ContentBlocks } from '../byte-source'
import { PromiseCache } from '../promise-cache'
import type { Blob } from './blob-table'
import type { ResourceHeader } from './header'
import { damaged, isPossible, openResource, type Packed, type WimResource } from './resource'

const KEPT_SOLID = 4

/** A part of the image, opened. */
export interface Part {
  source: ByteSource
  packed: Packed
}

type Opened = Pick<WimResource, 'read' | 'contentBlocks'>

/** How the bytes behind hashes are had, from whichever part they lie in. */
export class WimContents {
  private readonly solid = new PromiseCache<ResourceHeader, WimResource>(KEPT_SOLID)

  /** @param parts by their number, from 1 */
  constructor(
    private readonly parts: ReadonlyMap<number, Part>,
    private readonly unpack: UnpackBlock = unpackHere,
  ) {}

  /** Whether a content can be as long as it says: longer ones would be asked for without end. */
  isPossible({ part, resource, solid, byteOffset, byteLength }: Blob): boolean {
    const packed = this.parts.get(part)?.packed
    if (packed === undefined) return false
    return solid === null ? isPossible(resource, packed) : byteOffset + byteLength <= solid.byteLength
  }

  /** @throws {SourceError} `CONTENT_DAMAGED` */
  async open(blob: Blob): Promise<Opened> {
    const part = this.parts.get(blob.part)
    if (part === undefined) throw damaged(`lies in part ${blob.part}, which is missing`)
    const { solid } = blob
    if (solid === null) return openResource(part.source, blob.resource, part.packed, this.unpack)
    const opened = async (header: ResourceHeader): Promise<WimResource> =>
      this.solid.get(header, () => openResource(part.source, header, part.packed, this.unpack))
    return {
      read: (at, byteLength) => readThrough(solid.resources, opened, blob.byteOffset + at, byteLength),
      // One after the other they are unpacked once, whatever part of them a file is.
      contentBlocks: () => Promise.resolve(null),
    }
  }
}

/** Reads across resources that are counted through as one. */
async function readThrough(
  headers: readonly ResourceHeader[],
  opened: (header: ResourceHeader) => Promise<WimResource>,
  byteOffset: number,
  byteLength: number,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = []
  let [at, left, start] = [byteOffset, byteLength, 0]
  for (const header of headers) {
    if (left === 0) break
    const resource = await opened(header)
    if (at < start + resource.byteLength) {
      const piece = await resource.read(at - start, left)
      pieces.push(piece)
      at += piece.byteLength
      left -= piece.byteLength
    }
    start += resource.byteLength
  }
  const [only] = pieces
  return pieces.length === 1 && only !== undefined ? only : Buffer.concat(pieces)
}

/** The content of a file. */
export class WimFile implements ByteSource {
  private opened: Promise<Opened> | null = null

  constructor(
    private readonly contents: WimContents,
    private readonly blob: Blob,
    readonly byteLength: number,
  ) {}

  async read(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(byteLength, this.byteLength - byteOffset))
    if (wanted === 0) return new Uint8Array(0)
    const bytes = await (await this.open()).read(byteOffset, wanted)
    if (bytes.byteLength < wanted)
      throw new SourceError('CONTENT_DAMAGED', 'A file of the Windows image is longer than what holds it.')
    return bytes
  }

  locate(): null {
    return null
  }

  async contentBlocks(): Promise<ContentBlocks | null> {
    return (await this.open()).contentBlocks(this.byteLength)
  }

  private open(): Promise<Opened> {
    return (this.opened ??= this.contents.open(this.blob))
  }

  close(): void {
    // What it lies in belongs to the volume.
  }
}
