import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { TellFault } from '../table-faults'
import { readBootRecord, type MbrPartition } from './master-boot-record'

const SECTOR = 512
const EXTENDED = new Set([0x05, 0x0f, 0x85])
const LOGICAL_LIMIT = 128

/** The chains inside extended partitions, which hostile tables close into rings. */
export async function readLogicalPartitions(
  source: ByteSource,
  primary: readonly MbrPartition[],
  tell: TellFault,
): Promise<MbrPartition[]> {
  const logical: MbrPartition[] = []
  for (const extended of primary) if (EXTENDED.has(extended.type)) await readChain(source, extended, logical, tell)
  return logical
}

/** Each record names one partition, by its own place, and the next record, by the place of the extended partition. */
async function readChain(
  source: ByteSource,
  extended: MbrPartition,
  logical: MbrPartition[],
  tell: TellFault,
): Promise<void> {
  const end = extended.startSector + extended.sectorCount
  const visited = new Set<number>()
  let from = extended.startSector
  let broken: string | null = null
  for (let sector = from; ;) {
    if ((sector + 1) * SECTOR > source.byteLength) broken = 'it leads behind the end of the disk'
    else if (sector >= end) broken = 'it leads out of that partition'
    else if (visited.has(sector)) broken = 'it leads back into itself'
    else if (logical.length >= LOGICAL_LIMIT) broken = `it has more than ${LOGICAL_LIMIT} members`
    if (broken !== null) break
    visited.add(sector)
    const table = readBootRecord(new ByteReader(await source.read(sector * SECTOR, SECTOR)))
    const data = table?.find(({ type }) => !EXTENDED.has(type))
    const next = table?.find(({ type }) => EXTENDED.has(type))
    if (table === null) broken = `at byte ${sector * SECTOR}, where a record should be, none is`
    // The first record of an extended partition without any, and of one whose first was deleted, names none itself.
    else if (data === undefined && next === undefined && visited.size > 1)
      broken = `the record at byte ${sector * SECTOR} names nothing`
    else if (next === undefined && table.length > 1)
      broken = `the record at byte ${sector * SECTOR} names several partitions, and none to follow`
    if (data !== undefined) {
      const found = { ...data, number: 5 + logical.length, startSector: sector + data.startSector }
      logical.push(found)
      if (found.startSector + found.sectorCount > end) tellOutside(found, extended, sector, tell)
    }
    from = sector
    if (broken !== null) break
    if (next === undefined) return
    sector = extended.startSector + next.startSector
  }
  const message = `The chain of logical partitions in partition ${extended.number} breaks off: ${broken}. Those behind it are lost.`
  tell({
    ...{ cost: 'lost', isProven: false },
    ...{ code: 'PARTITION_CHAIN_BROKEN', message, byteOffset: from * SECTOR },
  })
}

function tellOutside(found: MbrPartition, extended: MbrPartition, record: number, tell: TellFault): void {
  const isBegun = found.startSector < extended.startSector + extended.sectorCount
  const message = `The logical partition ${found.number} ${isBegun ? 'reaches' : 'lies'} behind the end of partition ${extended.number}, which it belongs into.`
  tell({
    ...{ cost: isBegun ? 'mended' : 'lost', isProven: false },
    ...{ code: 'PARTITION_OUTSIDE', message, byteOffset: record * SECTOR },
  })
}
