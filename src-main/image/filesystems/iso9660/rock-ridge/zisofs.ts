import { tableEndOf } from '../../../codecs/block-table'
import { zisofsPacking, type ZisofsEntry } from '../../../codecs/zisofs'
import { packedContent, type ContentTransform } from '../../../core/content-runs'

/** Null where the entry cannot describe `storedLength` bytes: the file is then left as it is stored. */
export function zisofsTransform(entry: ZisofsEntry, storedLength: number): ContentTransform | null {
  const { blockSizeLog2, headerLength, byteLength } = entry
  if (blockSizeLog2 < 15 || blockSizeLog2 > 24 || headerLength < 16 || byteLength >= 2 ** 53) return null
  const packing = zisofsPacking(entry)
  // Terabytes declared over a short file: the table of pointers alone would not fit.
  return tableEndOf(packing) > storedLength && byteLength > 0 ? null : packedContent(packing)
}
