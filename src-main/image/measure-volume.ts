import { ByteReader } from './core/byte-reader'
import type { ByteSource } from './core/byte-source'
import { FILE_SYSTEMS } from './filesystems/registry'
import { VOLUME_MAPS } from './volumes/registry'

const SECTOR = 512

/**
 * How long a volume says that it is by its first sector, in bytes; null where no known one begins there.
 * @param mayBeDisk what lies there may be a disk with a table of volumes
 */
export async function measureVolume(
  source: ByteSource,
  byteOffset: number,
  mayBeDisk: boolean,
): Promise<number | null> {
  const sector = new ByteReader(await source.read(byteOffset, SECTOR))
  for (const fileSystem of FILE_SYSTEMS) {
    const byteLength = fileSystem.measure?.(sector) ?? null
    if (byteLength !== null) return byteLength
  }
  if (!mayBeDisk) return null
  for (const map of VOLUME_MAPS) {
    const byteLength = map.measure?.(sector) ?? null
    if (byteLength !== null && byteLength > 0) return byteLength
  }
  return null
}
