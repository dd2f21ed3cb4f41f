import { because } from '../../../../src-shared/model'
import { ByteReader, readU32Le } from '../../core/byte-reader'
import { SourceError } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind } from '../../core/entry-flags'
import type { StreamSink } from '../../core/named-streams'
import { REPARSE_LIMIT, reparseTarget } from '../../core/reparse-point'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { readNames, type NameEntry } from './directory-index'
import { streamRuns, wofRuns } from './file-content'
import type { NtfsFile, NtfsVolume } from './ntfs-volume'
import { AttributeType, readFileTime } from './record'
import { WOF_STREAM, WOF_TAG, wofMethod } from './wof-file'

export const ROOT_RECORD = 5
/** Records below are the volume's own: `$MFT`, `$LogFile` and others. */
const FIRST_FILE = 24
const DOS_NAMESPACE = 2
const FileAttribute = { hidden: 2, system: 4, reparsePoint: 0x400 } as const
/** Kinds of reparse points that say where the content is, which is not here. */
const AWAY_TAGS: Record<number, string> = {
  0x80000013: 'Windows has replaced it by a reference (deduplication)',
}
/** `IO_REPARSE_TAG_CLOUD` and its fifteen variants. */
const CLOUD_TAG = 0x9000001a
const CLOUD_MASK = 0xffff0fff
/** Of special files, as Services for UNIX keep them. */
const INTERIX_LINK = 'IntxLNK\x01'
const INTERIX_DEVICE = /^Intx(?:CHR|BLK)\0/

/** The directories of an NTFS volume. `start` of a directory is the number of its record. */
export class NtfsTree implements TreeReader {
  private opening: Promise<void> | null = null

  constructor(
    private readonly volume: NtfsVolume,
    private readonly tableCluster: number,
    private readonly log: DiagnosticLog,
  ) {}

  createColumns(basePath: string): EntryColumns {
    return new EntryColumns(this.volume.source, basePath)
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = ROOT_RECORD
    const file = await this.file({ number: ROOT_RECORD, sequence: 0, name: '' }, 'The root directory')
    if (file !== null) columns.modified[root] = modifiedOf(file)
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const name = columns.isViewRoot(directory) ? 'The root directory' : `The directory “${columns.nameOf(directory)}”`
      const number = columns.start[directory] ?? -1
      const file = await this.file({ number, sequence: 0, name: '' }, name)
      try {
        if (file !== null)
          for await (const entry of readNames(this.volume, file, name, this.log)) {
            if (context.entriesLeft() <= 0) break
            if (entry.number >= FIRST_FILE) await this.addEntry(columns, directory, entry, context.streams)
          }
      } catch (error) {
        this.report(`${name} cannot be read`, error)
      }
      // Those of other folders come with their entries.
      if (file !== null && columns.isViewRoot(directory) && file.attributes.some(isNamedStream))
        await context.streams.found(columns, directory, file.number, () => {
          this.appendStreams(columns, directory, file, '')
        })
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async addEntry(
    columns: EntryColumns,
    directory: number,
    entry: NameEntry,
    streams: StreamSink,
  ): Promise<void> {
    const index = columns.append(directory)
    columns.setNameText(index, entry.name)
    columns.flags[index] = EntryFlag.oddName
    const file = await this.file(entry, `“${entry.name}”`)
    if (file === null) columns.flags[index] = EntryFlag.oddName | EntryFlag.damaged
    else await this.fill(columns, index, file, entry.name)
    if (file?.attributes.some(isNamedStream) === true)
      await streams.found(columns, index, file.number, () => {
        this.appendStreams(columns, directory, file, entry.name)
      })
  }

  private appendStreams(columns: EntryColumns, directory: number, file: NtfsFile, fileName: string): void {
    for (const name of new Set(file.attributes.filter(isNamedStream).map((attribute) => attribute.name))) {
      const index = columns.append(directory)
      columns.setNameText(index, name)
      columns.flags[index] = EntryFlag.oddName | Kind.file
      this.setContent(columns, index, file, null, `${fileName}:${name}`, name)
    }
  }

  private async fill(columns: EntryColumns, index: number, file: NtfsFile, name: string): Promise<void> {
    const attributes = standardOf(file)?.u32Le(32) ?? 0
    const reparse = (attributes & FileAttribute.reparsePoint) === 0 ? null : await this.reparsePoint(file, name)
    const target =
      reparse === null ? await this.interixTarget(file, attributes) : reparseTarget(reparse.tag, reparse.data)
    const isDevice = reparse === null && this.interixStart(file, attributes, INTERIX_DEVICE)
    const kind = target !== null ? Kind.symlink : isDevice ? Kind.device : file.isDirectory ? Kind.directory : Kind.file
    const names = file.attributes.filter(
      ({ type, resident }) => type === AttributeType.fileName && resident?.[65] !== DOS_NAMESPACE,
    )
    columns.flags[index] =
      EntryFlag.oddName |
      kind |
      ((attributes & FileAttribute.hidden) === 0 ? 0 : EntryFlag.hidden) |
      (names.length > 1 && kind !== Kind.directory ? EntryFlag.linked : 0)
    columns.modified[index] = modifiedOf(file)
    columns.serial[index] = file.number
    if (target !== null) columns.setTargetText(index, target.toWellFormed())
    if (kind === Kind.directory) columns.start[index] = file.number
    if (kind === Kind.file) this.setContent(columns, index, file, reparse, name)
  }

  private setContent(
    columns: EntryColumns,
    index: number,
    file: NtfsFile,
    reparse: ReparsePoint | null,
    name: string,
    stream = '',
  ): void {
    const content = this.volume.find(file, AttributeType.data, stream)
    if (content === null) return
    const { byteLength } = content
    columns.length64[index] = Number.isSafeInteger(byteLength) ? byteLength : 0
    if (byteLength === 0) return
    try {
      assertHere(reparse)
      const method = reparse?.tag === WOF_TAG ? wofMethod(reparse.data) : undefined
      if (method === null) throw new SourceError('CONTENT_DAMAGED', 'Windows has packed it in a way that is not known.')
      const isPacked = method !== undefined
      const runs = isPacked ? wofRuns(this.volume, file, method, byteLength) : streamRuns(this.volume, content)
      const isPlain = runs.transform === undefined && runs.runs.length === 2 && (runs.runs[0] ?? -1) >= 0
      if (isPlain) columns.start[index] = runs.runs[0] ?? 0
      else columns.setRuns(index, runs)
    } catch (error) {
      const isEncrypted = error instanceof SourceError && error.details?.reason === 'contentEncrypted'
      if (!isEncrypted) this.report(`“${name}” is lost`, error)
      columns.flags[index] = (columns.flags[index] ?? 0) | (isEncrypted ? EntryFlag.encrypted : EntryFlag.damaged)
    }
  }

  private async reparsePoint(file: NtfsFile, name: string): Promise<ReparsePoint | null> {
    const content = this.volume.find(file, AttributeType.reparsePoint, '')
    if (content === null) return null
    try {
      const bytes = await this.volume.bytesOf(content, REPARSE_LIMIT)
      return bytes.byteLength < 8 ? null : { tag: readU32Le(bytes, 0), data: bytes.subarray(8) }
    } catch (error) {
      this.report(`Where “${name}” leads is lost`, error)
      return null
    }
  }

  /** Where a link of Services for UNIX leads, which is a system file that begins so; null for others. */
  private async interixTarget(file: NtfsFile, attributes: number): Promise<string | null> {
    if (!this.interixStart(file, attributes, INTERIX_LINK)) return null
    const content = this.volume.find(file, AttributeType.data, '')
    const bytes = content === null ? null : await this.volume.bytesOf(content, REPARSE_LIMIT)
    return bytes === null ? null : Buffer.from(bytes.subarray(INTERIX_LINK.length)).toString('utf16le')
  }

  private interixStart(file: NtfsFile, attributes: number, start: string | RegExp): boolean {
    if ((attributes & FileAttribute.system) === 0 || file.isDirectory) return false
    const value = this.volume.find(file, AttributeType.data, '')?.attributes[0]?.resident
    if (!value || value.byteLength <= INTERIX_LINK.length) return false
    const text = Buffer.from(value.subarray(0, INTERIX_LINK.length)).toString('latin1')
    return typeof start === 'string' ? text === start : start.test(text)
  }

  /** Null where it cannot be read, which is told. */
  private async file({ number, sequence }: NameEntry, what: string): Promise<NtfsFile | null> {
    try {
      await (this.opening ??= this.volume.openTable(this.tableCluster))
      const file = await this.volume.file(number)
      if (sequence !== 0 && file.sequence !== sequence)
        throw new SourceError('CONTENT_DAMAGED', 'Its record is that of another file by now.')
      return file
    } catch (error) {
      this.report(`${what} is lost`, error)
      return null
    }
  }

  private report(what: string, error: unknown): void {
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    this.log.damage('RECORD_DAMAGED', `${what}: ${error.message}`)
  }
}

function isNamedStream({ type, name }: { type: number; name: string }): boolean {
  return type === AttributeType.data && name !== '' && name !== WOF_STREAM
}

interface ReparsePoint {
  tag: number
  /** Behind the tag and the lengths. */
  data: Uint8Array
}

/** @throws {SourceError} `CONTENT_DAMAGED` where a reparse point says that the content is somewhere else */
function assertHere(reparse: ReparsePoint | null): void {
  if (reparse === null) return
  const away = AWAY_TAGS[reparse.tag]
  if (away !== undefined) throw new SourceError('CONTENT_DAMAGED', `${away}.`)
  if ((reparse.tag & CLOUD_MASK) >>> 0 === (CLOUD_TAG & CLOUD_MASK) >>> 0)
    throw new SourceError('CONTENT_DAMAGED', 'It is a placeholder; its content is kept by a service on the network.', {
      details: because('contentElsewhere', {}),
    })
}

function standardOf(file: NtfsFile): ByteReader | null {
  const value = file.attributes.find(({ type }) => type === AttributeType.standard)?.resident
  return value && value.byteLength >= 36 ? new ByteReader(value) : null
}

function modifiedOf(file: NtfsFile): number {
  const standard = standardOf(file)
  return standard === null ? NaN : readFileTime(standard, 8)
}
