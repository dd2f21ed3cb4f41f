import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import type { EntryColumns } from '../../core/entry-columns'
import { readSelfRecord } from '../../core/self-record'

/** More of them are compared with nothing: they stay damage. */
const LENGTH_LIMIT = 1 << 20
/** Copies that are looked at; each is compared with each shared directory of its length. */
const LOOK_LIMIT = 4096

/**
 * Directories that records in several places lead to. The path table tells what they are: genisoimage, which is given one
 * folder for several places (`-graft-points`), lets all records lead to the first, names each in the path table, and
 * writes a copy for each. Where the table knows nothing of a name, its record may have been led astray.
 */
export class SharedDirectories {
  /** Names that nothing but a record speaks of, by where their directory begins. */
  private readonly unproven = new Map<number, number[]>()
  /** Where they begin. */
  readonly starts: ReadonlySet<number>
  private readonly namedOnce = new Set<number>()
  private readonly contents = new Map<number, Uint8Array | null>()
  private looked = 0

  /** @param repeats entries of `columns` whose directories had another name before */
  constructor(
    private readonly structures: ByteSource,
    private readonly columns: EntryColumns,
    repeats: readonly number[],
  ) {
    for (const index of repeats) {
      const start = columns.start[index] ?? -1
      const names = this.unproven.get(start)
      if (names) names.push(index)
      else this.unproven.set(start, [index])
    }
    this.starts = new Set(this.unproven.keys())
  }

  /** The path table has a directory there: of a shared one, the first such name is its own. */
  findNamed(start: number): void {
    if (!this.starts.has(start)) return
    if (this.namedOnce.has(start)) this.unproven.get(start)?.pop()
    this.namedOnce.add(start)
  }

  /** Whether the directory at `start`, which no record leads to, is the copy of a shared one, which then has its name. */
  async findCopy(start: number): Promise<boolean> {
    if (this.starts.size === 0 || this.looked++ >= LOOK_LIMIT) return false
    const own = await this.recordsAt(start)
    if (own === null) return false
    for (const other of this.starts) {
      const records = await this.recordsAt(other)
      if (records === null || Buffer.compare(own, records) !== 0) continue
      this.unproven.get(other)?.pop()
      return true
    }
    return false
  }

  /** Tells of each, once all of the path table has been seen. */
  settle(log: DiagnosticLog): void {
    for (const [start, names] of this.unproven) {
      const [index] = names
      if (index === undefined) {
        log.note('DIRECTORY_SHARED', 'A folder has several names, and its writer meant it.', start)
        continue
      }
      const path = this.columns.pathOf(index)
      log.damage('DIRECTORY_SHARED', `“${path}” leads to the folder of another name: it may hold other files.`, start)
    }
  }

  /** A directory’s records behind its own and its parent’s; null where there is none, or too much. */
  private async recordsAt(start: number): Promise<Uint8Array | null> {
    const known = this.contents.get(start)
    if (known !== undefined) return known
    const records = await this.readRecords(start)
    this.contents.set(start, records)
    return records
  }

  private async readRecords(start: number): Promise<Uint8Array | null> {
    const head = await this.structures.read(start, 2048)
    const own = readSelfRecord(head)
    if (own === null || own.byteLength === 0 || own.byteLength > LENGTH_LIMIT) return null
    const bytes = own.byteLength <= head.byteLength ? head : await this.structures.read(start, own.byteLength)
    const first = bytes[0] ?? 0
    return bytes.subarray(first + (bytes[first] ?? 0), own.byteLength)
  }
}
