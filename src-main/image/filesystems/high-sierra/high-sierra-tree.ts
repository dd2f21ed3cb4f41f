import { warnOfAssociated } from '../../core/associated-files'
import { readBothU32 } from '../../core/both-endian'
import type { ByteSource } from '../../core/byte-source'
import { utcMilliseconds } from '../../core/date-time'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { Versions } from '../../core/directory-finisher'
import { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { FaultTally } from '../../core/fault-tally'
import { plainNameEnd, readVersion } from '../../core/file-identifier'
import { FileSections, sectionRuns } from '../../core/file-sections'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { SECTOR, type HighSierraVolume } from './volume-descriptor'

/** As ECMA-119 9.1.6, one byte earlier: the date before the flags has no offset from Greenwich. */
const Flag = { hidden: 1, directory: 2, associated: 4, goesOn: 0x80 } as const
const FLAGS_AT = 24
const NAME_AT = 33

/** The directories of a High Sierra volume. `start` of a directory is where its first record lies. */
export class HighSierraTree implements TreeReader {
  private readonly structures: ByteSource
  private readonly faults = new FaultTally()
  private readonly sections: FileSections
  /** Directories that overlap could be read for ever; together they are not longer than the volume. */
  private bytesLeft: number
  private associatedCount = 0

  constructor(
    private readonly source: ByteSource,
    private readonly volume: HighSierraVolume,
    private readonly log: DiagnosticLog,
  ) {
    this.structures = new TolerantSource(source, log)
    this.sections = new FileSections(volume.blockSize)
    this.bytesLeft = source.byteLength + SECTOR
  }

  createColumns(basePath: string): EntryColumns {
    return new EntryColumns(this.source, basePath)
  }

  readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = this.volume.rootOffset
    columns.length64[root] = this.volume.rootLength
    return Promise.resolve()
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const start = columns.start[directory] ?? 0
      const versions: Versions = new Map()
      const bytes = await this.readDirectory(start, columns.length64[directory] ?? 0)
      this.sections.forget()
      for (let at = 0; at < bytes.byteLength && context.entriesLeft() > 0;) {
        const length = bytes[at] ?? 0
        // No record crosses a sector: what is left of one is zeros.
        const sectorEnd = (Math.floor(at / SECTOR) + 1) * SECTOR
        if (length === 0) {
          at = sectorEnd
          continue
        }
        if (length < NAME_AT + 1 || at + length > sectorEnd || NAME_AT + (bytes[at + 32] ?? 0) > length) {
          this.log.damage(
            'RECORD_DAMAGED',
            'A directory record is damaged; the rest of its sector is lost.',
            start + at,
          )
          at = sectorEnd
          continue
        }
        this.readRecord(columns, directory, bytes, at, start, versions)
        at += length
      }
      this.endSections(columns, start)
      await context.finisher.finish(columns, directory, first, versions.size > 0 ? versions : null)
    }
  }

  /** Ends a file whose last section has not come, where there is one. */
  private endSections(columns: EntryColumns, byteOffset: number): void {
    const open = this.sections.finish(columns)
    if (open < 0) return
    columns.flags[open] = (columns.flags[open] ?? 0) | EntryFlag.doubtful
    this.log.damage('SECTION_MISSING', 'A file says that it goes on, but its next section is missing.', byteOffset)
  }

  finishWalk(): Promise<void> {
    this.faults.settle(this.log)
    warnOfAssociated(this.log, this.associatedCount)
    this.associatedCount = 0
    return Promise.resolve()
  }

  private async readDirectory(start: number, byteLength: number): Promise<Uint8Array> {
    if (byteLength > this.bytesLeft) {
      this.log.damage(
        'DIRECTORIES_OVERLAP',
        'Directories ask for more than the image holds; the rest is left out.',
        start,
      )
      return new Uint8Array(0)
    }
    this.bytesLeft -= byteLength
    const bytes = await this.structures.read(start, byteLength)
    if (bytes.byteLength < byteLength)
      this.log.damage('DIRECTORY_PAST_END', 'A directory lies past the end of the image.', start + bytes.byteLength)
    else if (byteLength > 0 && !((bytes[0] ?? 0) > NAME_AT && bytes[32] === 1 && bytes[NAME_AT] === 0))
      this.log.damage('DIRECTORY_UNREADABLE', 'A directory does not begin with its own record.', start)
    return bytes
  }

  private readRecord(
    columns: EntryColumns,
    directory: number,
    bytes: Uint8Array,
    at: number,
    start: number,
    versions: Versions,
  ): void {
    const nameLength = bytes[at + 32] ?? 0
    // The directory itself, and the one above it.
    if (nameLength === 1 && (bytes[at + NAME_AT] ?? 0) <= 1) return
    const { blockSize } = this.volume
    const flags = bytes[at + FLAGS_AT] ?? 0
    const isInside = (block: number): boolean => block * blockSize < this.source.byteLength
    const block = readBothU32(bytes, at + 2, start, this.faults, isInside) + (bytes[at + 1] ?? 0)
    const byteLength = readBothU32(bytes, at + 10, start, this.faults)
    const place = block * blockSize
    const isDirectory = (flags & Flag.directory) !== 0
    const goesOn = (flags & Flag.goesOn) !== 0
    if (this.sections.continuesAt(bytes, at)) {
      this.sections.add(bytes, at, place, byteLength)
      if (!goesOn) this.sections.finish(columns)
      return
    }
    this.endSections(columns, start)
    const index = columns.append(directory)
    const nameEnd = isDirectory
      ? at + NAME_AT + nameLength
      : plainNameEnd(bytes, at + NAME_AT, at + NAME_AT + nameLength)
    columns.setNameBytes(index, bytes, at + NAME_AT, nameEnd)
    columns.flags[index] =
      (isDirectory ? Kind.directory : Kind.file) |
      EntryFlag.oddName |
      ((flags & Flag.hidden) !== 0 ? EntryFlag.hidden : 0) |
      // Recorded beside its file under the same name, and never in place of it.
      ((flags & Flag.associated) !== 0 ? EntryFlag.removed : 0)
    if ((flags & Flag.associated) !== 0) this.associatedCount++
    columns.modified[index] = readRecordDate(bytes, at + 18)
    columns.start[index] = place
    columns.length64[index] = byteLength
    if (isDirectory) return
    const version = readVersion(bytes, nameEnd, at + NAME_AT + nameLength)
    if (version > 1) versions.set(index, version)
    const runs = sectionRuns(bytes, at, place, byteLength, blockSize)
    if (goesOn) this.sections.begin(index, bytes, at, place, byteLength)
    else if (runs.length > 2) columns.setRuns(index, { runs })
  }
}

/** Six bytes: years since 1900, month, day, hour, minute, second. NaN where unset or nonsense. */
function readRecordDate(bytes: Uint8Array, at: number): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = bytes.subarray(at, at + 6)
  if (month < 1 || month > 12 || day < 1 || day > 31 || hour > 23) return NaN
  return utcMilliseconds(1900 + year, month, day, hour, minute, second)
}
