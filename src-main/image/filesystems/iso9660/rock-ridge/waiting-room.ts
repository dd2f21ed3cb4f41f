import type { ByteSource } from '../../../core/byte-source'
import type { EntryColumns } from '../../../core/entry-columns'
import { EntryFlag, Kind } from '../../../core/entry-flags'
import { hasSelfRecord } from '../../../core/self-record'
import type { RockRidgeRecord } from './rock-ridge-record'

const SECTOR = 2048

/** Where directories wait that were moved for their depth (RRIP 4.1.5). @param name of a directory in the root */
export function isWaitingRoom(name: string): boolean {
  return /^\.?rr_moved$/i.test(name)
}

/**
 * BSD's makefs writes CL and PL but no RE: what waits is told by the PL of its `..` record (RRIP 4.1.5.2), and belongs
 * where its CL is.
 * @param first of the entries that wait
 * @param suspSkip bytes that every system use area begins with and that are none of it
 */
export async function dropRelocated(
  columns: EntryColumns,
  first: number,
  structures: ByteSource,
  rr: RockRidgeRecord,
  suspSkip: number,
): Promise<void> {
  for (let index = first; index < columns.length; index++) {
    const flags = columns.flags[index] ?? 0
    if ((flags & 7) !== Kind.directory) continue
    const bytes = await structures.read(columns.start[index] ?? 0, SECTOR)
    const parent = bytes[0] ?? 0
    const length = bytes[parent] ?? 0
    if (!hasSelfRecord(bytes) || length < 34 || parent + length > bytes.byteLength) continue
    rr.reset()
    rr.parse(bytes, parent + 34 + suspSkip, parent + length)
    if (rr.parentLocation >= 0) columns.flags[index] = flags | EntryFlag.removed
  }
}
