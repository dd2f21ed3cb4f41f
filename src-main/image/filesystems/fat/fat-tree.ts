import { because } from '../../../../src-shared/model'
import { isAllZero, readU16Le, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { nameDecoder, type NameDecoder } from '../../../../src-shared/charset/detect'
import { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { sumOfRuns } from '../../core/content-runs'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { utcMilliseconds } from '../../core/date-time'
import { ExtentSource } from '../../core/sources/extent-source'
import { streamSink } from '../../core/named-streams'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import type { FatBootSector } from './boot-sector'
import { ChainCheck } from './chain-check'
import type { ClusterSet } from '../../core/cluster-set'
import { clusterOffset, ClusterTable } from './cluster-table'
import { afterEndMark, DirectoryCheck, dotsOf, hasZero, isNoEntry, type DirectoryPlace } from './directory-check'
import {
  Attribute,
  DEFAULT_CODE_PAGE,
  DELETED,
  firstCluster,
  hasUpper,
  isLongName,
  readShortName,
} from './directory-entry'
import { LongName } from './long-name'
import { LostEntries } from './lost-entries'

const BLANK = 'A sector of a folder holds nothing, though more was recorded: entries may be missing.'
const UNNAMED_CODE_PAGE = `Some short names are in a code page that FAT does not name; they are read as ${DEFAULT_CODE_PAGE}.`
/** Entries of a walk whose only purpose is to know which clusters are reached. */
const REACH_LIMIT = 5_000_000

/** FAT12, FAT16 and FAT32 with long names. `start` of a directory is the place of its first cluster. */
export class FatTree implements TreeReader {
  private readonly clusters: ClusterTable
  private readonly chains: ChainCheck
  private readonly directories: DirectoryCheck
  private readonly lost: LostEntries
  private readonly decodeShort: NameDecoder

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: FatBootSector,
    private readonly log: DiagnosticLog,
    private readonly charset: string | undefined,
  ) {
    this.clusters = new ClusterTable(volume, boot, log)
    this.chains = new ChainCheck(boot, this.clusters, log)
    this.directories = new DirectoryCheck(log, boot.bits, boot.rootCluster)
    this.lost = new LostEntries(volume, boot, this.clusters)
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
    const chain = this.clusters.follow(boot.rootCluster, Infinity)
    this.chains.directory('/', chain)
    columns.setRuns(root, { runs: chain.runs })
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
      const place = this.placeOf(columns, directory)
      this.directories.beginning(bytes, place)
      this.readEntries(columns, directory, bytes, place, context)
      if (columns.isViewRoot(directory) && columns.length === first) this.checkNothing(bytes)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  async finishWalk(_columns: EntryColumns, isWhole: boolean): Promise<void> {
    this.chains.settle()
    this.directories.settle()
    if (this.lost.isEmpty) return
    const reached = isWhole ? this.chains.clusters : await this.reachedByAll()
    if (reached !== null) await this.lost.settle(reached, this.log)
  }

  /** The clusters of all that the volume lists, by a walk of its own; null where that is too much. */
  private async reachedByAll(): Promise<ClusterSet | null> {
    const log = new DiagnosticLog()
    const tree = new FatTree(this.volume, this.boot, log, this.charset)
    const columns = tree.createColumns('')
    const finisher = { finish: () => undefined }
    const context = { finisher, log, streams: streamSink(false), entriesLeft: () => REACH_LIMIT - columns.length }
    const seen = new Set<number>()
    await tree.readRoot(columns)
    for (let index = 0; index < columns.length; index++) {
      const start = columns.start[index] ?? -1
      if (columns.kindOf(index) !== 'directory' || start < 0 || seen.has(start)) continue
      seen.add(start)
      await tree.readChildren(columns, [index], context)
      if (columns.length >= REACH_LIMIT) return null
    }
    return tree.chains.clusters
  }

  private placeOf(columns: EntryColumns, directory: number): DirectoryPlace {
    if (columns.isViewRoot(directory)) return { own: this.boot.rootCluster, parent: 0, title: 'The root' }
    const parent = columns.parentOf(directory)
    return {
      own: this.clusterAt(columns.start[directory] ?? 0),
      // Of the part that a walk is about, the parent is not known.
      parent: directory === 0 ? -1 : columns.isViewRoot(parent) ? 0 : this.clusterAt(columns.start[parent] ?? 0),
      title: `The folder “${columns.nameOf(directory)}”`,
    }
  }

  private clusterAt(byteOffset: number): number {
    return (byteOffset - this.boot.dataOffset) / this.boot.clusterLength + 2
  }

  /** A root that holds no record at all, on a volume that something was written to: what it held is lost. */
  private checkNothing(bytes: Uint8Array): void {
    if (!isAllZero(bytes.subarray(0, 32))) return
    const { rootOffset, clusterLength } = this.boot
    const own = rootOffset > 0 ? 0 : Math.ceil(bytes.byteLength / clusterLength)
    if (this.clusters.usedCount(own + 1) > own) this.log.damage('DIRECTORY_SECTOR_BLANK', BLANK)
  }

  private readEntries(
    columns: EntryColumns,
    directory: number,
    bytes: Uint8Array,
    place: DirectoryPlace,
    context: ReadContext,
  ): void {
    const long = new LongName()
    for (let at = 0; at + 32 <= bytes.byteLength && context.entriesLeft() > 0; at += 32) {
      const lead = bytes[at] ?? 0
      if (lead === 0) at = this.atEndMark(bytes, at, long, place) - 32
      else if (lead === DELETED) {
        this.lost.deleted(bytes, at, place.title)
        long.reset()
      } else if (isLongName(bytes, at)) {
        // Its parts have no cluster (FAT specification 7): what has one may be a file that is marked so.
        if (readU16Le(bytes, at + 26) !== 0) this.lost.unlisted(bytes, at, place.title)
        long.add(bytes, at)
      } else this.readEntry(columns, directory, bytes, at, long, place)
    }
    if (long.isWhole) this.reportCut(place)
  }

  /** @returns where to go on, as `afterEndMark` */
  private atEndMark(bytes: Uint8Array, at: number, long: LongName, place: DirectoryPlace): number {
    const { next, isLost } = afterEndMark(bytes, at)
    if (isLost) this.log.damage('DIRECTORY_SECTOR_BLANK', BLANK)
    else this.lost.behindEnd(bytes, at, place.title)
    // Programs that know nothing of long names delete entries, but end no directory in front of one.
    if (long.isWhole && !isLost) this.reportCut(place)
    long.reset()
    return next
  }

  private reportCut({ title }: DirectoryPlace): void {
    this.log.damage('ENTRIES_MISSING', `${title} ends behind a long name, in front of the entry that it belongs to.`)
  }

  private readEntry(
    columns: EntryColumns,
    directory: number,
    bytes: Uint8Array,
    at: number,
    long: LongName,
    place: DirectoryPlace,
  ): void {
    const attributes = bytes[at + 11] ?? 0
    const dots = dotsOf(bytes, at)
    if ((attributes & Attribute.volume) !== 0) {
      this.passOver(bytes, at, long, place)
      return
    }
    const short = readShortName(bytes, at, this.decodeShort)
    const name = long.take(bytes, at) ?? this.shown(short, bytes, at)
    if (long.fate === 'lost')
      this.log.damage('LONG_NAME_LOST', `The long name of “${short}” is damaged: the short one is shown.`)
    // What is left of a long name, or of something else.
    if (long.fate !== 'taken' && hasZero(bytes, at)) this.reportNoEntry(place)
    if (dots !== 0) {
      this.directories.dots(bytes, at, place)
      return
    }
    const index = columns.append(directory)
    const isDirectory = (attributes & Attribute.directory) !== 0
    columns.setNameText(index, name)
    columns.flags[index] =
      (isDirectory ? Kind.directory : Kind.file) |
      ((attributes & Attribute.hidden) !== 0 ? EntryFlag.hidden : 0) |
      oddness(name)
    columns.modified[index] = readDosTime(readU16Le(bytes, at + 24), readU16Le(bytes, at + 22))
    const byteLength = isDirectory ? Infinity : readU32Le(bytes, at + 28)
    this.setContent(columns, index, firstCluster(bytes, at, this.boot.bits), byteLength)
  }

  /** A short name that is shown: which code page it is in, no volume says. */
  private shown(short: string, bytes: Uint8Array, at: number): string {
    if (this.charset === undefined && dotsOf(bytes, at) === 0 && hasUpper(bytes, at))
      this.log.note('NAMES_NOT_UTF8', UNNAMED_CODE_PAGE)
    return short
  }

  private reportNoEntry({ title }: DirectoryPlace): void {
    this.log.damage('DIRECTORY_UNREADABLE', `${title} holds what is no entry: files may be missing.`)
  }

  /** A volume’s name, or what is marked as one. */
  private passOver(bytes: Uint8Array, at: number, long: LongName, place: DirectoryPlace): void {
    const { title } = place
    if (isNoEntry(bytes, at)) this.reportNoEntry(place)
    else if (long.fits(bytes, at))
      this.log.damage('ENTRIES_MISSING', `${title} has an entry that is marked as no file, though it has a long name.`)
    else this.lost.unlisted(bytes, at, title)
    // A volume's name is neither hidden nor of the system; a part of a long name that has lost a bit is.
    if (((bytes[at + 11] ?? 0) & 0x07) !== 0) long.addUnmarked(bytes, at)
    else long.reset()
  }

  private setContent(columns: EntryColumns, index: number, cluster: number, byteLength: number): void {
    const chain = byteLength === 0 ? { runs: [], after: 0, isFree: false } : this.clusters.follow(cluster, byteLength)
    const { runs } = chain
    if (byteLength === Infinity) {
      this.chains.directory(columns.nameOf(index), chain)
      columns.start[index] = cluster >= 2 ? clusterOffset(this.boot, cluster) : -1
      columns.setRuns(index, { runs })
      return
    }
    this.chains.file(columns.nameOf(index), cluster, byteLength, chain)
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
