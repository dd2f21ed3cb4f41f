import { readU16Be, readU16Le, readU32Be, readU32Le } from '../../core/byte-reader'
import { warnOfAssociated } from '../../core/associated-files'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind, KIND_MASK, kindOfMode } from '../../core/entry-flags'
import { FaultTally, type Habit } from '../../core/fault-tally'
import { RockRidgeNames } from './rock-ridge/rock-ridge-names'
import type { RockRidgeRecord } from './rock-ridge/rock-ridge-record'
import { warnOfNamesAlike } from './joliet/order-of-originals'
import { NameConvention } from './name-convention'
import { RecordOrder, type OrderFault } from './record-order'

const SECTOR = 2048
const SYSTEM_AREA_LENGTH = 16 * SECTOR

const NAME_TWICE = 'Two records of a directory have one name, which only one can have.'

/** A number whose two recorded forms differ, both of them possible. */
interface Doubt {
  index: number
  column: 'start' | 'length64'
  little: number
  big: number
}

/**
 * Looks at directory records for what cannot be right: numbers recorded in both byte orders that differ (ECMA-119 7.2.3,
 * 7.3.3), fields that contradict one another, names and attributes that all other records have. What it finds is
 * judged at the end of the walk, when it is known whether all records are like that.
 */
export class RecordCheck {
  private readonly records = new FaultTally()
  private readonly directories = new FaultTally()
  private readonly convention = new NameConvention()
  private doubts: Doubt[] = []
  /** The number of this volume in its set, by the word of the directory's own record; 0 where it has none. */
  private ownVolume = 0
  /** Identifiers of associated files whose own file has not come yet. */
  private readonly forks = new Set<string>()
  private lastIdentifier = ''
  private associatedCount = 0
  private alikeCount = 0
  private readonly recordOrder: RecordOrder
  private readonly rockRidgeNames = new RockRidgeNames((byteOffset) => {
    this.recordFault(
      'NAMES_DISAGREE',
      'The Rock Ridge name of a record and its identifier are not of one file.',
      byteOffset,
    )
  })

  /**
   * @param volumeByteLength numbers that lead past it are impossible
   * @param isByMkisofs see {@link RecordOrder}
   */
  constructor(
    private readonly volumeByteLength: number,
    private readonly blockSize: number,
    isByMkisofs = false,
  ) {
    this.recordOrder = new RecordOrder(isByMkisofs, (fault, byteOffset) => {
      this.orderFault(fault, byteOffset)
    })
  }

  beginDirectory(bytes: Uint8Array): void {
    this.directories.countRecord()
    this.doubts = []
    this.rockRidgeNames.beginDirectory()
    this.forks.clear()
    this.lastIdentifier = ''
    this.recordOrder.begin()
    this.ownVolume = bytes.byteLength >= 34 ? readU16Le(bytes, 28) : 0
  }

  /** A file whose last section never comes (ECMA-119 9.1.6, bit 7). */
  sectionMissing(columns: EntryColumns, index: number, byteOffset: number): void {
    const message = 'A file says that it goes on, but its next section is missing.'
    this.recordFault('SECTION_MISSING', message, byteOffset)
    columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.doubtful
  }

  /** @param habit see {@link Habit}; what one directory has in several places counts once */
  directoryFault(code: string, message: string, byteOffset: number, habit: Habit = 'most'): void {
    this.directories.add(code, message, byteOffset, habit)
  }

  recordFault(code: string, message: string, byteOffset: number): void {
    this.records.add(code, message, byteOffset)
  }

  /**
   * A number of a record in both byte orders (ECMA-119 7.3.3): the one that is possible where they differ. Where both
   * are, `settle` looks at the record's neighbours.
   * @param index the entry that it is for; −1 where no neighbour can tell
   * @param scale,shift the number as the column holds it is the recorded one times `scale` plus `shift`
   */
  bothU32(
    bytes: Uint8Array,
    at: number,
    base: number,
    index: number,
    column: Doubt['column'],
    scale: number,
    shift: number,
  ): number {
    const recorded = readU32Le(bytes, at)
    const twin = readU32Be(bytes, at + 4)
    const little = recorded * scale + shift
    if (recorded === twin) return little
    this.records.add('BOTH_ENDIAN_MISMATCH', 'A number recorded in both byte orders differs between them.', base + at)
    const big = twin * scale + shift
    if (recorded === 0) return big
    if (twin === 0 || big > this.volumeByteLength) return little
    if (little > this.volumeByteLength) return big
    if (index >= 0) this.doubts.push({ index, column, little, big })
    return little
  }

  /** @returns whether the record's file is recorded on another volume of the set (ECMA-119 9.1.9) */
  record(bytes: Uint8Array, at: number, base: number): boolean {
    this.records.countRecord()
    const unit = bytes[at + 26] ?? 0
    const gap = bytes[at + 27] ?? 0
    // ECMA-119 9.1.7, 9.1.8: interleaved files have both, others neither.
    if ((unit === 0) !== (gap === 0))
      this.recordFault('BROKEN_INTERLEAVE', 'A file is recorded as interleaved, but not how.', base + at)
    const number = readU16Le(bytes, at + 28)
    const big = readU16Be(bytes, at + 30)
    if (number === this.ownVolume && big === number) return false
    if (number === big && number > 0 && this.ownVolume > 0) return true
    if (number !== big)
      this.recordFault(
        'BOTH_ENDIAN_MISMATCH',
        'A number recorded in both byte orders differs between them.',
        base + at + 28,
      )
    return false
  }

  /**
   * The length of a record that reaches over those behind it makes them its system use (ECMA-119 9.1.13), where nothing
   * begins like a directory record, be it behind its fields (SUSP 4).
   */
  holdsRecords(bytes: Uint8Array, at: number, base: number): void {
    const nameLength = bytes[at + 32] ?? 0
    const end = at + (bytes[at] ?? 0)
    const from = at + 33 + nameLength + ((nameLength & 1) ^ 1)
    if (end - from < 34) return
    const behind = behindFields(bytes, from, end)
    if (!(isRecord(bytes, from, end) || (end - behind >= 34 && beginsRecord(bytes, behind + ((behind - at) & 1)))))
      return
    this.recordFault(
      'RECORD_HOLDS_RECORDS',
      'The length of a directory record reaches over the records behind it: entries are missing.',
      base + at,
    )
  }

  /** ECMA-119 9.1.11: an identifier has a byte at least. */
  hasName(bytes: Uint8Array, at: number, base: number): void {
    if ((bytes[at + 32] ?? 0) === 0)
      this.records.add('NAME_EMPTY', 'A directory record has no name.', base + at, 'never')
  }

  /** ECMA-119 6.2.1: what lies in the system area is no file's. Writers that put dummies there put several. */
  extent(start: number, byteLength: number, byteOffset: number): void {
    if (start >= SYSTEM_AREA_LENGTH || start < 0 || byteLength === 0) return
    this.records.add(
      'EXTENT_IN_SYSTEM_AREA',
      'A file is said to lie in front of the volume, where no files are: its bytes may be others.',
      byteOffset,
      'some',
    )
  }

  /** An identifier of a tree that has no other names. */
  plainName(bytes: Uint8Array, at: number, base: number): void {
    this.convention.add(bytes, at, base)
  }

  /** ECMA-119 9.3: the records of a directory are in the order of their identifiers. */
  order(bytes: Uint8Array, at: number, base: number, isJoliet: boolean): void {
    this.recordOrder.add(bytes, at, base, isJoliet ? 2 : 1)
  }

  /** Of a name beside the identifiers, which are compared where they stand. */
  nameTwice(directoryOffset: number): void {
    this.directoryFault('NAME_TWICE', NAME_TWICE, directoryOffset)
  }

  private orderFault(fault: OrderFault, byteOffset: number): void {
    if (fault === 'alike') this.alikeCount++
    else if (fault === 'twice') this.recordFault('NAME_TWICE', NAME_TWICE, byteOffset)
    else
      this.records.add(
        'RECORDS_NOT_IN_ORDER',
        'A directory record is not in the order of names: its name may be other than recorded.',
        byteOffset,
        'some',
      )
  }

  /** ECMA-119 9.1.6: an associated file is recorded beside the file that it belongs to, under the same identifier. */
  associated(bytes: Uint8Array, at: number, isListed: boolean): void {
    if (!isListed) this.associatedCount++
    const identifier = identifierAt(bytes, at)
    if (identifier !== this.lastIdentifier) this.forks.add(identifier)
  }

  ordinary(bytes: Uint8Array, at: number): void {
    if (this.forks.size === 0 && !this.keepsIdentifiers) return
    this.lastIdentifier = identifierAt(bytes, at)
    this.forks.delete(this.lastIdentifier)
  }

  /** Set by a reader that meets associated files at all: only then do identifiers need to be remembered. */
  keepsIdentifiers = false

  /** What a Rock Ridge record should have: RRIP 4.1.1 makes PX obligatory, and a writer that gives names gives all. */
  rockRidge(rr: RockRidgeRecord, bytes: Uint8Array, at: number, base: number): void {
    const byteOffset = base + at
    const recordFlags = bytes[at + 25] ?? 0
    if (rr.malformed)
      this.recordFault('BROKEN_SYSTEM_USE', 'A system use field does not end where it should.', byteOffset)
    if (rr.hasUnknown)
      this.records.add(
        'SYSTEM_USE_UNKNOWN',
        'A record has an extension that no standard knows: it may have been another.',
        byteOffset,
        'some',
      )
    if (rr.isContinuationLost)
      this.records.add(
        'CONTINUATION_LOST',
        'A record goes on in a continuation area that is none: its name or attributes may be cut.',
        byteOffset,
        rr.isContinuationBlank ? 'never' : 'most',
      )
    if (rr.target.isOpen)
      this.recordFault('SYMLINK_CUT', 'The target of a symbolic link ends before its last part.', byteOffset)
    if (rr.target.cut)
      this.recordFault('SYMLINK_CUT', 'The target of a symbolic link runs past its record.', byteOffset)
    if (rr.hasMismatch)
      this.recordFault(
        'ROCK_RIDGE_MISMATCH',
        'A number of the Rock Ridge attributes differs between its two byte orders.',
        byteOffset,
      )
    if (!rr.hasName && !isOwnName(rr, bytes, at))
      this.records.add(
        'ROCK_RIDGE_NAME_MISSING',
        'A record lacks the Rock Ridge name that others have.',
        byteOffset,
        rr.hasUnknown ? 'most' : 'all',
      )
    else if (rr.isNameOpen)
      this.recordFault('ROCK_RIDGE_NAME_CUT', 'A Rock Ridge name ends before its last part.', byteOffset)
    else if (rr.nameBytes !== null) this.rockRidgeNames.add(rr.nameBytes, rr.nameFrom, rr.nameTo, bytes, at, base)
    if (!rr.hasMode) {
      this.records.add(
        'ROCK_RIDGE_ATTRIBUTES_MISSING',
        'A record lacks the Rock Ridge attributes that others have.',
        byteOffset,
        rr.hasUnknown ? 'most' : 'all',
      )
      return
    }
    const kind = kindOfMode(rr.mode)
    const isDirectory = (recordFlags & 2) !== 0 || rr.childLocation >= 0
    const hasKind = (rr.mode & 0o170000) !== 0
    if (hasKind && (kind === Kind.directory) !== isDirectory)
      this.recordFault('KIND_DISAGREES', 'A record says both that it is a directory and that it is not.', byteOffset)
    if (hasKind && (kind === Kind.symlink) !== rr.target.present)
      this.recordFault('KIND_DISAGREES', 'A record says both that it is a link and that it is not.', byteOffset)
  }

  /**
   * Decides the doubts of a directory whose records have all been read, by their neighbours: files are recorded one
   * behind the other, so the right number joins what is certain.
   */
  settleDirectory(columns: EntryColumns, first: number, base: number): void {
    this.recordOrder.end()
    this.rockRidgeNames.settleDirectory(columns, first)
    if (this.forks.size > 0)
      this.directoryFault('ASSOCIATED_ALONE', 'A resource fork has no file that it belongs to; it is not shown.', base)
    if (this.doubts.length === 0) return
    const isDoubtful = new Set(this.doubts.map(({ index }) => index))
    const starts = new Set<number>()
    const ends = new Set<number>()
    for (let index = first; index < columns.length; index++) {
      if (isDoubtful.has(index) || ((columns.flags[index] ?? 0) & KIND_MASK) > Kind.directory) continue
      const start = columns.start[index] ?? 0
      const length = columns.length64[index] ?? 0
      if (length === 0 || columns.runsOf(index) !== null) continue
      starts.add(start)
      ends.add(this.blockEnd(start + length))
    }
    for (const doubt of this.doubts) {
      const { index, column, little, big } = doubt
      const score = (value: number): number => {
        const start = column === 'start' ? value : (columns.start[index] ?? 0)
        const length = column === 'start' ? (columns.length64[index] ?? 0) : value
        const end = this.blockEnd(start + length)
        if (end > Math.ceil(this.volumeByteLength / SECTOR) * SECTOR) return -2
        let overlaps = 0
        for (const other of starts) if (other > start && other < end) overlaps--
        return (starts.has(end) ? 2 : 0) + (column === 'start' && ends.has(start) ? 2 : 0) + Math.max(-2, overlaps)
      }
      const isRightBig = score(big) > score(little)
      if (isRightBig && columns[column][index] === little) columns[column][index] = big
    }
    this.doubts = []
  }

  settle(columns: EntryColumns, log: DiagnosticLog): void {
    this.rockRidgeNames.settle(log)
    warnOfAssociated(log, this.associatedCount)
    this.associatedCount = 0
    warnOfNamesAlike(log, this.alikeCount)
    this.alikeCount = 0
    this.convention.settle(log)
    const habits = this.records.settle(log)
    // A writer that says of all of its files that they go on has recorded all of them.
    if (habits.has('SECTION_MISSING'))
      for (let index = 0; index < columns.length; index++)
        columns.flags[index] = (columns.flags[index] ?? 0) & ~EntryFlag.doubtful
    this.directories.settle(log)
  }

  private blockEnd(byteOffset: number): number {
    return Math.ceil(byteOffset / this.blockSize) * this.blockSize
  }
}

/** Whether a directory record with plausible numbers begins there and ends before `end`. */
function isRecord(bytes: Uint8Array, at: number, end: number): boolean {
  const length = bytes[at] ?? 0
  const nameLength = bytes[at + 32] ?? 0
  if (length < 34 || at + length > end || nameLength === 0 || 33 + nameLength > length) return false
  const isBoth = (from: number): boolean => readU32Le(bytes, from) === readU32Be(bytes, from + 4)
  return isBoth(at + 2) && isBoth(at + 10)
}

/** Whether one begins there, wherever it ends. */
function beginsRecord(bytes: Uint8Array, at: number): boolean {
  return isRecord(bytes, at, at - (at % SECTOR) + SECTOR)
}

/** Where the system use fields end that begin at `from`: each has two letters, a length and version 1 (SUSP 4.1). */
function behindFields(bytes: Uint8Array, from: number, end: number): number {
  let at = from
  while (at + 4 <= end && (bytes[at] ?? 0) >= 0x41 && (bytes[at] ?? 0) <= 0x5a && bytes[at + 3] === 1) {
    const length = bytes[at + 2] ?? 0
    if (length < 4 || at + length > end) break
    at += length
  }
  return at
}

/** BSD's makefs leaves out the name that is the identifier itself, and nothing else of the record. */
function isOwnName(rr: RockRidgeRecord, bytes: Uint8Array, at: number): boolean {
  return rr.hasMode && !rr.hasUnknown && !rr.malformed && !identifierAt(bytes, at).includes(';')
}

function identifierAt(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at + 33, bytes[at + 32] ?? 0).toString('latin1')
}
