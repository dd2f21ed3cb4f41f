import type { MaybePromise } from './byte-source'
import type { DiagnosticLog } from './diagnostic-log'
import type { DirectoryFinisher } from './directory-finisher'
import type { EntryColumns } from './entry-columns'
import type { StreamSink } from './named-streams'

/** What reading directories needs besides the tree itself. */
export interface ReadContext {
  finisher: Pick<DirectoryFinisher, 'finish'>
  log: DiagnosticLog
  streams: StreamSink
  /** Entries that may still be appended; readers stop at zero. */
  entriesLeft: () => number
  signal?: AbortSignal
  /**
   * Told once of a directory that takes more than one read, as soon as some of it is there: entries from `first` on are
   * as recorded, neither finished nor all.
   */
  onBeginning?: (columns: EntryColumns, directory: number, first: number) => MaybePromise<void>
}

/** A volume's own way from a directory to its children. The walker does the rest: loops, limits, order, paths. */
export interface TreeReader {
  /** An empty table; `basePath` is the path of its entry 0. */
  createColumns(basePath: string): EntryColumns
  /** Appends entry 0. */
  readRoot(columns: EntryColumns): Promise<void>
  /**
   * Appends the children of each directory, those of one directory contiguous, and has each directory finished.
   * `start` of a directory identifies it: two entries with the same start are the same directory.
   */
  readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void>
  /**
   * A directory that has another name elsewhere in the tree, and lies in neither of itself, is about to be read once more.
   * Absent where no sound volume has such: then it is shown empty, and is damage.
   */
  meetAgain?(columns: EntryColumns, directory: number): void
  /**
   * A whole view (`isWhole`) or the part below a directory has been read: faults that only the sight of all records can
   * judge are told now.
   */
  finishWalk?(columns: EntryColumns, isWhole: boolean): Promise<void>
}

/** An entry in a table that holds it, its directory being entry 0 (or the entry itself where it is the root). */
export interface LocatedTableEntry {
  columns: EntryColumns
  index: number
}
