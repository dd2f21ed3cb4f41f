import { readU16Le, readU32Le } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { EntryColumns } from '../../core/entry-columns'
import { sumOfRuns } from '../../core/content-runs'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { ExtentSource } from '../../core/sources/extent-source'
import { TolerantSource } from '../../core/sources/tolerant-source'
import { WindowReader } from '../../core/sources/window-reader'
import type { StreamSink } from '../../core/named-streams'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { AllocationKind, type LogicalBlockAddress } from './allocation'
import { TagId } from './descriptor-tag'
import { readDevice } from './device-attribute'
import { FileEntry, FileType, kindOfFileType, readStreamDirectory } from './file-entry'
import {
  areIdentifiersSound,
  Characteristic,
  IDENTIFIER_LENGTH,
  isIdentifierSound,
  isPadding,
  nextIdentifier,
} from './file-identifiers'
import { locateBlock, readContentExtents, readIcb, type ContentExtents, type FoundEntry } from './icb'
import { cs0ToUtf8 } from './osta-cs0'
import { readPathComponents } from './path-components'
import type { UdfVolume } from './mapped-volume'
import { NOWHERE } from './partition'
import { messageOf, UdfFaults, type ContentFault } from './udf-faults'

/** File entries further apart than this are read one by one: file data lies between them. */
const ENTRY_GAP = 32 * 1024
const SYMLINK_LIMIT = 64 * 1024
/** Of where a link leads, as the table keeps it. */
const TARGET_LIMIT = 0xffff
const WINDOW_LIMIT = 4 * 1024 * 1024
/** Of one file. */
const STREAM_LIMIT = 4096

/** The directory hierarchy of a UDF file set. `start` of a directory is the place of its ICB, `serial` its block. */
export class UdfTree implements TreeReader {
  private readonly window: WindowReader
  private readonly structures: ByteSource
  private readonly entry = new FileEntry()
  private readonly name = new Uint8Array(1024)
  private readonly scratch: number[] = []
  /** Where streams are listed: entries of the directory that is being read, and where their streams are. */
  private readonly withStreams: { index: number; at: number; address: LogicalBlockAddress }[] = []
  private streams: StreamSink | null = null
  private readonly faults: UdfFaults
  private bytesLeft = 0

  constructor(
    private readonly source: ByteSource,
    private readonly volume: UdfVolume,
  ) {
    this.faults = new UdfFaults(volume.log)
    this.structures = new TolerantSource(source, volume.log)
    this.window = new WindowReader(this.structures)
  }

  createColumns(basePath: string): EntryColumns {
    // Each table has the whole image to spend: honest directories do not overlap.
    this.bytesLeft = this.source.byteLength
    return new EntryColumns(this.source, basePath, true)
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = -1
    const { volume } = this
    if (volume.root === null) return
    columns.start[root] = locateBlock(volume, volume.root.partition, volume.root.block)
    columns.uid[root] = volume.root.partition
    columns.serial[root] = volume.root.block
    await this.fillEntries(columns, root)
    columns.flags[root] = ((columns.flags[root] ?? 0) & ~7) | Kind.directory
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    const first = columns.length
    const contentStart = (index: number): number => columns.runsOf(index)?.runs[0] ?? 0
    const ordered = directories.toSorted((a, b) => contentStart(a) - contentStart(b))
    this.streams = context.streams
    this.window.setPlan(
      ordered.map((index) => ({ byteOffset: contentStart(index), byteLength: columns.runsOf(index)?.runs[1] ?? 0 })),
    )
    for (const directory of ordered) {
      context.signal?.throwIfAborted()
      const firstChild = columns.length
      const runs = columns.runsOf(directory)?.runs
      if (runs !== undefined) {
        let bytes = await this.readDirectoryBytes(columns, directory, runs)
        if (bytes !== null && !areIdentifiersSound(bytes)) bytes = (await this.readMirror(runs)) ?? bytes
        if (bytes !== null) this.readIdentifiers(columns, directory, bytes, context)
      }
      if (context.streams.isListed) await this.fillWithStreams(columns, directory, firstChild, context)
      const finished = context.finisher.finish(columns, directory, firstChild, null)
      if (finished !== undefined) await finished
    }
    if (!context.streams.isListed) await this.fillEntries(columns, first)
  }

  meetAgain(columns: EntryColumns, directory: number): void {
    this.faults.directoryShared(columns.pathOf(directory), columns.start[directory])
  }

  finishWalk(): Promise<void> {
    this.faults.settle()
    return Promise.resolve()
  }

  /** Streams are known by the entries of their files, which therefore are read before the directory is finished. */
  private async fillWithStreams(
    columns: EntryColumns,
    directory: number,
    first: number,
    context: ReadContext,
  ): Promise<void> {
    this.withStreams.length = 0
    await this.fillEntries(columns, first)
    for (const { index, at, address } of [...this.withStreams])
      await context.streams.found(columns, index, at, () => this.appendStreams(columns, directory, address, context))
  }

  /** ECMA-167 4/9.2: the streams of a file are the files of a directory of its own. */
  private async appendStreams(
    columns: EntryColumns,
    directory: number,
    { partition, block }: LogicalBlockAddress,
    context: ReadContext,
  ): Promise<void> {
    const first = columns.length
    const own = columns.append(directory)
    columns.start[own] = locateBlock(this.volume, partition, block)
    columns.uid[own] = partition
    columns.serial[own] = block
    columns.flags[own] = Kind.directory
    await this.fillEntries(columns, own)
    const runs = columns.runsOf(own)?.runs ?? [columns.start[own] ?? -1, columns.length64[own] ?? 0]
    columns.truncate(first)
    const bytes = await this.readDirectoryBytes(columns, directory, runs)
    if (bytes === null) return
    this.readIdentifiers(columns, directory, bytes, {
      entriesLeft: () => Math.min(first + STREAM_LIMIT - columns.length, context.entriesLeft()),
    })
    await this.fillEntries(columns, first)
  }

  private async readDirectoryBytes(
    columns: EntryColumns,
    directory: number,
    runs: ArrayLike<number>,
  ): Promise<Uint8Array | null> {
    const byteLength = sumOfRuns(runs)
    this.bytesLeft -= byteLength
    if (this.bytesLeft < 0) {
      this.faults.directoriesOverlap()
      return null
    }
    const start = runs[0] ?? -1
    const bytes =
      runs.length === 2 && byteLength <= WINDOW_LIMIT && start >= 0
        ? await this.window.load(start, byteLength)
        : await new ExtentSource(this.structures, runs, byteLength).read(0, byteLength)
    if (bytes.byteLength < byteLength) this.faults.directoryPastEnd(columns.start[directory])
    return bytes
  }

  /** A directory that is destroyed in the metadata file may be whole in its mirror. */
  private async readMirror(runs: ArrayLike<number>): Promise<Uint8Array | null> {
    const copies = this.volume.mirrorRuns(runs)
    if (copies === null) return null
    const byteLength = sumOfRuns(copies)
    const bytes = await new ExtentSource(this.structures, copies, byteLength).read(0, byteLength)
    if (!areIdentifiersSound(bytes)) return null
    this.volume.reportMirrorUsed(runs[0])
    return bytes
  }

  /** ECMA-167 4/14.4. */
  private readIdentifiers(
    columns: EntryColumns,
    directory: number,
    bytes: Uint8Array,
    context: Pick<ReadContext, 'entriesLeft'>,
  ): void {
    const { volume, scratch } = this
    let hasParent = false
    let at = 0
    while (at + IDENTIFIER_LENGTH <= bytes.byteLength) {
      if (context.entriesLeft() <= 0) return
      const nameLength = bytes[at + 19] ?? 0
      const useLength = readU16Le(bytes, at + 36)
      const length = (IDENTIFIER_LENGTH + useLength + nameLength + 3) & ~3
      const nameFrom = at + IDENTIFIER_LENGTH + useLength
      if (readU16Le(bytes, at) !== TagId.fileIdentifier || nameFrom + nameLength > bytes.byteLength) {
        this.faults.notAnIdentifier(columns.start[directory])
        at = nextIdentifier(bytes, at + 4)
        continue
      }
      this.faults.countRecord()
      if (!isIdentifierSound(bytes, at)) this.faults.identifierDamaged(columns.start[directory])
      const characteristics = bytes[at + 18] ?? 0
      if ((characteristics & Characteristic.parent) !== 0) hasParent = true
      if ((characteristics & (Characteristic.deleted | Characteristic.parent)) === 0) {
        const index = columns.append(directory)
        const encoded = cs0ToUtf8(bytes, nameFrom, nameFrom + nameLength, this.name)
        columns.setNameBytes(index, this.name, 0, Math.abs(encoded))
        if (encoded < 0) columns.keepRawName(index, bytes.subarray(nameFrom, nameFrom + nameLength))
        if ((characteristics & Characteristic.hidden) !== 0)
          columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.hidden
        // Until its entry says, and for good where that is unreadable.
        if ((characteristics & Characteristic.directory) !== 0) {
          columns.flags[index] = (columns.flags[index] ?? 0) | Kind.directory
        }
        const block = readU32Le(bytes, at + 24)
        const partition = readU16Le(bytes, at + 28)
        scratch.length = 0
        volume.mapRun(partition, block, volume.blockSize, scratch)
        columns.start[index] = scratch[0] ?? -1
        // Kept until the entry is read: short allocation descriptors count in the ICB's own partition.
        columns.uid[index] = partition
        columns.serial[index] = block
      }
      at += length
    }
    // Less than an identifier takes: the rest of one that the directory's length cuts off.
    if (!isPadding(bytes, at)) this.faults.notAnIdentifier(columns.start[directory])
    this.faults.directoryRead(hasParent, columns.start[directory])
  }

  /** Reads the file entries of the table's entries from `first` on, in disc order. */
  private async fillEntries(columns: EntryColumns, first: number): Promise<void> {
    const { blockSize } = this.volume
    const order = new Uint32Array(columns.length - first)
    let sorted = true
    for (let i = 0; i < order.length; i++) {
      order[i] = first + i
      if (i > 0 && (columns.start[first + i] ?? 0) < (columns.start[first + i - 1] ?? 0)) sorted = false
    }
    if (!sorted) order.sort((a, b) => (columns.start[a] ?? 0) - (columns.start[b] ?? 0))
    const plan = Array.from(order, (index) => ({ byteOffset: columns.start[index] ?? 0, byteLength: blockSize }))
    this.window.setPlan(plan, ENTRY_GAP)
    for (const index of order) {
      const at = columns.start[index] ?? -1
      const bytes = this.window.peek(at, blockSize) ?? (await this.window.load(at, blockSize))
      const unfinished = this.fillEntry(columns, index, bytes, at)
      if (unfinished !== undefined) await unfinished
    }
  }

  private fillEntry(columns: EntryColumns, index: number, bytes: Uint8Array, at: number): Promise<void> | void {
    const { entry } = this
    const partition = columns.uid[index] ?? 0
    if (!entry.read(bytes, 0, bytes.byteLength) || entry.strategy === 4096 || !this.isProven(columns, index, entry)) {
      return this.fillFromElsewhere(columns, index, partition, at)
    }
    this.faults.countRecord()
    this.setAttributes(columns, index, entry, bytes, at)
    const isPlain = entry.fileType !== FileType.symlink && entry.fileType !== FileType.directory
    const { informationLength: wanted, allocationFrom, allocationTo } = entry
    if (entry.allocationKind === AllocationKind.embedded && isPlain && allocationTo - allocationFrom === wanted) {
      columns.start[index] = at + allocationFrom
      columns.length64[index] = wanted
      return
    }
    const extents = readContentExtents(this.structures, this.volume, { entry, bytes, byteOffset: at }, partition)
    return extents instanceof Promise
      ? extents.then((all) => this.setExtents(columns, index, all, { wanted, byteOffset: at, faults: [] }))
      : this.setExtents(columns, index, extents, { wanted, byteOffset: at, faults: [] })
  }

  /** The entry is not where it should be: an indirect one, a newer version, or the metadata mirror. */
  private async fillFromElsewhere(columns: EntryColumns, index: number, partition: number, at: number): Promise<void> {
    const { volume, structures: source } = this
    let found: FoundEntry | null = at < 0 ? null : await readIcb(source, volume, at)
    this.faults.countRecord()
    const faults: ContentFault[] = []
    // Where an indirect entry led elsewhere, the file entry lies at a place of its own.
    if (
      found === null ||
      !(found.byteOffset === at ? this.isProven(columns, index, found.entry) : found.entry.isSound)
    ) {
      const mirror = volume.locateMirror(partition, columns.serial[index] ?? 0)
      const copy = mirror >= 0 && mirror !== at ? await readIcb(source, volume, mirror) : null
      if (copy !== null && (found === null || copy.entry.isSound)) {
        found = copy
        if (copy.entry.isSound) this.volume.reportMirrorUsed(at)
      }
      if (found !== null && !found.entry.isSound) faults.push(this.faults.entryDamaged(at))
      else if (found !== null && found !== copy) faults.push(this.faults.entryMisplaced(at))
    }
    if (found === null) {
      this.faults.entryUnreadable(at)
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
      columns.uid[index] = 0
      columns.start[index] = -1
      return
    }
    this.setAttributes(columns, index, found.entry, found.bytes, at)
    const extents = await readContentExtents(source, volume, found, partition)
    const wanted = found.entry.informationLength
    await this.setExtents(columns, index, extents, { wanted, byteOffset: at, faults })
  }

  /** Its sum fits, and it lies where it says (for strategy 4096 the newest entry lies elsewhere than its first). */
  private isProven(columns: EntryColumns, index: number, entry: FileEntry): boolean {
    return entry.isSound && (entry.strategy === 4096 || entry.tagLocation === columns.serial[index])
  }

  private setAttributes(columns: EntryColumns, index: number, entry: FileEntry, bytes: Uint8Array, at: number): void {
    const kind = kindOfFileType(entry.fileType)
    // As its identifier said, until now (ECMA-167 4/14.4.3): the root has none.
    const isListedAsFolder = ((columns.flags[index] ?? 0) & 7) === Kind.directory
    if (!columns.isViewRoot(index) && isListedAsFolder !== (kind === Kind.directory)) this.faults.kindsDisagree(at)
    let flags = ((columns.flags[index] ?? 0) & ~7) | kind | EntryFlag.hasMode
    // 2^32 − 1: not specified (UDF 2.3.6.1).
    if (entry.uid !== 0xffffffff) flags |= EntryFlag.hasOwner
    if (entry.links > 1 && kind !== Kind.directory) flags |= EntryFlag.linked
    columns.flags[index] = flags
    columns.mode[index] = entry.mode
    columns.uid[index] = entry.uid
    columns.gid[index] = entry.gid === 0xffffffff ? 0 : entry.gid
    columns.modified[index] = entry.modified
    columns.serial[index] = Math.floor(at / this.volume.blockSize)
    const streams = readStreamDirectory(bytes)
    if (streams !== null && this.streams?.isListed === true) this.withStreams.push({ index, at, address: streams })
    else if (streams !== null) void this.streams?.found(columns, index, at, () => undefined)
    const device = kind === Kind.device ? readDevice(bytes, entry) : null
    if (device !== null) columns.setDevice(index, device)
  }

  /** @param of facts of the file entry: its length, where it lies, and what speaks against it */
  private setExtents(
    columns: EntryColumns,
    index: number,
    extents: ContentExtents,
    of: { wanted: number; byteOffset: number; faults: readonly ContentFault[] },
  ): Promise<void> | void {
    const faults = [...of.faults, ...this.faults.extentsRead(extents, of.byteOffset)]
    if (faults.length === 0) return this.setContent(columns, index, extents.runs, of.wanted)
    return this.doubtOf(faults).then((doubt) => this.setContent(columns, index, extents.runs, of.wanted, doubt))
  }

  /** Undefined where all of it is how the image's writer writes. */
  private async doubtOf(faults: readonly ContentFault[]): Promise<string | undefined> {
    const habits = await this.volume.readHabits?.()
    const fault = faults.find((code) => habits?.has(code) !== true)
    return fault === undefined ? undefined : messageOf(fault)
  }

  private setContent(
    columns: EntryColumns,
    index: number,
    runs: number[],
    wanted: number,
    doubt?: string,
  ): Promise<void> | void {
    const total = sumOfRuns(runs)
    const kind = (columns.flags[index] ?? 0) & 7
    if (kind === Kind.symlink) return this.setTarget(columns, index, runs, wanted)
    if (kind === Kind.directory) {
      columns.setRuns(index, { runs })
      if (total < wanted) this.reportShort('A directory', index, columns)
      return
    }
    if (kind !== Kind.file) return
    if (total < wanted) {
      // ECMA-167 4/12 and 4/14.9.10: what no descriptor covers is not recorded, so nobody knows its bytes.
      runs.push(NOWHERE, wanted - total)
      this.reportShort('A file', index, columns)
    }
    columns.length64[index] = wanted
    if (doubt === undefined && runs.length === 2 && (runs[0] ?? -1) >= 0) columns.start[index] = runs[0] ?? 0
    else if (runs.length > 0 || doubt !== undefined) columns.setRuns(index, { runs: Float64Array.from(runs), doubt })
  }

  private reportShort(what: string, index: number, columns: EntryColumns): void {
    this.faults.extentsShort(what, (columns.serial[index] ?? 0) * this.volume.blockSize)
  }

  private async setTarget(columns: EntryColumns, index: number, runs: number[], wanted: number): Promise<void> {
    const byteLength = Math.min(sumOfRuns(runs), SYMLINK_LIMIT)
    const bytes = await new ExtentSource(this.structures, runs, byteLength).read(0, byteLength)
    const target = bytes.byteLength < wanted ? null : readPathComponents(bytes)
    if (target !== null && target.byteLength <= TARGET_LIMIT) {
      columns.setTargetBytes(index, target)
      return
    }
    this.faults.linkBroken((columns.serial[index] ?? 0) * this.volume.blockSize)
    columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
  }
}
