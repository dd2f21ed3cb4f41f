import type { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { TableFault, TellFault } from '../table-faults'
import { GPT_SECTOR_SIZES, isSound, readGuidTable, type GuidTable } from '../../core/guid-table'
import { protectionOf, type Protection } from './protective-record'

/**
 * The table that counts (UEFI 5.3.2): the first one where its sums fit, else the other, at the end of the disk. Null
 * where there is none.
 * @param tell of what is wrong with either
 */
export async function findGuidTable(source: ByteSource, head: ByteReader, tell: TellFault): Promise<GuidTable | null> {
  const protection = protectionOf(head)
  const tables: GuidTable[] = []
  for (const size of GPT_SECTOR_SIZES) {
    const table = await readGuidTable(source, size, size)
    if (table !== null) tables.push(table)
  }
  const primary = tables.find(isSound) ?? tables[0] ?? null
  // Beside other entries stand tables that isohybrid made, whose sums do not always fit.
  const isProven = protection.kind === 'alone'
  if (primary !== null && isSound(primary)) {
    if (protection.kind === 'none') {
      const message = 'The disk has a GUID partition table (GPT), and nothing in its first sector protects it.'
      tell({ cost: 'none', isProven, code: 'GPT_UNPROTECTED', message, byteOffset: 0 })
    }
    const fault = await faultOfCopy(source, primary)
    if (fault !== null) tell({ ...fault, isProven: false })
    return primary
  }
  const byteOffset = primary?.byteOffset ?? GPT_SECTOR_SIZES[0] ?? 0
  if (protection.kind === 'other') {
    const message = 'What is left of a GUID partition table (GPT) is not used: the disk was given another table since.'
    tell({ cost: 'none', isProven, code: 'GPT_LEFT_OVER', message, byteOffset })
    return null
  }
  const copy = await findCopy(source, primary, protection)
  if (copy !== null) {
    const message = 'The GUID partition table (GPT) at the start of the disk is damaged; the one at its end is used.'
    tell({ cost: 'mended', isProven, code: 'GPT_COPY_USED', message, byteOffset })
    return copy
  }
  if (primary === null) {
    const message =
      'The first sector says that the disk has a GUID partition table (GPT), and there is none, neither at its start nor at its end: the partition table is lost.'
    tell({ cost: 'lost', isProven, code: 'PARTITION_TABLE_LOST', message, byteOffset })
    return null
  }
  const message = primary.areEntriesSound
    ? 'The header of the GUID partition table (GPT) is damaged, and no other is there; its entries give their sum.'
    : 'The GUID partition table (GPT) is damaged, and no other is there: partitions may be missing or wrong.'
  const cost = primary.areEntriesSound ? 'mended' : 'lost'
  tell({ cost, isProven, code: 'PARTITION_TABLE_DAMAGED', message, byteOffset })
  return primary
}

/** The other table, where its sums fit and it says that it belongs to one at the start. */
async function findCopy(
  source: ByteSource,
  primary: GuidTable | null,
  protection: Protection,
): Promise<GuidTable | null> {
  for (const size of primary === null ? GPT_SECTOR_SIZES : [primary.sectorSize]) {
    const last = Math.floor(source.byteLength / size) - 1
    for (const sector of new Set([last, protection.last, primary?.alternate ?? last])) {
      const copy = Number.isSafeInteger(sector * size) ? await readGuidTable(source, sector * size, size) : null
      if (copy !== null && isSound(copy) && copy.alternate === 1 && copy.byteOffset !== size) return copy
    }
  }
  return null
}

/** What is wrong with the other table of one whose sums fit; null where nothing is. */
async function faultOfCopy(source: ByteSource, primary: GuidTable): Promise<Omit<TableFault, 'isProven'> | null> {
  const { sectorSize, alternate } = primary
  const byteOffset = alternate * sectorSize
  if (alternate <= 1) {
    const message = 'The GUID partition table (GPT) names no copy of itself.'
    return { cost: 'none', code: 'GPT_COPY_ELSEWHERE', message }
  }
  if (byteOffset + sectorSize > source.byteLength) {
    // Images are cut behind what they hold, and written to larger disks.
    const message = `The copy of the GUID partition table (GPT) is not in the image: it belongs to byte ${byteOffset}.`
    return { cost: 'none', code: 'GPT_COPY_ELSEWHERE', message }
  }
  const copy = await readGuidTable(source, byteOffset, sectorSize)
  if (copy === null || !isSound(copy)) {
    const last = Math.floor(source.byteLength / sectorSize) - 1
    const other = last === alternate ? null : await readGuidTable(source, last * sectorSize, sectorSize)
    if (other !== null && isSound(other)) {
      const message = 'The copy of the GUID partition table (GPT) lies elsewhere than the table says.'
      return { cost: 'none', code: 'GPT_COPY_ELSEWHERE', message, byteOffset }
    }
    const message =
      'The copy of the GUID partition table (GPT) at the end of the disk is damaged; the first one is whole.'
    return { cost: 'mended', code: 'GPT_COPY_DAMAGED', message, byteOffset }
  }
  if (isSame(primary, copy)) return null
  const message =
    'The two GUID partition tables (GPT) of the disk differ from one another; the one at its start is used.'
  return { cost: 'mended', code: 'GPT_TABLES_DIFFER', message, byteOffset }
}

function isSame(one: GuidTable, other: GuidTable): boolean {
  if (one.diskId !== other.diskId || one.entryLength !== other.entryLength) return false
  return Buffer.compare(one.entries.bytes, other.entries.bytes) === 0
}
