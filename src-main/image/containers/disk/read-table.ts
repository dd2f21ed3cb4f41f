import { SourceError, type ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'

const AT_ONCE = 1 << 20
/** Entries of tables that are looked at as a disk is opened: those of 256 GB in grains of 64 KiB. */
export const TABLE_LIMIT = 1 << 22

/**
 * Goes through a table of entries of one length, where it is short enough to be compared as a disk is opened; that it is
 * longer is told.
 * @param use is given the number of each entry, and the bytes that it begins in at `at`
 * @returns false where it was not gone through to its end: nothing can be compared with it
 */
export async function readEntries(
  { file, name, log }: { file: ByteSource; name: string; log: DiagnosticLog },
  { byteOffset, count, entryLength }: { byteOffset: number; count: number; entryLength: number },
  use: (entry: number, bytes: Buffer, at: number) => void,
): Promise<boolean> {
  if (count > TABLE_LIMIT) {
    reportLong(log, name)
    return false
  }
  return readTable(file, byteOffset, count * entryLength, (bytes, done) => {
    for (let at = 0; at + entryLength <= bytes.byteLength; at += entryLength) use((done + at) / entryLength, bytes, at)
  })
}

/** Says of a disk that its tables are not compared with anything. */
export function reportLong(log: DiagnosticLog, name: string): void {
  log.note('DISK_TABLE_LONG', `The tables of “${name}” are too long to be compared with the file as it is opened.`)
}

/**
 * Goes through a table from its first byte to its last, a megabyte at a time.
 * @param use is given the bytes, and how many of the table lie in front of them
 * @returns false where part of it cannot be read: nothing can be compared with it
 */
export async function readTable(
  file: ByteSource,
  byteOffset: number,
  byteLength: number,
  use: (bytes: Buffer, done: number) => void,
): Promise<boolean> {
  for (let done = 0; done < byteLength; done += AT_ONCE) {
    const wanted = Math.min(AT_ONCE, byteLength - done)
    const bytes = await readOrNull(file, byteOffset + done, wanted)
    if (bytes === null) return false
    use(bytes, done)
  }
  return true
}

/** Null where they are not all there, or cannot be read. Whoever reads them for the disk's bytes is told why. */
export async function readOrNull(file: ByteSource, byteOffset: number, byteLength: number): Promise<Buffer | null> {
  if (!(byteOffset >= 0 && byteOffset + byteLength <= file.byteLength)) return null
  try {
    const bytes = await file.read(byteOffset, byteLength)
    return bytes.byteLength < byteLength ? null : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } catch (error) {
    if (!(error instanceof SourceError) || error.code === 'SOURCE_GONE' || error.code === 'SOURCE_FORBIDDEN')
      throw error
    return null
  }
}
