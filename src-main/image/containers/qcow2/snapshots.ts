import type { ByteSource } from '../../core/byte-source'
import { readOrNull } from '../disk/read-table'

const SNAPSHOT_LIMIT = 1024
const RECORD_LENGTH = 40
const NAMES_LIMIT = 1 << 17

/** A first table of an earlier state of a disk. */
export interface FirstTable {
  tableOffset: number
  tableCount: number
}

/**
 * The internal snapshots of a disk (qcow2.txt, “Snapshots”).
 * @returns their first tables, and where the table of snapshots ends; null where it cannot be read
 */
export async function readSnapshots(
  file: ByteSource,
  offset: number,
  count: number,
): Promise<{ tables: FirstTable[]; end: number } | null> {
  if (count > SNAPSHOT_LIMIT) return null
  const tables: FirstTable[] = []
  let at = offset
  for (let index = 0; index < count; index++) {
    const record = await readOrNull(file, at, RECORD_LENGTH)
    if (record === null) return null
    const tableOffset = Number(record.readBigUInt64BE(0))
    tables.push({ tableOffset, tableCount: record.readUInt32BE(8) })
    const more = record.readUInt32BE(36) + record.readUInt16BE(12) + record.readUInt16BE(14)
    if (more > NAMES_LIMIT) return null
    at += Math.ceil((RECORD_LENGTH + more) / 8) * 8
  }
  return { tables, end: at }
}
