import { createHash } from 'node:crypto'
import { SourceError, type ScratchFile } from '../../image'
import { XpressPacker } from '../../image/codecs/pack-xpress'
import {
  HEADER_LENGTH,
  HeaderAt,
  HeaderFlag,
  MAGIC,
  ResourceFlag,
  type ResourceHeader,
} from '../../image/core/wim/header'
import { SliceSource } from '../../image/core/sources/slice-source'
import type { Control } from '../../task'
import type { AuthorContent } from '../author-tree'
import { ByteWriter } from '../byte-writer'
import type { PackedImages } from './images'
import { finish } from './keep-packed'
import { blobEntry, Pieces } from './pieces'

/** Of Windows 7 and later (`WIM_VERSION`). */
const VERSION = 0x10d00
/** `WIM_HDR_FLAG_RP_FIX`: links of the image lead into it. */
const LINKS_FIXED = 0x80
/** As every program that reads XPRESS takes them. */
const CHUNK = 1 << 15
/** Unpacked at once, in whole chunks. */
const STEP = CHUNK * 64

interface Repacked {
  content: AuthorContent
  /** Gives the room back. */
  close: () => Promise<void>
}

/**
 * A file of some of the images, unpacked and packed again by XPRESS, which a machine that starts can read. The SHA-1 of
 * everything is compared on the way.
 * @param indexes from 1 @param bootIndex which of them starts a machine, from 1
 * @param scratch takes what is packed
 * @throws {SourceError} `CONTENT_DAMAGED`
 */
export async function repack(
  images: PackedImages,
  indexes: readonly number[],
  {
    origin,
    bootIndex,
    scratch,
    control,
  }: { origin: string; bootIndex: number; scratch: ScratchFile; control: Control },
): Promise<Repacked> {
  const entries: Uint8Array[] = []
  const packer = new Resources(scratch)
  let boot: ResourceHeader | null = null
  let isFinished = false
  try {
    const referenced = await images.referencedBy(indexes)
    for (const [place, index] of indexes.entries()) {
      const metadata = await images.metadata(index)
      const read = (at: number, length: number): Uint8Array => metadata.subarray(at, at + length)
      const { resource, hash } = await packer.add(
        { byteLength: metadata.byteLength, read },
        ResourceFlag.metadata,
        control,
      )
      entries.push(blobEntry(resource, 1, hash))
      if (place + 1 === bootIndex) boot = resource
    }
    for (const { blob, hash, count } of referenced) {
      const opened = await images.contents.open(blob)
      const read = (at: number, length: number): Promise<Uint8Array> => opened.read(at, length)
      const added = await packer.add({ byteLength: blob.byteLength, read }, 0, control)
      if (added.hash !== hash)
        throw new SourceError('CONTENT_DAMAGED', `${images.file.origin} is damaged: a file in it does not fit its sum.`)
      entries.push(blobEntry(added.resource, count, hash))
    }
    isFinished = true
  } finally {
    if (!isFinished) await scratch.discard()
  }
  const source = await scratch.finish()
  const pieces = new Pieces()
  const { byteLength } = source
  pieces.copy({ byteLength, origin: `${origin} (packed)`, open: () => new SliceSource(source, 0) }, 0, byteLength)
  const header = new ByteWriter(HEADER_LENGTH)
    .text(0, MAGIC, MAGIC.length)
    .u32Le(HeaderAt.length, HEADER_LENGTH)
    .u32Le(HeaderAt.version, VERSION)
    .u32Le(HeaderAt.flags, HeaderFlag.compressed | HeaderFlag.xpress | LINKS_FIXED)
    .u32Le(HeaderAt.chunkLength, CHUNK)
  const content = finish(images, indexes, pieces, entries, {
    origin,
    header,
    boot: boot === null ? null : { index: bootIndex, metadata: boot },
  })
  return { content, close: async () => source.close() }
}

interface Unpacked {
  byteLength: number
  read(at: number, byteLength: number): Uint8Array | Promise<Uint8Array>
}

/** Resources one behind the other, from where the header ends. */
class Resources {
  private byteOffset = HEADER_LENGTH
  private readonly packer = new XpressPacker()

  constructor(private readonly scratch: ScratchFile) {}

  /** A table of where each chunk but the first begins, and the chunks (`WIM` resources). */
  async add(from: Unpacked, flags: number, control: Control): Promise<{ resource: ResourceHeader; hash: string }> {
    const { byteLength } = from
    const hash = createHash('sha1')
    const chunks: Uint8Array[] = []
    for (let at = 0; at < byteLength; at += STEP) {
      const wait = control.checkpoint()
      if (wait) await wait
      const bytes = await from.read(at, Math.min(STEP, byteLength - at))
      if (bytes.byteLength < Math.min(STEP, byteLength - at))
        throw new SourceError('CONTENT_DAMAGED', 'A file of the Windows image is cut short.')
      hash.update(bytes)
      for (let within = 0; within < bytes.byteLength; within += CHUNK) {
        const chunk = bytes.subarray(within, within + CHUNK)
        const packed = this.packer.pack(chunk)
        chunks.push(packed === null ? chunk : packed.slice())
      }
    }
    const entryLength = byteLength > 0xffffffff ? 8 : 4
    const table = new ByteWriter(Math.max(0, chunks.length - 1) * entryLength)
    let packedLength = 0
    for (const [index, chunk] of chunks.entries()) {
      if (index > 0 && entryLength === 8) table.u64Le((index - 1) * 8, packedLength)
      else if (index > 0) table.u32Le((index - 1) * 4, packedLength)
      packedLength += chunk.byteLength
    }
    packedLength += table.bytes.byteLength
    const isPacked = packedLength < byteLength
    const byteOffset = this.byteOffset
    if (isPacked) {
      await this.scratch.write(table.bytes)
      for (const chunk of chunks) await this.scratch.write(chunk)
    } else {
      for (let at = 0; at < byteLength; at += STEP)
        await this.scratch.write(await from.read(at, Math.min(STEP, byteLength - at)))
    }
    const length = isPacked ? packedLength : byteLength
    this.byteOffset += length
    return {
      resource: {
        packedLength: length,
        flags: isPacked ? flags | ResourceFlag.compressed : flags,
        byteOffset,
        byteLength,
      },
      hash: hash.digest().toString('latin1'),
    }
  }
}
