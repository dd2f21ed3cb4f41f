import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { EntryColumns } from '../../core/entry-columns'
import { Kind } from '../../core/entry-flags'
import { FaultTally } from '../../core/fault-tally'
import { readSelfRecord } from '../../core/self-record'
import {
  firstReadable,
  readPathTables,
  type PathTableEntry,
  type PathTablePlace,
  type RecordedPathTable,
} from './path-table'
import type { SharedDirectories } from './shared-directories'
import type { RecordedNames } from './recorded-names'

const SECTOR = 2048
/** Directories that are looked at to find out whether a path table is another tree's. */
const SAMPLE = 16
const MOST_ENTRIES = 0xffff

/** The path table (ECMA-119 6.9) as a second record of every directory: what a tree has lost is still in it. */
export class PathTableTwin {
  private read: Promise<RecordedPathTable[]> | null = null

  /** @param byteOffsetOf where a block begins, in bytes of `structures` */
  constructor(
    private readonly structures: ByteSource,
    private readonly place: PathTablePlace,
    private readonly byteOffsetOf: (block: number) => number,
    private readonly names: RecordedNames,
    private readonly log: DiagnosticLog,
  ) {}

  /**
   * Tells of directories that the table names and the whole tree does not have.
   * @param unshown where directories begin that are left out of the tree on purpose
   * @param shared directories with more names than one
   * @param createTwin makes columns to compare names with; null where the table has others than the tree
   */
  async compare(
    columns: EntryColumns,
    unshown: ReadonlySet<number>,
    createTwin: (() => EntryColumns) | null,
    shared: SharedDirectories,
  ): Promise<void> {
    const tables = await this.tables()
    this.compareTables(tables)
    const table = await this.entries()
    if (table.length < 2) return
    const known = new Map<number, number>()
    for (let index = 0; index < columns.length; index++)
      if (columns.kindOf(index) === 'directory') known.set(columns.start[index] ?? -1, index)
    const starts = table.map((entry) => this.startOf(entry))
    for (const start of starts) shared.findNamed(start)
    const lost: number[] = []
    for (const start of starts)
      if (!known.has(start) && !unshown.has(start) && !(await shared.findCopy(start))) lost.push(start)
    // A table that hardly knows the tree is one of another.
    if (lost.length * 2 > table.length && !(await this.areDirectories(table, known.has(starts[0] ?? -1)))) {
      this.log.warn('PATH_TABLE_DISAGREES', 'The path table is not one of this tree.')
      return
    }
    for (const start of lost)
      this.log.damage('DIRECTORY_LOST', 'The path table names a directory that is not in the tree.', start)
    this.reportUnnamed(table, new Set(starts), known)
    for (const start of shared.starts) known.delete(start)
    if (createTwin) this.compareNames(columns, createTwin(), table, starts, known)
  }

  /** Tells of a table that cannot be read, or that differs from its twin. Nothing is lost by that: the tree is read. */
  private compareTables(tables: readonly RecordedPathTable[]): void {
    const [first, second] = tables
    const readable = tables.find(({ entries }) => entries.length > 0)
    if (!readable) return
    for (const { byteOffset, entries, isBlank } of tables) {
      if (entries.length > 0) continue
      const message = 'A path table cannot be read; its twin has the same.'
      // Some writers leave the one that hardly anybody reads blank.
      if (isBlank && byteOffset === second?.byteOffset) this.log.note('PATH_TABLE_BLANK', message, byteOffset)
      else this.log.recovered('PATH_TABLE_DAMAGED', message, byteOffset)
    }
    if (!first || !second || first.entries.length === 0 || second.entries.length === 0) return
    const differs = first.entries.some((entry, at) => !isSameEntry(entry, second.entries[at]))
    if (differs || first.entries.length !== second.entries.length)
      this.log.recovered('PATH_TABLES_DIFFER', 'The two path tables differ from one another.', second.byteOffset)
  }

  /** Tells of directories that the tree has and the table does not name. */
  private reportUnnamed(
    table: readonly PathTableEntry[],
    named: ReadonlySet<number>,
    known: ReadonlyMap<number, number>,
  ): void {
    // ECMA-119 9.4.4 numbers parents with 16 bits: of more directories none is named.
    if (table.length >= MOST_ENTRIES) return
    const unnamed = [...known.keys()].filter((start) => start >= 0 && !named.has(start))
    const [start] = unnamed
    if (start === undefined) return
    const message = `The path table lacks ${unnamed.length} of the directories of its tree.`
    if (unnamed.length * 2 > known.size) this.log.warn('PATH_TABLE_INCOMPLETE', message, start)
    else this.log.recovered('PATH_TABLE_INCOMPLETE', message, start)
  }

  /**
   * Whether a table that names much more than the tree has is the tree's all the same: it begins with its root, and
   * where it leads there are directories that say they lie there.
   */
  private async areDirectories(table: readonly PathTableEntry[], isOwnRoot: boolean): Promise<boolean> {
    if (!isOwnRoot) return false
    for (const entry of table.slice(1, 1 + SAMPLE)) {
      const own = readSelfRecord(await this.structures.read(this.startOf(entry), SECTOR))
      if (own?.location !== entry.location) return false
    }
    return true
  }

  /** Adds the directories that a broken one no longer names. @param first of what has been read of it */
  async addMissing(columns: EntryColumns, directory: number, first: number): Promise<void> {
    const table = await this.entries()
    const own = columns.isViewRoot(directory)
      ? 1
      : table.find((entry) => this.startOf(entry) === columns.start[directory])?.number
    if (own === undefined) return
    const known = new Set<number>()
    for (let index = first; index < columns.length; index++) known.add(columns.start[index] ?? -1)
    let isAnyAdded = false
    for (const entry of table) {
      const start = this.startOf(entry)
      if (entry.parent !== own || entry.number === 1 || known.has(start) || start >= this.structures.byteLength)
        continue
      const index = columns.append(directory)
      this.setName(columns, index, entry)
      columns.flags[index] = (columns.flags[index] ?? 0) | Kind.directory
      columns.start[index] = start
      // Its `.` record tells the length.
      columns.length64[index] = SECTOR
      isAnyAdded = true
    }
    if (isAnyAdded)
      this.log.recovered(
        'PATH_TABLE_USED',
        'A directory is damaged; the folders in it were found through the path table.',
      )
  }

  /** ECMA-119 9.4.5: the path table has the identifiers that the directories' records have. */
  private compareNames(
    columns: EntryColumns,
    twin: EntryColumns,
    table: readonly PathTableEntry[],
    starts: readonly number[],
    known: ReadonlyMap<number, number>,
  ): void {
    const faults = new FaultTally()
    const misplaced: number[] = []
    for (const [at, entry] of table.entries()) {
      const index = known.get(starts[at] ?? -1) ?? 0
      if (index === 0) continue
      faults.countRecord()
      const own = twin.append(0)
      this.setName(twin, own, entry)
      if (!known.has(starts[entry.parent - 1] ?? -1)) continue
      if (known.get(starts[entry.parent - 1] ?? -1) !== columns.parent[index]) misplaced.push(index)
      if (Buffer.compare(twin.recordedName(own), columns.recordedName(index)) === 0) continue
      const message = `The path table has another name for the directory “${columns.pathOf(index)}”.`
      faults.add('NAMES_DISAGREE', message, starts[at])
    }
    faults.settle(this.log)
    const [first] = misplaced
    if (first === undefined) return
    const message = `The path table has “${columns.pathOf(first)}” in another directory.`
    // In all of them it is a habit of whoever wrote it.
    if (misplaced.length * 2 > table.length) this.log.warn('PATH_TABLE_PARENT', message, columns.start[first])
    else this.log.recovered('PATH_TABLE_PARENT', message, columns.start[first])
  }

  private tables(): Promise<RecordedPathTable[]> {
    return (this.read ??= readPathTables(this.structures, this.place))
  }

  /** Those of the type L table, or type M where L is none. Empty where neither can be read. */
  private async entries(): Promise<PathTableEntry[]> {
    return firstReadable(await this.tables())
  }

  private startOf(entry: PathTableEntry): number {
    return this.byteOffsetOf(entry.location + entry.xarLength)
  }

  private setName(columns: EntryColumns, index: number, { identifier }: PathTableEntry): void {
    this.names.setIdentifier(columns, index, identifier, 0, identifier.byteLength, null)
  }
}

function isSameEntry(one: PathTableEntry, other: PathTableEntry | undefined): boolean {
  if (other?.location !== one.location || other.parent !== one.parent) return false
  return Buffer.compare(one.identifier, other.identifier) === 0
}
