import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { hasSync, type SectorLayout } from './raw-sectors'

/** Whether a volume descriptor stands where sectors of this layout would have it, or sectors begin as they should. */
export async function hasRecognizable(source: ByteSource, layout: SectorLayout): Promise<boolean> {
  if (layout.hasHeader) {
    for (const sector of [0, 1, 16]) {
      const bytes = await source.read(sector * layout.stride, layout.stride + 12)
      if (hasSync(bytes) && (hasSync(bytes, layout.stride) || source.byteLength === layout.stride)) return true
    }
    return false
  }
  const bytes = await source.read(16 * layout.stride + layout.dataOffset, 8)
  return matchesAscii(bytes, 1, 'CD001') || matchesAscii(bytes, 1, 'BEA01')
}
