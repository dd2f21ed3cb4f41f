import { readU16Be } from '../byte-reader'
import type { ByteSource } from '../byte-source'
import { isSectored } from '../container/raw-sectors'
import type { EntryColumns } from '../entry-columns'

/** System Description CD-ROM XA II.2.7: fourteen bytes, of which the attributes are at 4 and `XA` at 6. */
const FORM_2 = 0x1000

/**
 * A file of form 2 sectors (Video CD) holds 2324 bytes a sector, of which blocks show 2048: its content is taken from
 * the sectors themselves where the image has them.
 */
export function applyExtendedArchitecture(
  columns: EntryColumns,
  index: number,
  bytes: Uint8Array,
  from: number,
  to: number,
  volume: ByteSource,
): void {
  if (from + 14 > to || bytes[from + 6] !== 0x58 || bytes[from + 7] !== 0x41) return
  if ((readU16Be(bytes, from + 4) & FORM_2) === 0 || !isSectored(volume)) return
  const start = columns.start[index] ?? 0
  const stored = columns.length64[index] ?? 0
  const content = volume.formTwo(start, stored)
  if (content === null) return
  columns.setRuns(index, { runs: [start, stored], transform: { open: () => content } })
  columns.length64[index] = content.byteLength
}
