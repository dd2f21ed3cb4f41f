import { matchesAscii } from '../../core/byte-reader'
import type { ByteSource } from '../../core/byte-source'
import { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind, kindOfMode } from '../../core/entry-flags'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { APPLE_DOUBLE_LENGTH, AppleDoubleSource } from '../../core/apple-double'
import {
  forkRuns,
  forkSource,
  LINK_FOLDER,
  PRIVATE_FOLDERS,
  ROOT_FOLDER,
  type Catalog,
  type CatalogRecord,
} from './catalog'
import { hasOtherLength, isInResourceFork, PackedFileSource, readPackedFile, whyUnreadable } from '../../codecs/decmpfs'

const SYMLINK_LIMIT = 8192
/** Type of a file that stands for a folder. */
const DIRECTORY_LINK = 'fdrp'

/** An HFS or HFS+ catalog as a tree. `start` of a directory is its catalog id, which no two folders share. */
export class HfsTree implements TreeReader {
  private catalog: Promise<Catalog | null> | null = null
  private links = new Map<number, CatalogRecord>()

  constructor(
    private readonly volume: ByteSource,
    private readonly load: () => Promise<Catalog | null>,
    /** What is met while the catalog is loaded. */
    private readonly catalogLog: DiagnosticLog,
    private readonly log: DiagnosticLog = catalogLog,
  ) {}

  /** The same tree for another walk: the catalog is shared, what is met is told to its log. */
  withLog(log: DiagnosticLog): HfsTree {
    return new HfsTree(this.volume, () => this.loadCatalog(), this.catalogLog, log)
  }

  createColumns(basePath: string): EntryColumns {
    return new EntryColumns(this.volume, basePath, true)
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    await this.loadCatalog()
    for (const { code, message, byteOffset } of this.catalogLog.costs) this.log.damage(code, message, byteOffset)
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = ROOT_FOLDER
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    const catalog = await this.loadCatalog()
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      for (const record of catalog?.children.get(columns.start[directory] ?? 0) ?? []) {
        if (context.entriesLeft() <= 0) break
        if (PRIVATE_FOLDERS.has(record.name)) continue
        const index = columns.append(directory)
        columns.setNameText(index, record.name.toWellFormed())
        if (catalog === null) continue
        await this.fill(columns, index, record, catalog)
        if (hasFork(record)) this.addFork(columns, directory, record, catalog)
      }
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async fill(columns: EntryColumns, index: number, own: CatalogRecord, catalog: Catalog): Promise<void> {
    // TN1150: a hard link is a file of type hlnk whose number names the file it stands for.
    const isLink = own.fileType === 'hlnk'
    const shared = isLink ? this.links.get(own.special) : undefined
    const record = shared ?? own
    const kind = this.kindOf(record)
    let flags = kind | oddness(own.name) | (own.hidden ? EntryFlag.hidden : 0)
    if (record.mode >= 0) flags |= EntryFlag.hasMode | EntryFlag.hasOwner
    if (isLink) flags |= EntryFlag.linked
    if (isLink && shared === undefined && isLinkOfSystem(own)) {
      flags |= EntryFlag.damaged
      this.log.damage('LINK_LOST', `“${own.name}” is lost: it is a hard link, and the file that it shares is missing.`)
    }
    columns.flags[index] = flags
    columns.mode[index] = record.mode >= 0 ? record.mode & 0o7777 : 0
    columns.uid[index] = record.uid
    columns.gid[index] = record.gid
    columns.modified[index] = record.modified
    columns.serial[index] = record.id
    if (kind === Kind.directory) {
      columns.start[index] = record.id
      return
    }
    const runs = forkRuns(catalog, record.id, record.data, false)
    if (kind === Kind.symlink) {
      const target = await forkSource(this.volume, runs).read(0, SYMLINK_LIMIT)
      columns.setTargetBytes(index, target)
      return
    }
    if (record.isPacked) {
      this.fillPacked(columns, index, record, catalog)
      return
    }
    columns.length64[index] = record.data.byteLength
    if (runs.length === 2) columns.start[index] = runs[0] ?? 0
    else if (runs.length > 0) columns.setRuns(index, { runs })
  }

  /** Recorded twice, but on HFS: by the record and, of files, in their rights. */
  private kindOf(record: CatalogRecord): number {
    if (record.isFolder) return Kind.directory
    const kind = record.mode >= 0 ? kindOfMode(record.mode) : Kind.file
    if (kind === Kind.file || kind === Kind.symlink || record.fileType === DIRECTORY_LINK) return kind
    // What has no content for its kind has none in its fork.
    if (kind !== Kind.directory && record.data.byteLength === 0) return kind
    this.log.damage('RECORD_DAMAGED', `“${record.name}” is of another kind by its rights than by its record.`)
    return Kind.file
  }

  /** A file that macOS keeps compressed; where it cannot be unpacked it is lost, and the reason told. */
  private fillPacked(columns: EntryColumns, index: number, record: CatalogRecord, catalog: Catalog): void {
    const attribute = catalog.packed.get(record.id)
    const packed = attribute === undefined ? null : readPackedFile(attribute)
    const problem = packed === null ? 'It is compressed by macOS, and nothing says how.' : whyUnreadable(packed)
    columns.length64[index] = packed?.byteLength ?? record.data.byteLength
    if (packed === null || problem !== null) {
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
      this.log.damage('COMPRESSION_NOT_READ', `“${record.name}” is lost. ${problem ?? ''}`)
      return
    }
    if (hasOtherLength(packed)) {
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.doubtful
      this.log.damage('BROKEN_COMPRESSION', `“${record.name}” has another length than it says.`)
    }
    const runs = isInResourceFork(packed) ? forkRuns(catalog, record.id, record.resource, true) : []
    columns.setRuns(index, { runs, transform: { open: (stored) => new PackedFileSource(packed, stored) } })
  }

  /** A resource fork beside its file, under the name that other systems keep forks under. */
  private addFork(columns: EntryColumns, directory: number, record: CatalogRecord, catalog: Catalog): void {
    const index = columns.append(directory)
    columns.setNameText(index, `._${record.name.toWellFormed()}`)
    columns.flags[index] = Kind.file | EntryFlag.hidden | oddness(record.name)
    columns.modified[index] = record.modified
    columns.serial[index] = record.id
    columns.length64[index] = APPLE_DOUBLE_LENGTH + record.resource.byteLength
    const runs = forkRuns(catalog, record.id, record.resource, true)
    columns.setRuns(index, { runs, transform: { open: (stored) => new AppleDoubleSource(record.finderInfo, stored) } })
  }

  /** Once, whoever asks first: all walks share what is read. */
  private loadCatalog(): Promise<Catalog | null> {
    this.catalog ??= this.load().then((catalog) => {
      const root = catalog?.children.get(ROOT_FOLDER) ?? []
      const folder = root.find((record) => record.name === LINK_FOLDER)
      for (const record of catalog?.children.get(folder?.id ?? 0) ?? []) {
        const number = /^iNode(\d+)$/.exec(record.name)?.[1]
        if (number !== undefined) this.links.set(Number(number), record)
      }
      return catalog
    })
    return this.catalog
  }
}

function oddness(name: string): number {
  return /[/\0]|^\.{0,2}$/.test(name) ? EntryFlag.oddName : 0
}

/** A compressed file's resource fork holds its data, not a resource. */
function hasFork(record: CatalogRecord): boolean {
  return !record.isFolder && !record.isPacked && record.resource.byteLength > 0
}

/** TN1150 “Hard Links”: kHFSPlusCreator, beside the type. */
function isLinkOfSystem({ finderInfo }: CatalogRecord): boolean {
  return matchesAscii(finderInfo, 4, 'hfs+')
}
