import type { MaybePromise } from './byte-source'
import type { DiagnosticLog } from './diagnostic-log'
import type { EntryColumns } from './entry-columns'
import { EntryFlag } from './entry-flags'

/** Where tree readers take what entries hold beside their content: named streams and forks. */
export interface StreamSink {
  /** Whether they are entries of their own. */
  readonly isListed: boolean
  /**
   * Told of an entry, whose name and attributes are set, that has any.
   * @param file what tells its file apart from others, however many names that has
   * @param append appends an entry for each stream, in the same directory and under the stream's own name
   */
  found(columns: EntryColumns, index: number, file: number, append: () => MaybePromise<void>): MaybePromise<void>
  /** Tells of those that no listing shows, once the whole tree has been read. */
  settle(log: DiagnosticLog): void
}

/** @param isListed whether streams are entries of their own, beside their files: only where somebody asks for that */
export function streamSink(isListed: boolean): StreamSink {
  return isListed ? LISTED : new StreamTally()
}

/** Counts the files, and says that what they have beside their content is not listed. */
class StreamTally implements StreamSink {
  readonly isListed = false
  private readonly files = new Set<number>()

  found(_columns: EntryColumns, _index: number, file: number): void {
    this.files.add(file)
  }

  settle(log: DiagnosticLog): void {
    const count = this.files.size
    this.files.clear()
    if (count === 0) return
    const what = count === 1 ? '1 file has named streams' : `${count} files have named streams`
    log.warn(
      'NAMED_STREAMS',
      `${what} or a resource fork beside the content, which are left out; “isolde extract --streams” writes them as files of their own.`,
    )
  }
}

/** Between a file's name and that of a stream, as Windows writes it. */
const SEPARATOR = 0x3a
/** What a stream has of its file. */
const OF_FILE = EntryFlag.hidden | EntryFlag.hasMode | EntryFlag.hasOwner | EntryFlag.oddName

const LISTED: StreamSink = {
  isListed: true,
  async found(columns, index, _file, append) {
    const first = columns.length
    await append()
    const flags = (columns.flags[index] ?? 0) & OF_FILE
    for (let stream = first; stream < columns.length; stream++) {
      const own = columns.nameBytes(index)
      const name = Buffer.concat([own, Buffer.of(SEPARATOR), columns.nameBytes(stream)])
      columns.setNameBytes(stream, name, 0, name.byteLength)
      columns.flags[stream] = (columns.flags[stream] ?? 0) | flags | EntryFlag.stream
      columns.modified[stream] = columns.modified[index] ?? NaN
      columns.mode[stream] = (columns.mode[index] ?? 0) & NOT_RUN
      columns.uid[stream] = columns.uid[index] ?? 0
      columns.gid[stream] = columns.gid[index] ?? 0
    }
  },
  settle() {
    // Nothing is left out.
  },
}
/** Streams are neither run nor entered, whatever their file or folder is. */
const NOT_RUN = 0o666
