import type { ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { isBlockMode, linuxDevice } from '../../core/device-number'
import { EntryFlag, Kind, kindOfMode } from '../../core/entry-flags'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { givesHash, type Blob, type BlobTable } from '../../core/wim/blob-table'
import { WimFile, type WimContents } from '../../core/wim/contents'
import { Attribute, readDentry, rootAt, type Dentry } from '../../core/wim/dentry'
import { ResourceFlag } from '../../core/wim/header'
import type { StreamSink } from '../../core/named-streams'
import { REPARSE_LIMIT, reparseTarget } from '../../core/reparse-point'

/** What the files of all images have their content from. */
interface FilesOfParts {
  table: BlobTable
  contents: WimContents
  hasAllParts: boolean
}

/** One image of a file: its folders lie in one range of metadata. `start` of a directory is where its children begin. */
export class WimTree implements TreeReader {
  private metadata: Promise<Uint8Array> | null = null

  /** @param readMetadata of the image; damage is told, and gives nothing */
  constructor(
    private readonly volume: ByteSource,
    private readonly files: FilesOfParts,
    private readonly readMetadata: () => Promise<Uint8Array>,
    private readonly log: DiagnosticLog,
  ) {}

  createColumns(basePath: string): EntryColumns {
    const columns = new EntryColumns(this.volume, basePath, true)
    const hexOf = (number: number): string | null => {
      const hash = this.files.table.hashes[number]
      return hash === undefined ? null : Buffer.from(hash, 'latin1').toString('hex')
    }
    columns.readSumTable = () => Promise.resolve({ algorithm: 'sha1', isOfStored: false, isIntact: true, hexOf })
    return columns
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    const bytes = await this.bytes()
    const dentry = this.dentry(bytes, () => rootAt(bytes), 'The root folder')
    if (dentry === null) return
    this.fillFacts(columns, root, dentry, Kind.directory)
    columns.start[root] = dentry.children
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    const bytes = await this.bytes()
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const start = columns.start[directory] ?? 0
      if (start > 0) await this.readFolder(columns, directory, bytes, start, context)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async readFolder(
    columns: EntryColumns,
    directory: number,
    bytes: Uint8Array,
    start: number,
    context: ReadContext,
  ): Promise<void> {
    const name = columns.isViewRoot(directory) ? 'The root folder' : `The folder “${columns.nameOf(directory)}”`
    for (let at = start; context.entriesLeft() > 0;) {
      const place = at
      const dentry = this.dentry(bytes, () => place, name)
      if (dentry === null) return
      await this.append(columns, directory, dentry, at, context.streams)
      at = dentry.end
    }
  }

  private async append(
    columns: EntryColumns,
    directory: number,
    dentry: Dentry,
    at: number,
    streams: StreamSink,
  ): Promise<void> {
    const index = appendNamed(columns, directory, dentry.name)
    const isLink = (dentry.attributes & Attribute.reparsePoint) !== 0
    const target = isLink ? await this.target(dentry, columns.nameOf(index)) : null
    const isFolder = (dentry.attributes & Attribute.directory) !== 0
    const ofMode = dentry.unix === null ? Kind.file : kindOfMode(dentry.unix.mode)
    const kind = target !== null ? Kind.symlink : isFolder ? Kind.directory : ofMode
    this.fillFacts(columns, index, dentry, kind)
    if (target !== null) columns.setTargetText(index, target)
    // A folder without children has no place of its own.
    if (kind === Kind.directory) columns.start[index] = dentry.children > 0 ? dentry.children : -at
    if (kind === Kind.file) this.setContent(columns, index, dentry.hash)
    if (dentry.namedStreams.length === 0) return
    // Each of the names that a file has tells of its streams.
    const file = dentry.linkGroup === 0n ? -at : Number(dentry.linkGroup)
    await streams.found(columns, index, file, () => {
      for (const stream of dentry.namedStreams)
        this.setContent(columns, appendNamed(columns, directory, stream.name), stream.hash)
    })
  }

  private fillFacts(columns: EntryColumns, index: number, dentry: Dentry, kind: number): void {
    const { attributes, modified, unix, linkGroup } = dentry
    columns.flags[index] =
      ((columns.flags[index] ?? 0) & EntryFlag.oddName) |
      kind |
      ((attributes & Attribute.hidden) !== 0 ? EntryFlag.hidden : 0) |
      (unix === null ? 0 : EntryFlag.hasMode | EntryFlag.hasOwner) |
      (linkGroup !== 0n && kind === Kind.file ? EntryFlag.linked : 0)
    columns.modified[index] = modified
    columns.mode[index] = (unix?.mode ?? 0) & 0o7777
    columns.uid[index] = unix?.uid ?? 0
    columns.gid[index] = unix?.gid ?? 0
    columns.serial[index] = Number(linkGroup & 0xffffffffn)
    if (kind === Kind.device && unix !== null) columns.setDevice(index, linuxDevice(unix.rdev, isBlockMode(unix.mode)))
  }

  private setContent(columns: EntryColumns, index: number, hash: string): void {
    if (hash === '') return
    const { table, contents, hasAllParts } = this.files
    const blob = table.blobs.get(hash)
    if (blob === undefined && hasAllParts)
      this.log.damage(
        'CONTENT_ELSEWHERE',
        'Contents of files are not in this Windows image: it was made as what differs from another one, whose name is not recorded, or its table of contents is damaged. Those files are lost here; the other image has them.',
      )
    if (blob === undefined || !contents.isPossible(blob)) {
      // Which part it lies in, and how long it is, that part would say.
      columns.length64[index] = Math.min(blob?.byteLength ?? 0, Number.MAX_SAFE_INTEGER)
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
      return
    }
    columns.length64[index] = blob.byteLength
    if (blob.byteLength === 0) return
    columns.setSumIndex(index, blob.number)
    const { byteOffset, packedLength, flags } = blob.resource
    const isHere = blob.part === 1
    const isPlain = (flags & (ResourceFlag.compressed | ResourceFlag.solid)) === 0
    if (isHere && isPlain) {
      columns.start[index] = byteOffset
      return
    }
    const runs = isHere ? [...orderOf(blob), byteOffset, packedLength] : [-1, blob.byteLength]
    const open = (_: ByteSource, length: number): ByteSource => new WimFile(contents, blob, length)
    columns.setRuns(index, { runs, transform: { open } })
  }

  /** Null for a reparse point that is no link: its file is then what it seems to be. */
  private async target({ hash, reparseTag }: Dentry, name: string): Promise<string | null> {
    const blob = this.files.table.blobs.get(hash)
    if (blob === undefined || blob.byteLength > REPARSE_LIMIT) return null
    try {
      const data = await (await this.files.contents.open(blob)).read(0, blob.byteLength)
      if (!givesHash(data, hash))
        this.log.damage('LINK_DAMAGED', `Where “${name}” leads does not give its own SHA-1: it may lead elsewhere.`)
      return reparseTarget(reparseTag, data)
    } catch (error) {
      this.report(`Where “${name}” leads is lost`, error)
      return null
    }
  }

  /** Null at the end, and where it cannot be read, which is told. */
  private dentry(bytes: Uint8Array, at: () => number, what: string): Dentry | null {
    try {
      return readDentry(bytes, at())
    } catch (error) {
      if (!(error instanceof RangeError)) throw error
      this.log.damage('DIRECTORY_UNREADABLE', `${what} cannot be read to its end: ${error.message}.`)
      return null
    }
  }

  private report(what: string, error: unknown): void {
    if ((error as { code?: string }).code !== 'CONTENT_DAMAGED') throw error
    this.log.damage('CONTENT_DAMAGED', `${what}: ${(error as Error).message}`)
  }

  private bytes(): Promise<Uint8Array> {
    return (this.metadata ??= this.readMetadata())
  }
}

/** @param name UTF-16LE */
function appendNamed(columns: EntryColumns, directory: number, name: Uint8Array): number {
  const index = columns.append(directory)
  const bytes = Buffer.from(Buffer.from(name).toString('utf16le'), 'utf8')
  columns.setNameBytes(index, bytes, 0, bytes.byteLength)
  columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.oddName
  return index
}

/** What lies in one resource is read in its order: an empty run in front says where about it lies. */
function orderOf({ solid, resource, byteOffset }: Blob): number[] {
  if (solid === null || solid.byteLength === 0) return []
  return [resource.byteOffset + Math.floor((byteOffset / solid.byteLength) * resource.packedLength), 0]
}
