import type { DiagnosticLog } from '../../core/diagnostic-log'
import { FaultTally } from '../../core/fault-tally'

/**
 * What a walk through a UDF tree meets that cannot be right. What others of its kind have as well is judged at the end of
 * the walk; what costs something in any case is told at once. Places are in bytes; undefined where nobody knows.
 */
export class UdfFaults {
  private readonly records = new FaultTally()

  constructor(private readonly log: DiagnosticLog) {}

  /** A file identifier or a file entry, sound or not. */
  countRecord(): void {
    this.records.countRecord()
  }

  identifierDamaged(byteOffset: number | undefined): void {
    this.records.add(
      'UDF_IDENTIFIER_DAMAGED',
      'The sum of a file identifier does not fit: its name, place or kind may be other than recorded.',
      byteOffset,
    )
  }

  notAnIdentifier(byteOffset: number | undefined): void {
    this.log.damage('UDF_BROKEN_IDENTIFIER', 'A directory holds something that is not a file identifier.', byteOffset)
  }

  directoriesOverlap(): void {
    this.log.damage('DIRECTORIES_OVERLAP', 'Directories ask for more than the image holds; the rest is left out.')
  }

  /** An identifier whose sum does not fit is told as that; with a sound one nothing is lost or guessed. */
  directoryShared(path: string, byteOffset: number | undefined): void {
    this.log.note('DIRECTORY_SHARED', `“${path}” is a folder that has another name elsewhere.`, byteOffset)
  }

  directoryPastEnd(byteOffset: number | undefined): void {
    this.log.damage('DIRECTORY_PAST_END', 'A directory lies past the end of the image.', byteOffset)
  }

  entryDamaged(byteOffset: number): void {
    this.records.add(
      'UDF_FILE_ENTRY_DAMAGED',
      'The sum of a file entry does not fit: its file may be other than recorded.',
      byteOffset,
    )
  }

  kindsDisagree(byteOffset: number): void {
    this.records.add(
      'UDF_KINDS_DISAGREE',
      'What is a folder by its name in a folder is a file by its file entry, or the other way round.',
      byteOffset,
    )
  }

  entryMisplaced(byteOffset: number): void {
    this.records.add(
      'UDF_FILE_ENTRY_MISPLACED',
      'A file entry says that it lies elsewhere: it may be another file’s.',
      byteOffset,
    )
  }

  /** @param byteOffset negative where its place is no place */
  entryUnreadable(byteOffset: number): void {
    const place = byteOffset < 0 ? undefined : byteOffset
    this.log.damage('UDF_FILE_ENTRY_UNREADABLE', 'A file entry is unreadable; its file is lost.', place)
  }

  mirrorUsed(byteOffset: number | undefined): void {
    const message = 'Part of the metadata is damaged; its mirror is used.'
    this.log.recovered('UDF_METADATA_MIRROR_USED', message, byteOffset)
  }

  extentsLong(byteOffset: number): void {
    this.records.add(
      'UDF_EXTENTS_LONG',
      'More is recorded of a file than its length says: it may be longer than what is shown.',
      byteOffset,
      'some',
    )
  }

  /** @param what “A file” or “A directory” */
  extentsShort(what: string, byteOffset: number): void {
    this.log.damage('UDF_EXTENTS_SHORT', `${what} is longer than what is recorded of it.`, byteOffset)
  }

  settle(): void {
    this.records.settle(this.log)
  }
}
