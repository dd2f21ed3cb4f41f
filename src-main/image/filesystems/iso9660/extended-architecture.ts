import { readU16Be } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import { isSectored, type SectoredSource } from '../../core/sectored-source'
import type { EntryColumns } from '../../core/entry-columns'
import { Kind, KIND_MASK } from '../../core/entry-flags'

/** System Description CD-ROM XA II.2.7: form 2 sectors, and forms interleaved. */
const FORM_2_OR_MIXED = 0x3000

/** Whether a record's XA attributes (fourteen bytes: attributes at 4, `XA` at 6) tell of sectors of form 2. */
export function isMarkedFormTwo(bytes: Uint8Array, from: number, to: number): boolean {
  if (from + 14 > to || bytes[from + 6] !== 0x58 || bytes[from + 7] !== 0x41) return false
  return (readU16Be(bytes, from + 4) & FORM_2_OR_MIXED) !== 0
}

/**
 * Files with sectors of form 2 (Video CD, CD-i and PlayStation streams) hold 2324 bytes in each, of which blocks show
 * 2048: their content is taken from the sectors themselves where the image has them.
 * @param marked the entries whose directory records tell of such sectors
 */
export async function applySectorForms(
  columns: EntryColumns,
  first: number,
  marked: ReadonlySet<number>,
  volume: ByteSource,
): Promise<void> {
  if (!isSectored(volume)) return
  for (let index = first; index < columns.length; index++) {
    const start = columns.start[index] ?? 0
    const stored = columns.length64[index] ?? 0
    if (((columns.flags[index] ?? 0) & KIND_MASK) !== Kind.file || stored === 0 || columns.runsOf(index) !== null)
      continue
    const content = await formsOf(volume, start, stored, marked.has(index))
    if (content === null) continue
    columns.setRuns(index, { runs: [start, stored], transform: { open: () => content } })
    columns.length64[index] = content.byteLength
  }
}

/** A file whose sectors cannot be read is found out when it is read; listing it must not fail. */
async function formsOf(
  volume: SectoredSource,
  start: number,
  stored: number,
  isMarked: boolean,
): Promise<ByteSource | null> {
  try {
    return await volume.formsOf(start, stored, isMarked)
  } catch (error) {
    if (error instanceof SourceError && error.code !== 'SOURCE_GONE') return null
    throw error
  }
}
