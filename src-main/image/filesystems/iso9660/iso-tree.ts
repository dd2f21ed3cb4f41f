import { isAllZero, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { EntryColumns } from '../../core/entry-columns'
import { isSectored } from '../../core/sectored-source'
import { EntryFlag, Kind } from '../../core/entry-flags'
import type { Versions } from '../../core/directory-finisher'
import { readAttributes } from './rock-ridge/extended-attributes'
import { RockRidgeRecord } from './rock-ridge/rock-ridge-record'
import { applyAttributes, applyRockRidge, type RecordContext } from './rock-ridge/apply-record'
import { TolerantSource } from '../../core/sources/tolerant-source'
import { WindowReader, type PlannedRead } from '../../core/sources/window-reader'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { Continuations } from './susp/continuations'
import { readDirectoryDateTime } from '../../core/date-time'
import type { SumTable } from '../../core/sum-table'
import { readSumTable } from './rock-ridge/recorded-sums'
import { AttributeRecords } from './attribute-records'
import { DirectoryCheck } from './directory-check'
import { PathTableTwin } from './path-table-twin'
import { applySectorForms, isMarkedFormTwo } from './extended-architecture'
import { FileSections, sectionRuns } from '../../core/file-sections'
import { RecordCheck } from './record-check'
import { markElsewhere, recordedHere, reportElsewhere } from './other-volumes'
import { PackedFiles } from './rock-ridge/packed-files'
import { isRelocation } from './rock-ridge/relocation'
import { dropRelocated, isWaitingRoom } from './rock-ridge/waiting-room'
import { takeLongFiles } from './take-long-files'
import { SharedDirectories } from './shared-directories'
import { RecordedNames } from './recorded-names'
import type { StreamSink } from '../../core/named-streams'
import type { IsoTreeOptions } from './iso-tree-options'
import { readSelfRecord } from '../../core/self-record'

const SECTOR = 2048
/** ECMA-119 9.1.6. */
const RecordFlag = { hidden: 1, directory: 2, associated: 4, continued: 0x80 } as const

/** What associated files are listed as: nearly all are resource forks, from a Macintosh. */
const ASSOCIATED = Buffer.from(':rsrc')

/** One directory hierarchy of ECMA-119, with the names of one of its dialects. */
export class IsoTree implements TreeReader {
  private readonly rr = new RockRidgeRecord()
  private readonly continuations: Continuations
  private readonly names: RecordedNames
  private readonly pathTable: PathTableTwin
  /** Directories that had been read under another name. */
  private readonly shared: number[] = []
  private readonly window: WindowReader
  private readonly structures: ByteSource
  private readonly sections: FileSections
  private readonly context: RecordContext
  private readonly hasSectors: boolean
  private readonly markedFormTwo = new Set<number>()
  private readonly check: RecordCheck
  /** Directory bytes that may still be read: honest directories do not overlap, so all of them fit the image. */
  private bytesLeft: number
  private readonly directory: DirectoryCheck
  private streams: StreamSink | null = null
  private sumTable: Promise<SumTable | null> | null = null
  private readonly attributeRecords: AttributeRecords
  private readonly packedFiles: PackedFiles
  /** Directories in the root that say they are not its children. */
  private readonly unshown = new Set<number>()

  constructor(
    private readonly volume: ByteSource,
    readonly options: IsoTreeOptions,
  ) {
    this.structures = new TolerantSource(volume, options.log)
    this.window = new WindowReader(this.structures)
    const byteOffsetOf = (block: number): number => this.byteOffset(block)
    this.continuations = new Continuations(this.structures, this.window, byteOffsetOf)
    this.names = new RecordedNames(options.naming, options.log)
    this.pathTable = new PathTableTwin(this.structures, options.pathTable, byteOffsetOf, this.names, options.log)
    this.hasSectors = isSectored(volume)
    this.sections = new FileSections(options.blockSize)
    this.check = new RecordCheck(volume.byteLength, options.blockSize, options.isByMkisofs)
    this.directory = new DirectoryCheck(this.check, options.log)
    this.attributeRecords = new AttributeRecords(this.structures, this.check)
    this.packedFiles = new PackedFiles(this.structures, this.check, options.log)
    this.context = { volume, blockSize: options.blockSize, blockDelta: options.blockDelta, log: options.log }
    this.bytesLeft = volume.byteLength + SECTOR
  }

  createColumns(basePath: string): EntryColumns {
    const columns = new EntryColumns(this.volume, basePath, this.options.naming === 'rock-ridge')
    columns.readSumTable = () => (this.sumTable ??= this.readSums())
    columns.readAttributes = (record) =>
      readAttributes(this.structures, record, this.options.suspSkip, (block) => this.byteOffset(block))
    return columns
  }

  readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = this.byteOffset(this.options.rootLocation + this.options.rootXarLength)
    columns.length64[root] = this.options.rootByteLength
    // A directory has a sector at least; some writers left the length out of the root's record.
    if (this.options.rootByteLength === 0) columns.length64[root] = SECTOR
    if (this.options.naming === 'rock-ridge') {
      columns.flags[root] = Kind.directory | EntryFlag.attributesFromSelf
    }
    columns.modified[root] = this.options.rootModified ?? NaN
    this.bytesLeft = this.volume.byteLength + SECTOR
    return Promise.resolve()
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    const here = recordedHere(columns, directories)
    const plan: PlannedRead[] = here.map((index) => ({
      byteOffset: columns.start[index] ?? 0,
      byteLength: columns.length64[index] ?? 0,
    }))
    this.window.setPlan(plan)
    this.streams = context.streams
    for (const directory of here) {
      await this.readDirectory(columns, directory, context)
    }
  }

  meetAgain(_columns: EntryColumns, directory: number): void {
    this.shared.push(directory)
  }

  async finishWalk(columns: EntryColumns, isWhole: boolean): Promise<void> {
    this.check.settle(columns, this.options.log)
    if (!isWhole) {
      if (this.shared.length > 0) new SharedDirectories(this.structures, columns, this.shared).settle(this.options.log)
      return
    }
    // Rock Ridge's names are not in it.
    const createTwin = this.options.naming === 'rock-ridge' ? null : (): EntryColumns => this.createColumns('')
    const shared = new SharedDirectories(this.structures, columns, this.shared)
    await this.pathTable.compare(columns, this.unshown, createTwin, shared)
    shared.settle(this.options.log)
  }

  private readSums(): Promise<SumTable | null> {
    const { rootLocation, rootXarLength } = this.options
    return readSumTable(this.structures, this.byteOffset(rootLocation + rootXarLength), (block) =>
      this.byteOffset(block),
    )
  }

  private byteOffset(block: number): number {
    return (block + this.options.blockDelta) * this.options.blockSize
  }

  private async readDirectory(columns: EntryColumns, directory: number, context: ReadContext): Promise<void> {
    const first = columns.length
    const start = columns.start[directory] ?? 0
    // A directory has its own record at least, which tells how long it is: none has no length.
    const recorded = columns.length64[directory] ?? 0
    let byteLength = recorded || SECTOR
    this.sections.forget()
    this.directory.begin()
    const versions: Versions = new Map()
    for (let done = 0; done < byteLength;) {
      if (context.signal?.aborted === true) throw context.signal.reason
      if (context.entriesLeft() <= 0) break
      if (this.bytesLeft <= 0) {
        this.directory.overlap(start)
        break
      }
      const bytes = await this.window.load(start + done, byteLength - done)
      if (bytes.byteLength === 0) {
        this.directory.pastEnd(start + done)
        break
      }
      if (done === 0) {
        const own = this.ownByteLength(bytes, start, recorded)
        if (own > byteLength) {
          byteLength = own
          if (bytes.byteLength < byteLength) continue
        }
        this.check.beginDirectory(bytes)
        this.directory.selfRecord(bytes, own, recorded, start)
        this.takeOwnAttributes(columns, directory, bytes)
      }
      this.bytesLeft -= bytes.byteLength
      await this.readRecords(columns, directory, bytes, start + done, versions, columns.length + context.entriesLeft())
      const isBeginning = done === 0
      done += bytes.byteLength
      if (isBeginning && done < byteLength) await context.onBeginning?.(columns, directory, first)
    }
    this.endSections(columns, start)
    this.directory.end()
    await this.attributeRecords.settle(columns)
    await this.packedFiles.settle(columns)
    if (this.hasSectors) await this.directory.sectors(this.volume, start, byteLength)
    this.check.settleDirectory(columns, first, start)
    if (this.options.longFiles) takeLongFiles(columns, first, await this.options.longFiles(), this.options.log)
    if (this.options.naming === 'rock-ridge' && isWaitingRoom(columns.pathOf(directory)))
      await dropRelocated(columns, first, this.structures, this.rr, this.options.suspSkip)
    if (this.directory.isBroken) await this.pathTable.addMissing(columns, directory, first)
    if (this.hasSectors) await applySectorForms(columns, first, this.markedFormTwo, this.volume)
    this.markedFormTwo.clear()
    // Records are in the order of their identifiers, of which equal ones meet; these names may be anywhere.
    const onTwice = this.options.naming === 'rock-ridge' ? () => this.check.nameTwice(start) : undefined
    const finished = context.finisher.finish(columns, directory, first, versions.size > 0 ? versions : null, onTwice)
    if (finished !== undefined) await finished
  }

  /** Ends a file whose last section has not come, where there is one. */
  private endSections(columns: EntryColumns, byteOffset: number): void {
    const open = this.sections.finish(columns)
    if (open >= 0) this.check.sectionMissing(columns, open, byteOffset)
  }

  /**
   * What a directory's own `.` record says it measures; 0 where that record is not its own. Where it says two things
   * (ECMA-119 7.3.3), its parent knows.
   */
  private ownByteLength(bytes: Uint8Array, start: number, recorded: number): number {
    const self = readSelfRecord(bytes)
    if (!self || this.byteOffset(self.location + self.xarLength) !== start) return 0
    return self.isLengthCertain || recorded === 0 ? self.byteLength : recorded
  }

  /** A relocated directory's record is a placeholder (RRIP 4.1.5.1); its `.` has the attributes. */
  private takeOwnAttributes(columns: EntryColumns, directory: number, bytes: Uint8Array): void {
    const flags = columns.flags[directory] ?? 0
    if ((flags & EntryFlag.attributesFromSelf) === 0) return
    columns.flags[directory] = flags & ~EntryFlag.attributesFromSelf
    const length = bytes[0] ?? 0
    if (length < 34 || length > bytes.byteLength) return
    const { rr } = this
    rr.reset()
    rr.parse(bytes, 34 + (directory === 0 ? 0 : this.options.suspSkip), length)
    applyAttributes(columns, directory, rr, bytes, 0)
  }

  private async readRecords(
    columns: EntryColumns,
    directory: number,
    bytes: Uint8Array,
    base: number,
    versions: Versions,
    lengthLimit: number,
  ): Promise<void> {
    const end = bytes.byteLength
    for (let at = 0; at < end && columns.length < lengthLimit;) {
      const length = bytes[at] ?? 0
      if (length === 0) {
        // ECMA-119 6.8.1.1: records do not cross sectors; zeros fill the rest of one.
        const next = Math.min(end, at + SECTOR - (at % SECTOR))
        if (at % SECTOR === 0) this.directory.blank(base + at)
        else if (!isAllZero(bytes.subarray(at, next))) this.directory.endedEarly(base + at)
        at = next
        continue
      }
      const nameLength = bytes[at + 32] ?? 0
      if (length < 34 || at + length > end || 33 + nameLength > length) {
        this.directory.notARecord(base + at)
        at += SECTOR - (at % SECTOR)
        continue
      }
      this.check.holdsRecords(bytes, at, base)
      if (at % SECTOR === 0) this.directory.firstRecord(bytes, at, base)
      const identifier = bytes[at + 33] ?? 0
      if (nameLength === 1 && identifier <= 1) {
        // Its own record and its parent's come first, and nowhere else.
        if (base + at >= (columns.start[directory] ?? 0) + SECTOR) this.directory.foreign(base + at)
        at += length
        continue
      }
      while (this.readRecord(columns, directory, bytes, at, base, versions)) await this.continuations.fetch(this.rr)
      at += length
    }
  }

  /** True where a continuation area must be fetched first: the record is then read anew. */
  private readRecord(
    columns: EntryColumns,
    directory: number,
    bytes: Uint8Array,
    at: number,
    base: number,
    versions: Versions,
  ): boolean {
    const { rr } = this
    const { naming, suspSkip, hasRockRidge, blockSize, blockDelta } = this.options
    const length = bytes[at] ?? 0
    const nameLength = bytes[at + 32] ?? 0
    const recordFlags = bytes[at + 25] ?? 0
    const isRockRidge = naming === 'rock-ridge'
    let isPlaceholder = naming === 'plain' && hasRockRidge && isRelocation(bytes, at)
    if (isRockRidge) {
      rr.reset()
      rr.parse(bytes, at + 33 + nameLength + ((nameLength & 1) ^ 1) + suspSkip, at + length)
      if (rr.ceLength > 0 && !this.continuations.follow(rr)) return true
      if (rr.isRelocated) {
        // xorriso marks the waiting room itself.
        if (columns.isViewRoot(directory))
          this.unshown.add(this.byteOffset(readU32Le(bytes, at + 2) + (bytes[at + 1] ?? 0)))
        return false
      }
      isPlaceholder = rr.childLocation >= 0
      this.check.rockRidge(rr, bytes, at, base)
      // xorriso puts placeholders of directories that it moved where there was room.
      if (!isPlaceholder) this.check.order(bytes, at, base, false)
    } else {
      if (naming === 'plain' && !isPlaceholder) this.check.plainName(bytes, at, base)
      if (naming === 'joliet' || !hasRockRidge) this.check.order(bytes, at, base, naming === 'joliet')
    }
    const isAssociated = (recordFlags & RecordFlag.associated) !== 0
    if (isAssociated) {
      this.check.keepsIdentifiers = true
      this.check.associated(bytes, at, this.streams?.isListed === true)
      // It lies beside the file of the same name and must not be taken for it.
      if (this.streams?.isListed !== true) return false
    } else this.check.ordinary(bytes, at)
    this.check.hasName(bytes, at, base)
    const isElsewhere = this.check.record(bytes, at, base)
    const xarLength = bytes[at + 1] ?? 0
    const isContinuing = this.sections.continuesAt(bytes, at)
    const own = isContinuing ? -1 : columns.length
    const byteLength = this.check.bothU32(bytes, at + 10, base, own, 'length64', 1, 0)
    const isDirectory = (recordFlags & RecordFlag.directory) !== 0
    const goesOn = (recordFlags & RecordFlag.continued) !== 0 && !isDirectory
    const place = this.check.bothU32(bytes, at + 2, base, own, 'start', blockSize, this.byteOffset(xarLength))
    // Of a file in sections each has a volume of its own (ECMA-119 9.1.9): what lies on another is behind this one's end.
    const isSectionElsewhere = isElsewhere && (isContinuing || goesOn)
    const start = isSectionElsewhere ? this.volume.byteLength : place
    if (isElsewhere) reportElsewhere(this.options.log, isDirectory, base + at)
    if (isContinuing) {
      this.sections.add(bytes, at, start, byteLength)
      if (!goesOn) this.sections.finish(columns)
      return false
    }
    this.endSections(columns, base + at)
    const index = columns.append(directory)
    if (!isRockRidge || !this.names.setRockRidge(columns, index, rr))
      this.names.setIdentifier(columns, index, bytes, at + 33, nameLength, versions)
    if (isAssociated) setFullName(columns, index)
    let kind: number = isDirectory ? Kind.directory : Kind.file
    // What waits in it for being put back in place is shown there.
    const isHiddenRoom = isRockRidge && columns.isViewRoot(directory) && isWaitingRoom(columns.arenaName(index))
    if ((recordFlags & RecordFlag.hidden) !== 0 || isHiddenRoom) kind |= EntryFlag.hidden
    columns.flags[index] = (columns.flags[index] ?? 0) | kind
    columns.start[index] = start
    columns.length64[index] = byteLength
    if (xarLength > 0 && kind === Kind.file && !isElsewhere)
      this.attributeRecords.add(index, xarLength * blockSize, base + at)
    if (kind === Kind.file && blockDelta === 0 && !isPlaceholder) this.check.extent(start, byteLength, base + at)
    if (isRockRidge) {
      applyRockRidge(columns, index, rr, bytes, at, this.context)
      if (rr.hasForeignAttributes) columns.setAttributes(index, base + at)
      if (rr.zisofs !== null && !isElsewhere) this.packedFiles.add(index, rr.zisofs, base + at)
    } else columns.modified[index] = readDirectoryDateTime(bytes, at + 18)
    if (isElsewhere && !isSectionElsewhere) markElsewhere(columns, index)
    if (isDirectory) return false
    if (this.hasSectors) {
      const systemUse = at + 33 + nameLength + ((nameLength & 1) ^ 1)
      if (isMarkedFormTwo(bytes, systemUse, at + length)) this.markedFormTwo.add(index)
    }
    if (goesOn) {
      this.sections.begin(index, bytes, at, start, byteLength)
    } else if ((bytes[at + 26] ?? 0) !== 0 && columns.runsOf(index) === null) {
      columns.setRuns(index, { runs: sectionRuns(bytes, at, start, byteLength, this.options.blockSize) })
    }
    return false
  }
}

/** Apart from the file that it belongs to, whose name it bears. */
function setFullName(columns: EntryColumns, index: number): void {
  const name = Buffer.concat([columns.nameBytes(index), ASSOCIATED])
  columns.setNameBytes(index, name, 0, name.byteLength)
  columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.stream
}
