import type { DiscMeasures } from '../../catalog'
import type { OpenImage } from './image-registry'

/** Trees whose offsets count from the beginning of the disc; the others count from that of their partition. */
const ON_THE_DISC = /^(?:rock-ridge|joliet|iso9660|enhanced|udf)(?:@|$)/

/**
 * How long the disc of a view is and should be, and where things lie that are no files of the view, in bytes of the
 * volume. Null where the view's offsets do not count from the disc's beginning, or the image is away.
 */
export async function measureDisc({ opened, thread }: OpenImage, view: string): Promise<DiscMeasures | null> {
  if (!thread || !ON_THE_DISC.test(view)) return null
  const { info } = opened
  const byteThere = await thread.peer.call('volumeLength', {})
  // A container of raw sectors has more bytes than the volume in it.
  const { expectedByteLength, missingByteLength } = info.completeness
  const measured = expectedByteLength - missingByteLength
  const scale = missingByteLength > 0 && measured > 0 ? byteThere / measured : 1
  const missing = Math.round(missingByteLength * scale)
  const isPlain = byteThere === info.byteLength
  return {
    byteTotal: byteThere + missing,
    byteThere,
    structures: info.boot.flatMap(({ byteOffset, byteLength }) =>
      isPlain && byteOffset !== null ? [{ byteOffset, byteLength }] : [],
    ),
  }
}
