import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { OverlaySource } from '../../core/sources/overlay-source'
import { isSuperblockIntact } from './sums'
import {
  descriptorPlace,
  MAGIC,
  MAGIC_AT,
  readSuperblock,
  SUPERBLOCK_LENGTH,
  SUPERBLOCK_OFFSET,
  type ExtSuperblock,
} from './superblock'

/** Groups that have copies by the rule of powers (`sparse_super`): enough of them, and the next one where all have. */
const GROUPS = [1, 3, 5, 7, 9, 25, 27, 49, 81, 125]
/** What a volume of petabytes has; nobody reads more than that for a copy. */
const DESCRIPTORS_LIMIT = 16 << 20
/** Blocks of 1 KiB to 64 KiB. */
const BLOCK_LENGTHS = [0, 1, 2, 3, 4, 5, 6].map((shift) => 1024 << shift)

/** A superblock that may be used in place of the first one. */
export interface SuperblockCopy {
  superblock: ExtSuperblock
  bytes: Uint8Array
  /** In which group it lies; 0 for the first one itself with its mark set right. */
  group: number
  /** Where it lies, in bytes of the volume. */
  byteOffset: number
}

/**
 * What may be used in place of the first superblock, one after the other. Each says in which group it lies, and lies there: what
 * another volume has left behind does not.
 * @param first the first one's bytes, of which some may be left
 */
export async function* superblockCopies(volume: ByteSource, first: Uint8Array): AsyncGenerator<SuperblockCopy> {
  if (first.byteLength < SUPERBLOCK_LENGTH) return
  const marked = withMark(first)
  const own = readSuperblock(new ByteReader(marked))
  // Its sum proves that nothing else is wrong with it.
  if (typeof own !== 'string' && own.sumSeed !== null && isSuperblockIntact(marked))
    yield { superblock: own, bytes: marked, group: 0, byteOffset: SUPERBLOCK_OFFSET }
  for (const { blockLength, blocksPerGroup, firstDataBlock } of layouts(new ByteReader(first))) {
    for (const group of GROUPS) {
      const byteOffset = (firstDataBlock + group * blocksPerGroup) * blockLength
      if (byteOffset + SUPERBLOCK_LENGTH > volume.byteLength) break
      const bytes = await volume.read(byteOffset, SUPERBLOCK_LENGTH)
      const superblock = copyOf(bytes, group)
      if (superblock?.blockLength !== blockLength) continue
      if (superblock.blocksPerGroup !== blocksPerGroup || superblock.firstDataBlock !== firstDataBlock) continue
      if (superblock.blockCount * blockLength > byteOffset) yield { superblock, bytes, group, byteOffset }
    }
  }
}

/**
 * The volume with the copy in the place of the first superblock, and the copies of the descriptors that follow it.
 * @param structures as `volume`; what cannot be read is zeros
 */
export async function withCopy(volume: ByteSource, structures: ByteSource, copy: SuperblockCopy): Promise<ByteSource> {
  const { superblock, bytes, byteOffset, group } = copy
  const mended = new OverlaySource(volume, SUPERBLOCK_OFFSET, bytes)
  const { blockLength, blockCount, firstDataBlock, blocksPerGroup, descriptorLength, firstMetaGroup } = superblock
  const length = Math.ceil((blockCount - firstDataBlock) / blocksPerGroup) * descriptorLength
  if (group === 0 || firstMetaGroup !== Infinity || length > DESCRIPTORS_LIMIT) return mended
  const descriptors = await structures.read((Math.floor(byteOffset / blockLength) + 1) * blockLength, length)
  if (descriptors.byteLength < length || !canBe(descriptors, superblock)) return mended
  return new OverlaySource(mended, descriptorPlace(superblock, 0), descriptors)
}

/** Whether every descriptor names a place in the volume for its inodes. */
function canBe(descriptors: Uint8Array, { descriptorLength, blockCount }: ExtSuperblock): boolean {
  const reader = new ByteReader(descriptors)
  for (let at = 0; at < descriptors.byteLength; at += descriptorLength) {
    const block = reader.u32Le(at + 8) + (descriptorLength >= 64 ? reader.u32Le(at + 40) * 2 ** 32 : 0)
    if (block === 0 || block >= blockCount) return false
  }
  return true
}

function withMark(first: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first)
  bytes.set([MAGIC & 255, MAGIC >> 8], MAGIC_AT)
  return bytes
}

/** Null where it is none, or not of that group. */
function copyOf(bytes: Uint8Array, group: number): ExtSuperblock | null {
  const reader = new ByteReader(bytes)
  if (reader.u16Le(90) !== group) return null
  const superblock = readSuperblock(reader)
  if (typeof superblock === 'string') return null
  return superblock.sumSeed === null || isSuperblockIntact(bytes) ? superblock : null
}

type Layout = Pick<ExtSuperblock, 'blockLength' | 'blocksPerGroup' | 'firstDataBlock'>

/** How groups may lie: as what is left of the first superblock says, and as mke2fs makes them. */
function layouts(first: ByteReader): Layout[] {
  const found: Layout[] = []
  const add = (blockLength: number, blocksPerGroup: number): void => {
    // With blocks of 1 KiB the first one is the boot sector’s and does not count, but for clusters of several blocks.
    for (const firstDataBlock of blockLength === 1024 ? [1, 0] : [0])
      if (
        !found.some(
          (each) =>
            each.blockLength === blockLength &&
            each.blocksPerGroup === blocksPerGroup &&
            each.firstDataBlock === firstDataBlock,
        )
      )
        found.push({ blockLength, blocksPerGroup, firstDataBlock })
  }
  const shift = first.u32Le(24)
  const blocksPerGroup = first.u32Le(32)
  if (shift < BLOCK_LENGTHS.length && blocksPerGroup >= 256 && blocksPerGroup % 8 === 0)
    add(1024 << shift, blocksPerGroup)
  for (const length of BLOCK_LENGTHS) add(length, length * 8)
  // Clusters are of 16 blocks where nobody said otherwise.
  for (const length of BLOCK_LENGTHS) add(length, length * 8 * 16)
  return found
}
