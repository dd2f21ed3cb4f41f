import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { FoundView } from '../../core/opened-image'
import type { DiskPartition } from '../../volumes/disk-partition'
import { SliceSource } from '../../core/sources/slice-source'
import { readFatBootSector } from './boot-sector'
import { FatTree } from './fat-tree'

export interface FoundFat {
  view: FoundView
  /** In bytes of the image. */
  byteEnd: number
}

/** A FAT volume that is the whole image, or the first partition that holds one. */
export async function findFat(
  source: ByteSource,
  partitions: readonly DiskPartition[],
  charset: string | undefined,
): Promise<FoundFat | null> {
  for (const byteOffset of [0, ...partitions.map((partition) => partition.byteOffset)]) {
    const boot = readFatBootSector(new ByteReader(await source.read(byteOffset, 512)))
    if (boot === null) continue
    const volume = new SliceSource(source, byteOffset)
    return {
      view: {
        info: {
          id: 'fat',
          kind: 'fat',
          label: `FAT${boot.bits}`,
          format: `FAT${boot.bits}`,
          volumeName: boot.label === 'NO NAME' ? '' : boot.label,
          entryCount: null,
          isDefault: false,
        },
        openTree: (log) => new FatTree(volume, boot, log, charset),
        // Used up already, for the short names.
        charset: undefined,
      },
      byteEnd: byteOffset + boot.byteLength,
    }
  }
  return null
}
