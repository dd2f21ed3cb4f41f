import type { DiagnosticLog } from '../../core/diagnostic-log'
import { hasSelfRecord, readSelfRecord } from '../../core/self-record'
import { isSectored } from '../../core/sectored-source'
import type { ByteSource } from '../../core/byte-source'
import type { Habit } from '../../core/fault-tally'
import type { RecordCheck } from './record-check'

/** What the sectors of a directory say of themselves, and whether anything was met that may have cost entries. */
export class DirectoryCheck {
  /** Something in the directory being read was not a directory record: what is missing may stand in the path table. */
  isBroken = false
  /** What the sectors of the directory being read begin with, as numbers. */
  private readonly firstRecords = new Set<number>()
  /** Sectors without a record behind which none with one has come yet. */
  private blanks: number[] = []

  constructor(
    private readonly check: RecordCheck,
    private readonly log: DiagnosticLog,
  ) {}

  begin(): void {
    this.isBroken = false
    this.firstRecords.clear()
    this.blanks = []
  }

  /** The directory has been read. Some writers give theirs more sectors than records need, at the end. */
  end(): void {
    for (const byteOffset of this.blanks) this.reportBlank(byteOffset, 'most')
    this.blanks = []
  }

  overlap(start: number): void {
    const message = 'Directories ask for more than the image holds; the rest is left out.'
    this.log.damage('DIRECTORIES_OVERLAP', message, start)
  }

  pastEnd(byteOffset: number): void {
    this.isBroken = true
    this.log.damage('DIRECTORY_PAST_END', 'A directory lies past the end of the image.', byteOffset)
  }

  /**
   * The directory's own record (ECMA-119 6.8.2.2) against what its parent says.
   * @param own what it says that it measures, in bytes; 0 where it is not the directory's
   * @param recorded the same by its parent
   */
  selfRecord(bytes: Uint8Array, own: number, recorded: number, start: number): void {
    if (own > recorded && recorded === 0)
      this.check.directoryFault('DIRECTORY_WITHOUT_LENGTH', 'A directory’s record says that it is empty.', start)
    else if (own > recorded)
      this.check.directoryFault(
        'DIRECTORY_LENGTHS_DIFFER',
        'A directory says that it is longer than its parent says; all of it is shown.',
        start,
      )
    if (own > 0) return
    if (!hasSelfRecord(bytes)) {
      this.isBroken = true
      this.check.directoryFault('DIRECTORY_UNREADABLE', 'A directory does not begin with its own record.', start)
    } else if (readSelfRecord(bytes)?.byteLength !== 0) {
      this.check.directoryFault('DIRECTORY_MISPLACED', 'A directory says that it lies elsewhere.', start)
    }
  }

  notARecord(byteOffset: number): void {
    this.isBroken = true
    this.log.damage('BROKEN_DIRECTORY_RECORD', 'A directory record is not one; its sector is skipped.', byteOffset)
  }

  /** A sector's first record, which no other one begins with. To be called once for each. */
  firstRecord(bytes: Uint8Array, at: number, base: number): void {
    if (this.blanks.length > 0) {
      for (const byteOffset of this.blanks) this.reportBlank(byteOffset, 'never')
      this.blanks = []
    }
    const first = digestOf(bytes, at, at + (bytes[at] ?? 0))
    if (!this.firstRecords.has(first)) {
      this.firstRecords.add(first)
      return
    }
    this.isBroken = true
    this.check.directoryFault(
      'DIRECTORY_SECTOR_TWICE',
      'A sector of a directory is the same as another: entries are missing.',
      base + at,
      'never',
    )
  }

  foreign(byteOffset: number): void {
    this.isBroken = true
    this.check.directoryFault(
      'DIRECTORY_SECTOR_FOREIGN',
      'A sector of a directory is the beginning of another: entries may be missing or wrong.',
      byteOffset,
      'never',
    )
  }

  /** A sector without a record. */
  blank(byteOffset: number): void {
    this.isBroken = true
    this.blanks.push(byteOffset)
  }

  /** Records that end before their sector does, with something other than zeros behind them. */
  endedEarly(byteOffset: number): void {
    this.isBroken = true
    this.reportBlank(byteOffset, 'most')
  }

  private reportBlank(byteOffset: number, habit: Habit): void {
    this.check.directoryFault(
      'DIRECTORY_SECTOR_BLANK',
      'A sector of a directory holds no record where one should begin: entries may be missing.',
      byteOffset,
      habit,
    )
  }

  /** Where the sectors themselves say that they are not as recorded, so may the entries in them be. */
  async sectors(volume: ByteSource, start: number, byteLength: number): Promise<void> {
    if (!isSectored(volume)) return
    const { wrong, blank } = await volume.sectorFaults(start, byteLength)
    for (const at of [...blank, ...wrong])
      this.log.damage(
        'SECTOR_WRONG',
        'A sector of a directory does not fit the checksum or the address in it: entries may be other than recorded.',
        at,
      )
  }
}

/** Tells bytes apart in 52 bits, so that a million records need not be kept. */
function digestOf(bytes: Uint8Array, from: number, to: number): number {
  let [low, high] = [0x811c9dc5, 0x01000193]
  for (let at = from; at < to; at++) {
    low = Math.imul(low ^ (bytes[at] ?? 0), 0x01000193)
    high = Math.imul(high, 0x9e3779b1) + (bytes[at] ?? 0)
  }
  return (low >>> 0) * 2 ** 20 + ((high >>> 0) & 0xfffff)
}
