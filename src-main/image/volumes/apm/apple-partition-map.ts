import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { Partition } from '../volume-map'

const ENTRY_LIMIT = 256

/**
 * Where the first entry is found: in block 1. Block 0 says the size as well, and may lie, as isolyzer's
 * iso9660_hfs_part_wrongblksize.iso shows.
 */
export function mapBlockSize(head: ByteReader): number | undefined {
  return [512, 1024, 2048, 4096].find((size) => head.matches(size, 'PM'))
}

/** Inside Macintosh: Devices, 3-25. Entries of one block each, the first in block 1. */
export async function readApplePartitionMap(source: ByteSource, start: ByteReader): Promise<Partition[]> {
  const blockSize = mapBlockSize(start)
  if (blockSize === undefined) return []
  const count = Math.min(start.u32Be(blockSize + 4), ENTRY_LIMIT)
  const map = new ByteReader(await source.read(blockSize, count * blockSize))
  const partitions: Partition[] = []
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
