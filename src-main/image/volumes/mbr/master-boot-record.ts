import type { ByteReader } from '../../core/byte-reader'

export interface MbrPartition {
  number: number
  type: number
  startSector: number
  sectorCount: number
}

/** The four entries at byte 446, of 16 bytes each. Null where there is no table, or code in its place, or nothing in it. */
export function readMasterBootRecord(sector: ByteReader): MbrPartition[] | null {
  const partitions = readBootRecord(sector)
  return partitions !== null && partitions.length > 0 ? partitions : null
}

/** As `readMasterBootRecord`; a table may have nothing in it. */
export function readBootRecord(sector: ByteReader): MbrPartition[] | null {
  if (sector.u16Le(510) !== 0xaa55) return null
  const partitions: MbrPartition[] = []
  for (let index = 0; index < 4; index++) {
    const at = 446 + index * 16
    const status = sector.u8(at)
    if (status !== 0 && status !== 0x80) return null
    const type = sector.u8(at + 4)
    const [startSector, sectorCount] = [sector.u32Le(at + 8), sector.u32Le(at + 12)]
    // One that begins somewhere and has no length is damaged, not empty.
    if (type === 0 || (sectorCount === 0 && startSector === 0)) continue
    partitions.push({ number: index + 1, type, startSector, sectorCount })
  }
  return partitions
}
