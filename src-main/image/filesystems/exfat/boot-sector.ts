import type { ByteReader } from '../../core/byte-reader'

export const MAGIC = 'EXFAT   '
export const MAGIC_AT = 3
const BOOT_SECTOR_LENGTH = 512
/** Of any volume (exFAT specification 3.1.9). */
const CLUSTER_LIMIT = 0xfffffff5
const FIRST_CLUSTER = 2

/** exFAT specification 3.1; little-endian. Places are in bytes from the start of the volume. */
export interface ExfatBoot {
  sectorLength: number
  clusterLength: number
  /** Of the allocation table in use. */
  fatOffset: number
  fatLength: number
  heapOffset: number
  clusterCount: number
  rootCluster: number
  byteLength: number
}

/** What it says, or what of it cannot be: the rest of a sentence. */
export function readBootSector(sector: ByteReader): ExfatBoot | string {
  if (!sector.has(0, BOOT_SECTOR_LENGTH) || !sector.matches(MAGIC_AT, MAGIC)) return 'has no boot sector'
  const sectorShift = sector.u8(108)
  const clusterShift = sector.u8(109)
  if (sectorShift < 9 || sectorShift > 12) return 'has sectors of a length that cannot be'
  if (clusterShift > 25 - sectorShift) return 'has clusters of a length that cannot be'
  const sectorLength = 2 ** sectorShift
  const fatCount = sector.u8(110)
  const clusterCount = sector.u32Le(92)
  const fatSectors = sector.u32Le(84)
  const heapOffset = sector.u32Le(88) * sectorLength
  const activeFat = fatCount === 2 ? sector.u16Le(106) & 1 : 0
  const rootCluster = sector.u32Le(96)
  const fatOffset = (sector.u32Le(80) + activeFat * fatSectors) * sectorLength
  const fatLength = fatSectors * sectorLength
  if (fatCount < 1 || fatCount > 2 || fatOffset === 0 || fatOffset + fatLength > heapOffset)
    return 'has no allocation table where it should be'
  if (clusterCount === 0 || clusterCount > CLUSTER_LIMIT || (clusterCount + FIRST_CLUSTER) * 4 > fatLength)
    return 'has more clusters than its allocation table has room for'
  if (!isCluster(rootCluster, clusterCount)) return 'has its root directory outside of it'
  return {
    sectorLength,
    clusterLength: sectorLength * 2 ** clusterShift,
    fatOffset,
    fatLength,
    heapOffset,
    clusterCount,
    rootCluster,
    byteLength: sector.u64Le(72) * sectorLength,
  }
}

export function isCluster(cluster: number, clusterCount: number): boolean {
  return cluster >= FIRST_CLUSTER && cluster < clusterCount + FIRST_CLUSTER
}

/** Where a cluster lies, in bytes of the volume. */
export function clusterOffset({ heapOffset, clusterLength }: ExfatBoot, cluster: number): number {
  return heapOffset + (cluster - FIRST_CLUSTER) * clusterLength
}
