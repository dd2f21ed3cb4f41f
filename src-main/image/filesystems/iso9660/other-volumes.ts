import { NOWHERE } from '../../core/content-runs'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind, KIND_MASK } from '../../core/entry-flags'

/**
 * Marks an entry as recorded on another volume of the set (ECMA-119 9.1.9): none of its content is in this image, and what
 * lies at its place here is something else.
 */
export function markElsewhere(columns: EntryColumns, index: number): void {
  if (((columns.flags[index] ?? 0) & KIND_MASK) === Kind.file) columns.setRuns(index, NOWHERE)
  columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
}

/** Directories without those of other volumes: what lies at their places on this one is something else. */
export function recordedHere(columns: EntryColumns, directories: readonly number[]): number[] {
  return directories.filter((index) => ((columns.flags[index] ?? 0) & EntryFlag.damaged) === 0)
}

/** Says of an entry that it is recorded on another volume. What is in a directory nobody can name. */
export function reportElsewhere(log: DiagnosticLog, isDirectory: boolean, byteOffset: number): void {
  const message = isDirectory
    ? 'A directory is recorded on another volume of the set: what it holds is missing.'
    : 'A file is recorded on another volume of the set.'
  if (isDirectory) log.damage('ON_ANOTHER_VOLUME', message, byteOffset)
  else log.warn('ON_ANOTHER_VOLUME', message, byteOffset)
}
