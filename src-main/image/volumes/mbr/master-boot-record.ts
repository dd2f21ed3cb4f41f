import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'

export interface MbrPartition {
  number: number
  type: number
  startSector: number
  sectorCount: number
}

const EXTENDED = new Set([0x05, 0x0f, 0x85])
const LOGICAL_LIMIT = 128

/** The four entries at byte 446, of 16 bytes each. Null where there is no table, or code in its place. */
export function readMasterBootRecord(sector: ByteReader): MbrPartition[] | null {
  if (sector.u16Le(510) !== 0xaa55) return null
  const partitions: MbrPartition[] = []
  for (let index = 0; index < 4; index++) {
    const at = 446 + index * 16
    const status = sector.u8(at)
    if (status !== 0 && status !== 0x80) return null
    const type = sector.u8(at + 4)
    const sectorCount = sector.u32Le(at + 12)
    if (type === 0 || sectorCount === 0) continue
    partitions.push({ number: index + 1, type, startSector: sector.u32Le(at + 8), sectorCount })
  }
  return partitions.length > 0 ? partitions : null
}

/** The chain inside an extended partition, which hostile tables close into a ring. */
export async function readLogicalPartitions(
  source: ByteSource,
  primary: readonly MbrPartition[],
): Promise<MbrPartition[]> {
  const logical: MbrPartition[] = []
  for (const extended of primary) {
    if (!EXTENDED.has(extended.type)) continue
    const visited = new Set<number>()
    for (let sector = extended.startSector; !visited.has(sector) && logical.length < LOGICAL_LIMIT;) {
      visited.add(sector)
      const table = readMasterBootRecord(new ByteReader(await source.read(sector * 512, 512))) ?? []
      const data = table.find((partition) => !EXTENDED.has(partition.type))
      const next = table.find((partition) => EXTENDED.has(partition.type))
      if (data !== undefined) {
        logical.push({ ...data, number: 5 + logical.length, startSector: sector + data.startSector })
      }
      if (next === undefined) break
      sector = extended.startSector + next.startSector
    }
  }
  return logical
}
