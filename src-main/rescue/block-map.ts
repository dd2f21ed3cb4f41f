import { ByteMap } from '../image/core/byte-map'
import type { SectorLayout } from '../image/containers/sectors/raw-sectors'

const BLOCK = 2048

/**
 * What is known of an image's blocks, by what is known of its file: the same where the file is the blocks; sector by
 * sector where they lie in raw sectors.
 */
export function blockMapOf(map: ByteMap, raw: SectorLayout | null): ByteMap {
  if (raw === null) return map
  const { stride } = raw
  const blocks = new ByteMap(Math.floor(map.byteLength / stride) * BLOCK)
  for (const { byteOffset, byteLength, state, by } of map.ranges()) {
    if (state === 'present') continue
    // What proves a part of a sector proves nothing of its block; what is wrong with it is.
    const isProof = state === 'proven'
    const first = isProof ? Math.ceil(byteOffset / stride) : Math.floor(byteOffset / stride)
    const end = isProof ? Math.floor((byteOffset + byteLength) / stride) : Math.ceil((byteOffset + byteLength) / stride)
    blocks.mark(
      { byteOffset: first * BLOCK, byteLength: (end - first) * BLOCK, state, by },
      isProof ? BLOCK : undefined,
    )
  }
  return blocks
}
