import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiskPartition } from '../disk-partition'

const ENTRY_LIMIT = 256

/**
 * Inside Macintosh: Devices, 3-25. Entries of one block each, the first in block 1. The block size is where the first
 * entry is found, not what block 0 says: isolyzer's iso9660_hfs_part_wrongblksize.iso shows that it may lie.
 */
export async function readApplePartitionMap(source: ByteSource, start: ByteReader): Promise<DiskPartition[]> {
  const blockSize = [512, 1024, 2048, 4096].find((size) => start.matches(size, 'PM'))
  if (blockSize === undefined) return []
  const count = Math.min(start.u32Be(blockSize + 4), ENTRY_LIMIT)
  const map = new ByteReader(await source.read(blockSize, count * blockSize))
  const partitions: DiskPartition[] = []
  for (let index = 0; index < count; index++) {
    const at = index * blockSize
    if (!map.has(at, 80) || !map.matches(at, 'PM')) break
    const type = map.text(at + 48, 32)
    if (type === 'Apple_partition_map' || type === 'Apple_Free') continue
    partitions.push({
      scheme: 'apm',
      number: index + 1,
      type,
      name: map.text(at + 16, 32),
      byteOffset: map.u32Be(at + 8) * blockSize,
      byteLength: map.u32Be(at + 12) * blockSize,
    })
  }
  return partitions
}
