import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { SECTOR, type XdvdfsVolume } from './volume'

const ENTRY_LENGTH = 14
/** Links to other entries count in four bytes. */
const LINK_UNIT = 4
/** What an unused entry is filled with. */
const NO_ENTRY = 0xffff
const Attribute = { hidden: 2, directory: 0x10 } as const

/** Directories of an Xbox disc, each a binary tree of entries. `start` of a directory is where its table lies. */
export class XdvdfsTree implements TreeReader {
  private readonly structures: ByteSource
  /** Directories that overlap could be read for ever; together they are not longer than the volume. */
  private bytesLeft: number

  constructor(
    private readonly source: ByteSource,
    private readonly volume: XdvdfsVolume,
    private readonly log: DiagnosticLog,
  ) {
    this.structures = new TolerantSource(source, log)
    this.bytesLeft = source.byteLength
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
      const bytes = await this.readTable(start, columns.length64[directory] ?? 0)
      this.readEntries(columns, directory, new ByteReader(bytes), start, context)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async readTable(start: number, byteLength: number): Promise<Uint8Array> {
    if (byteLength > this.bytesLeft || start >= this.source.byteLength) {
      const what =
        start < this.source.byteLength ? 'asks for more than the image holds' : 'lies past the end of the image'
      this.log.damage('DIRECTORY_UNREADABLE', `A directory ${what}.`, start)
      return new Uint8Array(0)
    }
    this.bytesLeft -= byteLength
    const bytes = await this.structures.read(start, byteLength)
    if (bytes.byteLength < byteLength)
      this.log.damage('DIRECTORY_PAST_END', 'A directory lies past the end of the image.', start + bytes.byteLength)
    return bytes
  }

  /** From the root of the tree, its first entry, to both sides of each. */
  private readEntries(
    columns: EntryColumns,
    directory: number,
    table: ByteReader,
    start: number,
    context: ReadContext,
  ): void {
    const seen = new Set<number>()
    const waiting = [0]
    for (let at = waiting.pop(); at !== undefined && context.entriesLeft() > 0; at = waiting.pop()) {
      const nameLength = table.u8(at + 13)
      const left = table.u16Le(at)
      // An empty directory is filled with ones.
      if (table.byteLength === 0 || (at === 0 && left === NO_ENTRY)) continue
      if (seen.has(at) || nameLength === 0 || !table.has(at, ENTRY_LENGTH + nameLength)) {
        this.log.damage('RECORD_DAMAGED', 'An entry of a directory is damaged, or stands in it twice.', start + at)
        continue
      }
      seen.add(at)
      for (const link of [left, table.u16Le(at + 2)])
        if (link !== 0 && link !== NO_ENTRY) waiting.push(link * LINK_UNIT)
      this.readEntry(columns, directory, table, at, nameLength)
    }
  }

  private readEntry(columns: EntryColumns, directory: number, table: ByteReader, at: number, nameLength: number): void {
    const attributes = table.u8(at + 12)
    const index = columns.append(directory)
    columns.setNameBytes(index, table.bytes, at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength)
    columns.flags[index] =
      ((attributes & Attribute.directory) !== 0 ? Kind.directory : Kind.file) |
      EntryFlag.oddName |
      ((attributes & Attribute.hidden) !== 0 ? EntryFlag.hidden : 0)
    columns.modified[index] = this.volume.created
    columns.start[index] = this.volume.byteOffset + table.u32Le(at + 4) * SECTOR
    columns.length64[index] = table.u32Le(at + 8)
  }
}
