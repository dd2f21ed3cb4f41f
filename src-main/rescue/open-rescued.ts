import path from 'node:path'
import { listSiblingsOf, openSiblingOf } from '../files/file-byte-source'
import { openScratchFile } from '../files/scratch'
import type { ByteMap } from '../image/core/byte-map'
import type { ByteSource } from '../image/core/byte-source'
import { NotAnImageError, openImage, type DiscImage } from '../image'
import { RawSectorSource } from '../image/containers/sectors/raw-sectors'
import { blockMapOf } from './block-map'
import type { Evidence } from './evidence'

/** An image as far as it can be opened, and what is known of its blocks. */
export interface RescuedImage {
  /** Null where nothing that describes it is left. */
  image: DiscImage | null
  blocks: ByteSource
  /** Of the blocks; null where they lie in a container in which nobody can tell them apart. */
  map: ByteMap | null
}

/** @throws {NotAnImageError} for what is known to be something else, or is of a kind that is not read */
export async function openRescued(
  { rescued, map, raw }: Evidence,
  imagePath: string,
  charset: string | undefined,
): Promise<RescuedImage> {
  const name = path.basename(imagePath)
  try {
    const image = await openImage(rescued, {
      name,
      openSibling: openSiblingOf(imagePath),
      listSiblings: listSiblingsOf(imagePath),
      openScratch: openScratchFile,
      ...(charset === undefined ? {} : { charset }),
    })
    const { containers } = image.info
    const isRaw = raw !== null && containers.length === 1 && containers[0]?.startsWith('raw-') === true
    const isPlain = containers.every((label) => label === 'plain') && image.blocks.byteLength === rescued.byteLength
    const known = isPlain ? map : isRaw ? blockMapOf(map, raw) : null
    // The same bytes, which need no new memory for every read.
    return { image, blocks: isPlain ? rescued : image.blocks, map: known }
  } catch (error) {
    if (!(error instanceof NotAnImageError) || error.code === 'UNSUPPORTED_CONTAINER') throw error
    const blocks = raw === null ? rescued : new RawSectorSource(rescued, raw)
    return { image: null, blocks, map: blockMapOf(map, raw) }
  }
}
