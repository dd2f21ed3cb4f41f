import type { ByteReader } from '../../core/byte-reader'

export const MAGIC = 'NTFS    '
export const MAGIC_AT = 3
export const BOOT_SECTOR_LENGTH = 512
const CLUSTER_LIMIT = 2 << 20
const RECORD_LIMIT = 64 << 10

/** The boot sector of NTFS; little-endian. Lengths in bytes. */
export interface NtfsBoot {
  sectorLength: number
  clusterLength: number
  clusterCount: number
  /** Of the first record of the master file table, and of its mirror, in clusters. */
  mftCluster: number
  mirrorCluster: number
  recordLength: number
  byteLength: number
}

/** What it says, or what of it cannot be: the rest of a sentence. */
export function readBootSector(sector: ByteReader): NtfsBoot | string {
  if (!sector.has(0, BOOT_SECTOR_LENGTH) || !sector.matches(MAGIC_AT, MAGIC)) return 'has no boot sector'
  const sectorLength = sector.u16Le(11)
  if (![512, 1024, 2048, 4096].includes(sectorLength)) return 'has sectors of a length that cannot be'
  const recorded = sector.u8(13)
  const clusterLength = sectorLength * (recorded > 0x80 ? 2 ** (256 - recorded) : recorded)
  if (clusterLength === 0 || clusterLength > CLUSTER_LIMIT || !isPower(clusterLength))
    return 'has clusters of a length that cannot be'
  const recordLength = lengthOf(sector.i8(64), clusterLength)
  if (recordLength < 512 || recordLength > RECORD_LIMIT || !isPower(recordLength))
    return 'has file records of a length that cannot be'
  const sectors = sector.u64Le(40)
  const clusterCount = Math.floor((sectors * sectorLength) / clusterLength)
  const mftCluster = sector.u64Le(48)
  const mirrorCluster = sector.u64Le(56)
  if (!(clusterCount > 0) || !Number.isSafeInteger(sectors * sectorLength)) return 'is of a length that cannot be'
  if (mftCluster >= clusterCount || mirrorCluster >= clusterCount) return 'has its table of files outside of it'
  return {
    sectorLength,
    clusterLength,
    clusterCount,
    mftCluster,
    mirrorCluster,
    recordLength,
    // The last sector, which has a copy of the first, is not counted.
    byteLength: (sectors + 1) * sectorLength,
  }
}

/** Clusters, or the power of two that a length is where it is negative. */
function lengthOf(recorded: number, clusterLength: number): number {
  return recorded > 0 ? recorded * clusterLength : 2 ** -recorded
}

function isPower(value: number): boolean {
  return Number.isInteger(Math.log2(value))
}
