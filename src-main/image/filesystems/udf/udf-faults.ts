import type { DiagnosticLog } from '../../core/diagnostic-log'
import { FaultTally } from '../../core/fault-tally'
import type { ContentExtents } from './icb'

/** What makes the content of a file other than recorded, perhaps. */
const CONTENT_FAULTS = {
  UDF_FILE_ENTRY_DAMAGED: 'The sum of a file entry does not fit: its file may be other than recorded.',
  UDF_FILE_ENTRY_MISPLACED: 'A file entry says that it lies elsewhere: it may be another file’s.',
  UDF_CONTINUATION_DAMAGED:
    'The sum of a continuation of allocation descriptors does not fit: its file may be other than recorded.',
  UDF_CONTINUATION_MISPLACED:
    'A continuation of allocation descriptors says that it lies elsewhere: it may be another file’s.',
  UDF_EXTENTS_UNEVEN:
    'A part of a file that others follow ends within a block: the file may be other than recorded from there on.',
} as const

export type ContentFault = keyof typeof CONTENT_FAULTS

export function messageOf(fault: ContentFault): string {
  return CONTENT_FAULTS[fault]
}

/**
 * What a walk through a UDF tree meets that cannot be right. What others of its kind have as well is judged at the end of
 * the walk; what costs something in any case is told at once. Places are in bytes; undefined where nobody knows.
 */
export class UdfFaults {
  private readonly records = new FaultTally()
  private readonly continuations = new FaultTally()
  /** Contents of more than one extent. */
  private readonly fragmented = new FaultTally()
  private readonly directories = new FaultTally()

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

  /** Of a directory that was read to its end, and of whether it names the one above it (ECMA-167 4/8.6). */
  directoryRead(hasParent: boolean, byteOffset: number | undefined): void {
    this.directories.countRecord()
    if (hasParent) return
    const message = 'A directory does not name the one above it: its file identifiers may be missing.'
    this.directories.add('UDF_PARENT_MISSING', message, byteOffset)
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

  entryDamaged(byteOffset: number): ContentFault {
    return addTo(this.records, 'UDF_FILE_ENTRY_DAMAGED', byteOffset)
  }

  kindsDisagree(byteOffset: number): void {
    this.records.add(
      'UDF_KINDS_DISAGREE',
      'What is a folder by its name in a folder is a file by its file entry, or the other way round.',
      byteOffset,
    )
  }

  entryMisplaced(byteOffset: number): ContentFault {
    return addTo(this.records, 'UDF_FILE_ENTRY_MISPLACED', byteOffset)
  }

  /** @param byteOffset negative where its place is no place */
  entryUnreadable(byteOffset: number): void {
    const place = byteOffset < 0 ? undefined : byteOffset
    this.log.damage('UDF_FILE_ENTRY_UNREADABLE', 'A file entry is unreadable; its file is lost.', place)
  }

  /**
   * Of the extents of a file entry.
   * @returns what makes them doubtful
   */
  extentsRead(extents: ContentExtents, byteOffset: number): ContentFault[] {
    if (extents.isLong) this.extentsLong(byteOffset)
    const found = new Set<ContentFault>()
    for (const { byteOffset: place, isSound, isMisplaced } of extents.continuations) {
      this.continuations.countRecord()
      if (!isSound) found.add(addTo(this.continuations, 'UDF_CONTINUATION_DAMAGED', place))
      else if (isMisplaced) found.add(addTo(this.continuations, 'UDF_CONTINUATION_MISPLACED', place))
    }
    if (extents.runs.length > 2) this.fragmented.countRecord()
    if (extents.isUneven) found.add(addTo(this.fragmented, 'UDF_EXTENTS_UNEVEN', byteOffset))
    return [...found]
  }

  private extentsLong(byteOffset: number): void {
    this.records.add(
      'UDF_EXTENTS_LONG',
      'More is recorded of a file or a directory than its length says: it may be longer than what is shown.',
      byteOffset,
      'some',
    )
  }

  /** @param what “A file” or “A directory” */
  extentsShort(what: string, byteOffset: number): void {
    this.log.damage('UDF_EXTENTS_SHORT', `${what} is longer than what is recorded of it.`, byteOffset)
  }

  linkBroken(byteOffset: number): void {
    const message = 'Where a symbolic link leads is not recorded in full; it is left out.'
    this.log.damage('UDF_LINK_DAMAGED', message, byteOffset)
  }

  settle(): void {
    for (const tally of [this.records, this.continuations, this.fragmented, this.directories]) tally.settle(this.log)
  }
}

function addTo(tally: FaultTally, fault: ContentFault, byteOffset: number): ContentFault {
  tally.add(fault, CONTENT_FAULTS[fault], byteOffset)
  return fault
}
