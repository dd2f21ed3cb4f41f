import { readU16Le, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { nameDecoder, type NameDecoder } from '../../core/charset'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns, sumOfRuns } from '../../core/entry-columns'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { utcMilliseconds } from '../../core/date-time'
import { ExtentSource } from '../../core/sources/extent-source'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import type { FatBootSector } from './boot-sector'
import { copied } from '../../core/copied'

/** FAT specification 6: attributes of a directory entry. */
const Attribute = { hidden: 2, volume: 8, directory: 0x10, longName: 0x0f } as const
/** The table of a 128 GB volume in clusters of 2 KiB; larger ones are not on discs. */
const TABLE_LIMIT = 256 * 1024 * 1024

/** FAT12, FAT16 and FAT32 with long names. `start` of a directory is the place of its first cluster. */
export class FatTree implements TreeReader {
  private table: Uint8Array | null = null
  private copy: Uint8Array | null = null
  private readonly decodeShort: NameDecoder

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: FatBootSector,
    private readonly log: DiagnosticLog,
    charset: string | undefined,
  ) {
    this.decodeShort = nameDecoder(charset ?? 'cp437')
  }

  createColumns(basePath: string): EntryColumns {
    return new EntryColumns(this.volume, basePath)
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    const { boot } = this
    columns.flags[root] = Kind.directory
    if (boot.rootOffset > 0) {
      columns.start[root] = boot.rootOffset
      columns.setRuns(root, { runs: [boot.rootOffset, boot.rootLength] })
      return
    }
    await this.loadTable()
    columns.start[root] = this.clusterOffset(boot.rootCluster)
    columns.setRuns(root, { runs: this.chain(boot.rootCluster, Infinity) })
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    await this.loadTable()
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const runs = columns.runsOf(directory)?.runs ?? []
      // FAT specification 6: a directory has at most 65 536 entries of 32 bytes.
      const byteLength = Math.min(sumOfRuns(runs), 65_536 * 32)
      const bytes = await new ExtentSource(this.volume, runs, byteLength).read(0, byteLength)
      this.readEntries(columns, directory, bytes, context)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private readEntries(columns: EntryColumns, directory: number, bytes: Uint8Array, context: ReadContext): void {
    const long = new LongName()
    for (let at = 0; at + 32 <= bytes.byteLength && context.entriesLeft() > 0; at += 32) {
      const lead = bytes[at] ?? 0
      if (lead === 0) return
      const attributes = bytes[at + 11] ?? 0
      if (lead === 0xe5) {
        long.reset()
        continue
      }
      if ((attributes & 0x3f) === Attribute.longName) {
        long.add(bytes, at)
        continue
      }
      const name = long.take(bytes, at) ?? this.shortName(bytes, at)
      if ((attributes & Attribute.volume) !== 0 || name === '.' || name === '..') continue
      const index = columns.append(directory)
      const isDirectory = (attributes & Attribute.directory) !== 0
      columns.setNameText(index, name)
      columns.flags[index] =
        (isDirectory ? Kind.directory : Kind.file) |
        ((attributes & Attribute.hidden) !== 0 ? EntryFlag.hidden : 0) |
        oddness(name)
      columns.modified[index] = readDosTime(readU16Le(bytes, at + 24), readU16Le(bytes, at + 22))
      const cluster = readU16Le(bytes, at + 26) + (this.boot.bits === 32 ? readU16Le(bytes, at + 20) * 0x10000 : 0)
      this.setContent(columns, index, cluster, isDirectory ? Infinity : readU32Le(bytes, at + 28))
    }
  }

  private setContent(columns: EntryColumns, index: number, cluster: number, byteLength: number): void {
    const runs = byteLength === 0 ? [] : this.chain(cluster, byteLength)
    if (byteLength === Infinity) {
      columns.start[index] = cluster >= 2 ? this.clusterOffset(cluster) : -1
      columns.setRuns(index, { runs })
      return
    }
    columns.length64[index] = byteLength
    if (byteLength === 0) return
    const total = sumOfRuns(runs)
    if (total < byteLength) {
      this.log.damage('FAT_CHAIN_SHORT', `“${columns.nameOf(index)}” is longer than its chain of clusters.`)
      // Not a hole: the bytes are lost, which a place past every volume says.
      runs.push(2 ** 52, byteLength - total)
    }
    if (runs.length === 2) columns.start[index] = runs[0] ?? 0
    else columns.setRuns(index, { runs })
  }

  private shortName(bytes: Uint8Array, at: number): string {
    const raw = copied(bytes, at, at + 11)
    // 0xE5 marks a deleted entry, so a name that begins with it is recorded with 05.
    if (raw[0] === 0x05) raw[0] = 0xe5
    const base = this.decodeShort(raw.subarray(0, 8)).trimEnd()
    const extension = this.decodeShort(raw.subarray(8)).trimEnd()
    // Windows NT records the case of all-lower names in two reserved bits.
    const flags = bytes[at + 12] ?? 0
    const left = (flags & 8) !== 0 ? base.toLowerCase() : base
    const right = (flags & 16) !== 0 ? extension.toLowerCase() : extension
    return right === '' ? left : `${left}.${right}`
  }

  private clusterOffset(cluster: number): number {
    return this.boot.dataOffset + (cluster - 2) * this.boot.clusterLength
  }

  /** Runs of a chain of clusters, up to `byteLength`; stops at whatever is not a cluster, and cannot run in circles. */
  private chain(first: number, byteLength: number): number[] {
    const { boot } = this
    const runs: number[] = []
    let total = 0
    for (let cluster = first, steps = 0; total < byteLength && steps <= boot.clusterCount; steps++) {
      if (cluster < 2 || cluster >= boot.clusterCount + 2) break
      const start = this.clusterOffset(cluster)
      const length = Math.min(boot.clusterLength, byteLength - total)
      const last = runs.length - 2
      if (last >= 0 && (runs[last] ?? 0) + (runs[last + 1] ?? 0) === start)
        runs[last + 1] = (runs[last + 1] ?? 0) + length
      else runs.push(start, length)
      total += length
      cluster = this.next(cluster)
    }
    return runs
  }

  /** Where the two copies of the table differ, the link that can be one is taken; where both can, the first. */
  private next(cluster: number): number {
    const own = this.link(this.table ?? new Uint8Array(0), cluster)
    if (this.copy === null) return own
    const other = this.link(this.copy, cluster)
    if (other === own || (this.isEnd(own) && this.isEnd(other))) return own
    const canBeOther = this.isEnd(other) || (other >= 2 && other < this.boot.clusterCount + 2)
    const canBeOwn = this.isEnd(own) || (own >= 2 && own < this.boot.clusterCount + 2)
    if (!canBeOwn && !canBeOther) return own
    const message = 'The copies of the allocation table differ where files are: a file may be other than recorded.'
    const place = this.boot.fatOffset + Math.floor((cluster * this.boot.bits) / 8)
    this.log.damage('FAT_COPIES_DIFFER', message, place)
    return canBeOwn ? own : other
  }

  /** The values that end a chain. */
  private isEnd(link: number): boolean {
    return link >= { 12: 0xff8, 16: 0xfff8, 32: 0x0ffffff8 }[this.boot.bits]
  }

  private link(table: Uint8Array, cluster: number): number {
    if (this.boot.bits === 32) return readU32Le(table, cluster * 4) & 0x0fffffff
    if (this.boot.bits === 16) return readU16Le(table, cluster * 2)
    const pair = readU16Le(table, cluster + (cluster >> 1))
    return (cluster & 1) !== 0 ? pair >> 4 : pair & 0xfff
  }

  private async loadTable(): Promise<void> {
    if (this.table !== null) return
    const { fatOffset, fatLength, copyOffset } = this.boot
    const table = await this.volume.read(fatOffset, Math.min(fatLength, TABLE_LIMIT))
    const copy = copyOffset > 0 ? await this.volume.read(copyOffset, Math.min(fatLength, TABLE_LIMIT)) : null
    // A copy that is cut off, or was never written, is none.
    if (copy?.byteLength === table.byteLength && Buffer.compare(copy, table) !== 0 && copy[0] === table[0])
      this.copy = copy
    this.table = table
  }
}

/** FAT specification 7: thirteen characters an entry, the last part first. */
class LongName {
  private parts: string[] = []
  private checksum = -1
  private expected = 0

  reset(): void {
    this.parts = []
    this.expected = 0
  }

  add(bytes: Uint8Array, at: number): void {
    const order = bytes[at] ?? 0
    const checksum = bytes[at + 13] ?? 0
    if ((order & 0x40) !== 0) {
      this.parts = []
      this.expected = order & 0x1f
      this.checksum = checksum
    } else if ((order & 0x1f) !== this.expected || checksum !== this.checksum) {
      this.reset()
      return
    }
    this.expected--
    let text = ''
    for (const [from, count] of [
      [1, 5],
      [14, 6],
      [28, 2],
    ] as const) {
      for (let i = 0; i < count; i++) text += String.fromCharCode(readU16Le(bytes, at + from + i * 2))
    }
    this.parts.unshift(text)
  }

  /** The name if it belongs to this short entry; forgotten either way. */
  take(bytes: Uint8Array, at: number): string | null {
    let sum = 0
    for (let i = 0; i < 11; i++) sum = (((sum & 1) << 7) + (sum >> 1) + (bytes[at + i] ?? 0)) & 0xff
    const fits = this.parts.length > 0 && this.expected === 0 && sum === this.checksum
    const name = this.parts
      .join('')
      .replace(/\0[\s\S]*$/, '')
      .toWellFormed()
    this.reset()
    return fits && name !== '' ? name : null
  }
}

function oddness(name: string): number {
  return /[/\0]|^\.{0,2}$/.test(name) ? EntryFlag.oddName : 0
}

/** Local time of an unknown place, taken as UTC. */
function readDosTime(date: number, time: number): number {
  const month = (date >> 5) & 15
  const day = date & 31
  if (month < 1 || month > 12 || day < 1) return NaN
  return utcMilliseconds(1980 + (date >> 9), month, day, time >> 11, (time >> 5) & 63, (time & 31) * 2)
}
