import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { EntryColumns } from '../../core/entry-columns'
import { EntryFlag } from '../../core/entry-flags'
import type { LongFiles } from '../../core/long-files'

/**
 * A bridge's UDF side knows the length of files that 32 bits are too few for; nobody may lose what is recorded.
 * @param first of the entries that are looked at
 */
export function takeLongFiles(columns: EntryColumns, first: number, longFiles: LongFiles, log: DiagnosticLog): void {
  for (let index = first; longFiles.size > 0 && index < columns.length; index++) {
    const long = columns.kindOf(index) === 'file' ? longFiles.get(columns.start[index] ?? -1) : undefined
    if (long === undefined || long.byteLength <= (columns.length64[index] ?? 0)) continue
    columns.length64[index] = long.byteLength
    columns.setRuns(index, { runs: long.runs })
    columns.flags[index] = (columns.flags[index] ?? 0) & ~EntryFlag.doubtful
    const message = `“${columns.arenaName(index)}” is longer in the UDF tree than ISO 9660 says; all of it is shown.`
    log.warn('LENGTH_FROM_UDF', message, columns.start[index])
  }
}
