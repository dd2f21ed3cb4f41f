import { because, type Said } from '../../src-shared/model'
import type { ByteSource, MaybePromise } from './core/byte-source'
import { NotAnImageError, type PlainImage } from './core/disc-image'
import { isSectored } from './core/sectored-source'

/** What is known of an image that is to be made plain. */
interface PlainRequest {
  name: string
  blocks: ByteSource
  audioTrackCount: number
  /** Some file system, or a table of partitions, was found. */
  hasVolume: boolean
  /** How the file system that is shown first wants its blocks to be written; absent: as they are. */
  plain?: (blocks: ByteSource) => MaybePromise<PlainImage>
}

/**
 * What `convert` writes of an image, and what that leaves out.
 * @throws {NotAnImageError} `NOTHING_READABLE` where nothing in it could be opened afterwards
 */
export async function makePlainImage(request: PlainRequest): Promise<PlainImage> {
  const { name, blocks, audioTrackCount, hasVolume, plain } = request
  if (blocks.byteLength === 0) {
    throw new NotAnImageError(
      'NOTHING_READABLE',
      `“${name}” holds no data, only audio: there is nothing to convert.`,
      because('onlyAudio', { name }),
    )
  }
  if (!hasVolume) {
    throw new NotAnImageError(
      'NOTHING_READABLE',
      `“${name}” holds no file system, so that a plain image of it could not be opened: there is nothing to convert.`,
      because('noFileSystem', { name }),
    )
  }
  const leftOut: Said[] = []
  if (audioTrackCount > 0) {
    const message = audioTrackCount === 1 ? '1 audio track' : `${audioTrackCount} audio tracks`
    leftOut.push({ message, details: because('audioTracks', { n: audioTrackCount }) })
  }
  const formTwo = isSectored(blocks) ? await blocks.countFormTwo() : 0
  if (formTwo > 0) {
    const message = `276 of the 2324 bytes in each of ${formTwo} sectors of form 2`
    leftOut.push({ message, details: because('formTwoSectors', { n: formTwo }) })
  }
  const made = (await plain?.(blocks)) ?? { blocks, leftOut: [] }
  return { blocks: made.blocks, leftOut: [...leftOut, ...made.leftOut] }
}
