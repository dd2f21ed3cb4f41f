import { because } from '../../../../src-shared/model'
import { isAllZero, readU16Le, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { nameDecoder, type NameDecoder } from '../../../../src-shared/charset/detect'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { sumOfRuns } from '../../core/content-runs'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { utcMilliseconds } from '../../core/date-time'
import { ExtentSource } from '../../core/sources/extent-source'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import type { FatBootSector } from './boot-sector'
import { clusterOffset, ClusterTable } from './cluster-table'
import { afterEndMark, checkBeginning } from './directory-check'
import {
  Attribute,
  DEFAULT_CODE_PAGE,
  DELETED,
  firstCluster,
  isLongName,
  LongName,
  readShortName,
} from './directory-entry'

const BLANK = 'A sector of a folder holds nothing, though more was recorded: entries may be missing.'

/** FAT12, FAT16 and FAT32 with long names. `start` of a directory is the place of its first cluster. */
export class FatTree implements TreeReader {
  private readonly clusters: ClusterTable
  private readonly decodeShort: NameDecoder

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: FatBootSector,
    private readonly log: DiagnosticLog,
    charset: string | undefined,
  ) {
    this.clusters = new ClusterTable(volume, boot, log)
    this.decodeShort = nameDecoder(charset ?? DEFAULT_CODE_PAGE)
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
    await this.clusters.load()
    columns.start[root] = clusterOffset(boot, boot.rootCluster)
    columns.setRuns(root, { runs: this.clusters.chain(boot.rootCluster, Infinity) })
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    await this.clusters.load()
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const runs = columns.runsOf(directory)?.runs ?? []
      // FAT specification 6: a directory has at most 65 536 entries of 32 bytes.
      const byteLength = Math.min(sumOfRuns(runs), 65_536 * 32)
      const bytes = await new ExtentSource(this.volume, runs, byteLength).read(0, byteLength)
      const isRoot = columns.isViewRoot(directory)
      if (!isRoot) checkBeginning(bytes, columns.nameOf(directory), this.log)
      this.readEntries(columns, directory, bytes, context)
      if (isRoot && columns.length === first) this.checkNothing(bytes)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  /** A root that holds no record at all, on a volume that something was written to: what it held is lost. */
  private checkNothing(bytes: Uint8Array): void {
    if (!isAllZero(bytes.subarray(0, 32))) return
    const { rootOffset, clusterLength } = this.boot
    const own = rootOffset > 0 ? 0 : Math.ceil(bytes.byteLength / clusterLength)
    if (this.clusters.usedCount(own + 1) > own) this.log.damage('DIRECTORY_SECTOR_BLANK', BLANK)
  }

  private readEntries(columns: EntryColumns, directory: number, bytes: Uint8Array, context: ReadContext): void {
    const long = new LongName()
    for (let at = 0; at + 32 <= bytes.byteLength && context.entriesLeft() > 0; at += 32) {
      const lead = bytes[at] ?? 0
      if (lead === 0) {
        const { next, isLost } = afterEndMark(bytes, at)
        if (isLost) this.log.damage('DIRECTORY_SECTOR_BLANK', BLANK)
        long.reset()
        at = next - 32
        continue
      }
      const attributes = bytes[at + 11] ?? 0
      if (lead === DELETED) {
        long.reset()
        continue
      }
      if (isLongName(bytes, at)) {
        long.add(bytes, at)
        continue
      }
      const name = long.take(bytes, at) ?? readShortName(bytes, at, this.decodeShort)
      if ((attributes & Attribute.volume) !== 0 || name === '.' || name === '..') continue
      const index = columns.append(directory)
      const isDirectory = (attributes & Attribute.directory) !== 0
      columns.setNameText(index, name)
      columns.flags[index] =
        (isDirectory ? Kind.directory : Kind.file) |
        ((attributes & Attribute.hidden) !== 0 ? EntryFlag.hidden : 0) |
        oddness(name)
      columns.modified[index] = readDosTime(readU16Le(bytes, at + 24), readU16Le(bytes, at + 22))
      this.setContent(
        columns,
        index,
        firstCluster(bytes, at, this.boot.bits),
        isDirectory ? Infinity : readU32Le(bytes, at + 28),
      )
    }
  }

  private setContent(columns: EntryColumns, index: number, cluster: number, byteLength: number): void {
    const runs = byteLength === 0 ? [] : this.clusters.chain(cluster, byteLength)
    if (byteLength === Infinity) {
      columns.start[index] = cluster >= 2 ? clusterOffset(this.boot, cluster) : -1
      columns.setRuns(index, { runs })
      return
    }
    columns.length64[index] = byteLength
    if (byteLength === 0) return
    const total = sumOfRuns(runs)
    if (total < byteLength) {
      this.log.damage(
        'FAT_CHAIN_SHORT',
        `“${columns.nameOf(index)}” is longer than its chain of clusters.`,
        undefined,
        because('chainShort', { name: columns.nameOf(index) }),
      )
      // Not a hole: the bytes are lost, which a place past every volume says.
      runs.push(2 ** 52, byteLength - total)
    }
    if (runs.length === 2) columns.start[index] = runs[0] ?? 0
    else columns.setRuns(index, { runs })
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
