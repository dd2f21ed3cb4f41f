import { ByteReader } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { sumOfRuns } from '../../core/content-runs'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { ExtentSource } from '../../core/sources/extent-source'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { clusterOffset, type ExfatBoot } from './boot-sector'
import { AllocationCheck } from './allocation-check'
import { ClusterChains, type Chain } from './cluster-chains'
import { ENTRY_LENGTH, EntryType, kindOfOther, readEntrySet, type EntrySet } from './entry-set'

/** exFAT specification 7.6.7: no directory is longer. */
const DIRECTORY_LIMIT = 256 << 20
/** Directories are read in pieces; the longest set of entries may lie over an end. */
const PIECE_LENGTH = 1 << 20
/** No content lies there: where the bytes of a chain that is too short are looked for. */
const NOWHERE = 2 ** 52

/** The directories of an exFAT volume. `start` of one is the place of its first cluster. */
export class ExfatTree implements TreeReader {
  private readonly chains: ClusterChains
  private readonly structures: ByteSource
  private readonly allocation: AllocationCheck

  constructor(
    private readonly volume: ByteSource,
    private readonly boot: ExfatBoot,
    private readonly log: DiagnosticLog,
  ) {
    this.structures = new TolerantSource(volume, log)
    this.chains = new ClusterChains(this.structures, boot)
    this.allocation = new AllocationCheck(boot, volume.byteLength, log)
  }

  createColumns(basePath: string): EntryColumns {
    return new EntryColumns(this.volume, basePath)
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = clusterOffset(this.boot, this.boot.rootCluster)
    const chain = await this.chains.follow(this.boot.rootCluster, DIRECTORY_LIMIT)
    columns.setRuns(root, { runs: chain.runs })
    await this.readSystemEntries(chain)
  }

  finishWalk(): Promise<void> {
    this.allocation.settle()
    return Promise.resolve()
  }

  /** The allocation bitmap and the up-case table (exFAT specification 7.1, 7.2), which only the root has. */
  private async readSystemEntries(root: Chain): Promise<void> {
    const entries = new ByteReader(
      await new ExtentSource(this.structures, root.runs, sumOfRuns(root.runs)).read(0, PIECE_LENGTH),
    )
    const found: [name: string, chain: Chain][] = [['/', root]]
    for (let at = 0; entries.has(at, ENTRY_LENGTH) && entries.u8(at) !== EntryType.end; at += ENTRY_LENGTH) {
      const type = entries.u8(at)
      if (type !== EntryType.bitmap && type !== EntryType.upcase) continue
      const byteLength = Math.min(entries.u64Le(at + 24), this.volume.byteLength)
      const chain = await this.systemChain(entries.u32Le(at + 20), byteLength)
      found.push([type === EntryType.bitmap ? 'the allocation bitmap' : 'the up-case table', chain])
      // Of two, the first is that of the first allocation table.
      if (type === EntryType.bitmap && found.length === 2)
        await this.allocation.loadBitmap(new ExtentSource(this.structures, chain.runs, byteLength))
    }
    for (const [name, chain] of found) this.allocation.keep(name, chain)
  }

  /** Windows links these in the table, others leave them in a row without links. */
  private async systemChain(first: number, byteLength: number): Promise<Chain> {
    const chain = await this.chains.follow(first, byteLength)
    return sumOfRuns(chain.runs) < byteLength ? { runs: this.chains.row(first, byteLength), hasMore: false } : chain
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      await this.readDirectory(columns, directory, columns.runsOf(directory)?.runs ?? [], context)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async readDirectory(
    columns: EntryColumns,
    directory: number,
    runs: ArrayLike<number>,
    context: ReadContext,
  ): Promise<void> {
    const byteLength = sumOfRuns(runs)
    const content = new ExtentSource(this.structures, runs, byteLength)
    const name = columns.isViewRoot(directory) ? 'The root directory' : `The directory “${columns.nameOf(directory)}”`
    for (let at = 0; at < byteLength && context.entriesLeft() > 0;) {
      const bytes = await content.read(at, PIECE_LENGTH)
      const isLast = at + bytes.byteLength >= byteLength || bytes.byteLength < PIECE_LENGTH
      const read = await this.readEntries(columns, directory, new ByteReader(bytes), name, isLast, context)
      if (read === null) return
      at += read
      if (isLast) {
        if (at < byteLength && bytes.byteLength < Math.min(PIECE_LENGTH, byteLength))
          this.log.damage('DIRECTORY_UNREADABLE', `${name} lies partly behind the end of the image.`)
        return
      }
    }
  }

  /** How many bytes were read; null at the end of the directory. */
  private async readEntries(
    columns: EntryColumns,
    directory: number,
    entries: ByteReader,
    name: string,
    isLast: boolean,
    context: ReadContext,
  ): Promise<number | null> {
    let at = 0
    while (entries.has(at, ENTRY_LENGTH) && context.entriesLeft() > 0) {
      const type = entries.u8(at)
      if (type === EntryType.end) {
        this.checkBehindEnd(entries, at, name)
        return null
      }
      if (type !== EntryType.file) {
        at += this.skip(entries, at, name) * ENTRY_LENGTH
        continue
      }
      // The rest of the set is read with the next piece.
      if (!isLast && at > 0 && !entries.has(at, (entries.u8(at + 1) + 1) * ENTRY_LENGTH)) return at
      const set = readEntrySet(entries, at)
      if (set === null) {
        this.log.damage('DIRECTORY_UNREADABLE', `${name} has a file whose entries do not belong together.`)
        // Those that were its own are told with it.
        do at += ENTRY_LENGTH
        while (entries.has(at, ENTRY_LENGTH) && kindOfOther(entries.u8(at)) === 'secondary')
        continue
      }
      await this.addEntry(columns, directory, set)
      at += set.entryCount * ENTRY_LENGTH
    }
    return at
  }

  /** @returns how many entries are passed over that are none of a file */
  private skip(entries: ByteReader, at: number, name: string): number {
    const kind = kindOfOther(entries.u8(at))
    // What may be passed over unknown has no content and no name of a file.
    const hasStream =
      kind === 'benign' && entries.has(at, 2 * ENTRY_LENGTH) && entries.u8(at + ENTRY_LENGTH) === EntryType.stream
    if (kind === 'secondary' || kind === 'unknown' || hasStream)
      this.log.damage('DIRECTORY_UNREADABLE', `${name} has entries that belong to no file: one may be missing.`)
    return kind === 'benign' ? entries.u8(at + 1) + 1 : 1
  }

  /** All entries behind the one that ends a directory are such ones (exFAT specification 7): a whole set is a lost file. */
  private checkBehindEnd(entries: ByteReader, end: number, name: string): void {
    for (let at = end + ENTRY_LENGTH; entries.has(at, ENTRY_LENGTH); at += ENTRY_LENGTH) {
      if (entries.u8(at) !== EntryType.file) continue
      const set = readEntrySet(entries, at)
      if (set?.isIntact !== true || this.allocation.isMarked(set.firstCluster) === false) continue
      this.log.damage('DIRECTORY_UNREADABLE', `${name} ends in front of “${set.name}”: entries are missing.`)
      return
    }
  }

  private async addEntry(columns: EntryColumns, directory: number, set: EntrySet): Promise<void> {
    const index = columns.append(directory)
    columns.setNameText(index, set.name)
    columns.flags[index] =
      (set.isDirectory ? Kind.directory : Kind.file) | EntryFlag.oddName | (set.isHidden ? EntryFlag.hidden : 0)
    columns.modified[index] = set.modified
    if (!set.isIntact)
      this.log.damage('ENTRY_SUM_WRONG', `The entries of “${set.name}” are damaged: their sum differs.`)
    if (set.isDirectory) await this.setDirectory(columns, index, set)
    else await this.setContent(columns, index, set)
  }

  private async setDirectory(columns: EntryColumns, index: number, set: EntrySet): Promise<void> {
    const chain = await this.chainOf(set, Math.min(set.byteLength, DIRECTORY_LIMIT))
    const { runs } = chain
    this.allocation.keep(set.name, chain)
    columns.start[index] = runs[0] ?? -1
    columns.setRuns(index, { runs })
    if (set.byteLength > 0 && runs.length === 0) this.reportLost(`The directory “${set.name}” is lost`)
  }

  private async setContent(columns: EntryColumns, index: number, set: EntrySet): Promise<void> {
    const { byteLength } = set
    if (byteLength === 0) return
    if (byteLength > this.boot.clusterCount * this.boot.clusterLength) {
      columns.length64[index] = Number.isSafeInteger(byteLength) ? byteLength : 0
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
      this.reportLost(`“${set.name}” is lost: it is longer than the volume`)
      return
    }
    columns.length64[index] = byteLength
    const valid = Math.min(set.validLength, byteLength)
    const chain = await this.chainOf(set, byteLength)
    const isShort = sumOfRuns(chain.runs) < byteLength
    this.allocation.keep(set.name, chain, isShort)
    const runs = firstOf(chain.runs, valid)
    const found = sumOfRuns(runs)
    if (isShort) this.reportLost(`“${set.name}” is longer than its chain of clusters`)
    if (found < valid) runs.push(NOWHERE, valid - found)
    // What was allocated and never written is zeros (exFAT specification 7.6.5).
    if (valid < byteLength) runs.push(-1, byteLength - valid)
    if (runs.length === 2 && (runs[0] ?? -1) >= 0) columns.start[index] = runs[0] ?? 0
    else columns.setRuns(index, { runs })
  }

  private chainOf({ firstCluster, isContiguous }: EntrySet, byteLength: number): Promise<Chain> | Chain {
    if (byteLength === 0) return { runs: [], hasMore: false }
    if (isContiguous) return { runs: this.chains.row(firstCluster, byteLength), hasMore: false }
    return this.chains.follow(firstCluster, byteLength)
  }

  private reportLost(what: string): void {
    this.log.damage('CLUSTERS_WRONG', `${what}.`)
  }
}

/** The beginning of runs, as new ones. */
function firstOf(runs: readonly number[], byteLength: number): number[] {
  const first: number[] = []
  let left = byteLength
  for (let i = 0; i + 1 < runs.length && left > 0; i += 2) {
    const length = Math.min(left, runs[i + 1] ?? 0)
    first.push(runs[i] ?? 0, length)
    left -= length
  }
  return first
}
