import { because } from '../../../../src-shared/model'
import { hasOtherLength, isInResourceFork, PackedFileSource, readPackedFile, whyUnreadable } from '../../codecs/decmpfs'
import type { ByteReader } from '../../core/byte-reader'
import { APPLE_DOUBLE_LENGTH, AppleDoubleSource, FINDER_INFO_LENGTH } from '../../core/apple-double'
import { MemoryByteSource, type ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind, kindOfMode } from '../../core/entry-flags'
import { ExtentSource } from '../../core/sources/extent-source'
import type { StreamSink } from '../../core/named-streams'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import {
  readAttribute,
  readEntry,
  readExtent,
  readInode,
  recordsOf,
  RecordType,
  type Attribute,
  type Inode,
} from './records'
import type { Volume } from './volume'

const ROOT_ID = 2
const LINK_TARGET = 'com.apple.fs.symlink'
const PACKED = 'com.apple.decmpfs'
const FORK = 'com.apple.ResourceFork'
const FINDER_INFO = 'com.apple.FinderInfo'
const NO_FINDER_INFO = new Uint8Array(FINDER_INFO_LENGTH)
const EXTENT_LIMIT = 1 << 20
const ATTRIBUTE_LIMIT = 1024

/** The files of an APFS volume. `start` of a directory is its number. */
export class ApfsTree implements TreeReader {
  /** Read for each walk, so that what is damaged is told to it. */
  private volume: Promise<Volume | null> | null = null

  /** @param open the volume, which tells of each block that is missing or damaged */
  constructor(
    private readonly source: ByteSource,
    private readonly blockLength: number,
    private readonly open: (damaged: (what: string) => void) => Promise<Volume | null>,
    private readonly log: DiagnosticLog,
  ) {}

  createColumns(basePath: string): EntryColumns {
    return new EntryColumns(this.source, basePath, true)
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = ROOT_ID
    const inode = await this.inodeOf(ROOT_ID)
    if (inode !== null) fillAttributes(columns, root, inode, ROOT_ID)
    else this.log.damage('ROOT_LOST', 'The root folder of the volume cannot be found.')
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const found: { name: Uint8Array; id: number }[] = []
      const volume = await this.opened()
      await volume?.tree.scan(recordsOf(columns.start[directory] ?? 0, RecordType.entry), ({ key, value }) => {
        const entry = readEntry(key, value, volume.hasHashedNames)
        if (entry === null)
          this.log.damage('RECORD_DAMAGED', 'A record of a folder is damaged; a file is missing there.')
        else found.push(entry)
        return found.length < context.entriesLeft()
      })
      for (const { name, id } of found) await this.addEntry(columns, directory, name, id, context.streams)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async addEntry(
    columns: EntryColumns,
    directory: number,
    name: Uint8Array,
    id: number,
    streams: StreamSink,
  ): Promise<void> {
    const index = columns.append(directory)
    columns.setNameBytes(index, name, 0, name.byteLength)
    const inode = await this.inodeOf(id)
    if (inode === null) {
      columns.flags[index] = Kind.file | EntryFlag.oddName | EntryFlag.damaged
      const text = new TextDecoder().decode(name)
      this.log.damage(
        'INODE_LOST',
        `“${text}” is lost: its description is missing.`,
        undefined,
        because('entryLost', { name: text }),
      )
      return
    }
    fillAttributes(columns, index, inode, id)
    const kind = kindOfMode(inode.mode)
    if (kind === Kind.directory) columns.start[index] = id
    else if (kind === Kind.symlink) await this.fillLink(columns, index, id)
    else if (kind === Kind.file && inode.isCompressed) await this.fillPacked(columns, index, id, name)
    else if (kind === Kind.file) {
      columns.length64[index] = inode.byteLength
      columns.setRuns(index, { runs: await this.runsOf(inode.contentId, inode.byteLength) })
    }
    // What macOS has compressed keeps its content there.
    if (!inode.hasResourceFork || inode.isCompressed) return
    if (streams.isListed) await this.addFork(columns, directory, name, inode, id)
    else await streams.found(columns, index, id, () => undefined)
  }

  /** A resource fork beside its file, as in HFS+ under the name that other systems keep forks under. */
  private async addFork(
    columns: EntryColumns,
    directory: number,
    name: Uint8Array,
    inode: Inode,
    id: number,
  ): Promise<void> {
    const attributes = await this.attributesOf(id)
    const fork = attributes.find((each) => each.name === FORK)
    if (fork === undefined) {
      const file = new TextDecoder().decode(name)
      this.log.damage('RECORD_DAMAGED', `“${file}” should have a resource fork, and that is missing.`)
      return
    }
    const { bytes } = fork
    const info = attributes.find((each) => each.name === FINDER_INFO)?.bytes ?? NO_FINDER_INFO
    const index = columns.append(directory)
    const full = Buffer.concat([Buffer.from('._'), name])
    columns.setNameBytes(index, full, 0, full.byteLength)
    columns.flags[index] = Kind.file | EntryFlag.oddName | EntryFlag.hidden | EntryFlag.stream
    columns.modified[index] = inode.modified
    columns.serial[index] = id
    columns.length64[index] = APPLE_DOUBLE_LENGTH + fork.byteLength
    columns.setRuns(index, {
      runs: bytes === null ? await this.runsOf(fork.contentId, fork.byteLength) : [],
      transform: {
        open: (stored) => new AppleDoubleSource(info, bytes === null ? stored : new MemoryByteSource(bytes)),
      },
    })
  }

  private async fillLink(columns: EntryColumns, index: number, id: number): Promise<void> {
    const target = (await this.attributesOf(id)).find(({ name }) => name === LINK_TARGET)
    const bytes = target === undefined ? null : await this.bytesOf(target)
    if (bytes === null) {
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
      this.log.damage('LINK_LOST', 'The target of a symbolic link is missing.')
      return
    }
    const end = bytes.indexOf(0)
    columns.setTargetBytes(index, end < 0 ? bytes : bytes.subarray(0, end))
  }

  /** A file that macOS keeps compressed; where it cannot be unpacked it is lost, and the reason told. */
  private async fillPacked(columns: EntryColumns, index: number, id: number, name: Uint8Array): Promise<void> {
    const attributes = await this.attributesOf(id)
    const attribute = attributes.find((each) => each.name === PACKED)
    const bytes = attribute === undefined ? null : await this.bytesOf(attribute)
    const packed = bytes === null ? null : readPackedFile(bytes)
    const problem = packed === null ? 'It is compressed by macOS, and nothing says how.' : whyUnreadable(packed)
    columns.length64[index] = packed?.byteLength ?? 0
    if (packed === null || problem !== null) {
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
      this.log.damage('COMPRESSION_NOT_READ', `“${new TextDecoder().decode(name)}” is lost. ${problem ?? ''}`)
      return
    }
    if (hasOtherLength(packed)) {
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.doubtful
      this.log.damage('BROKEN_COMPRESSION', `“${new TextDecoder().decode(name)}” has another length than it says.`)
    }
    const fork = isInResourceFork(packed) ? attributes.find((each) => each.name === FORK) : undefined
    const inline = fork?.bytes ?? null
    const runs = fork === undefined || inline !== null ? [] : await this.runsOf(fork.contentId, fork.byteLength)
    columns.setRuns(index, {
      runs,
      transform: {
        open: (stored) => new PackedFileSource(packed, inline === null ? stored : new MemoryByteSource(inline)),
      },
    })
  }

  private opened(): Promise<Volume | null> {
    this.volume ??= this.open((what) => {
      this.log.damage('NODE_DAMAGED', `A block that describes the volume ${what}: files may be missing.`)
    })
    return this.volume
  }

  private async inodeOf(id: number): Promise<Inode | null> {
    let inode: Inode | null = null
    await (
      await this.opened()
    )?.tree.scan(recordsOf(id, RecordType.inode), ({ value }) => {
      inode = readInode(value)
      return false
    })
    return inode
  }

  private async attributesOf(id: number): Promise<Attribute[]> {
    const attributes: Attribute[] = []
    await (
      await this.opened()
    )?.tree.scan(recordsOf(id, RecordType.attribute), ({ key, value }) => {
      const attribute = readAttribute(key, value)
      if (attribute !== null) attributes.push(attribute)
      return attributes.length < ATTRIBUTE_LIMIT
    })
    return attributes
  }

  private async contentOf({ bytes, contentId, byteLength }: Attribute): Promise<ByteSource> {
    if (bytes !== null) return new MemoryByteSource(bytes)
    return new ExtentSource(this.source, await this.runsOf(contentId, byteLength), byteLength)
  }

  /** Null where it is longer than attributes that are read here are. */
  private async bytesOf(attribute: Attribute): Promise<Uint8Array | null> {
    if (attribute.byteLength > 1 << 20) return null
    const content = await this.contentOf(attribute)
    return content.read(0, attribute.byteLength)
  }

  /** Pairs of byte offset (−1: a hole) and byte length, as far as the file's length. */
  private async runsOf(contentId: number, byteLength: number): Promise<number[]> {
    const { blockLength } = this
    const volume = await this.opened()
    if (volume === null) return [-1, byteLength]
    const runs: number[] = []
    let end = 0
    let count = 0
    const add = (offset: number, length: number): void => {
      const last = runs.length - 2
      if (last >= 0 && offset >= 0 && (runs[last] ?? -1) + (runs[last + 1] ?? 0) === offset && (runs[last] ?? -1) >= 0)
        runs[last + 1] = (runs[last + 1] ?? 0) + length
      else runs.push(offset, length)
      end += length
    }
    const isOwn = (key: ByteReader): number => key.u64Le(0) - contentId
    const order = volume.extents === null ? recordsOf(contentId, RecordType.extent) : isOwn
    await (volume.extents ?? volume.tree).scan(order, ({ key, value }) => {
      const extent = readExtent(key, value)
      if (extent.start < end || extent.start >= byteLength) return extent.start < byteLength
      if (extent.start > end) add(-1, extent.start - end)
      const length = Math.min(extent.byteLength, byteLength - end)
      if (length > 0) add(extent.block === 0 ? -1 : extent.block * blockLength, length)
      return ++count < EXTENT_LIMIT && end < byteLength
    })
    if (end < byteLength) add(-1, byteLength - end)
    return runs
  }
}

function fillAttributes(columns: EntryColumns, index: number, inode: Inode, id: number): void {
  const kind = kindOfMode(inode.mode)
  let flags = kind | EntryFlag.oddName | EntryFlag.hasMode | EntryFlag.hasOwner
  if (inode.isHidden) flags |= EntryFlag.hidden
  // Of a folder, the number counts what is in it.
  if (kind !== Kind.directory && inode.linkCount > 1) flags |= EntryFlag.linked
  columns.flags[index] = flags
  columns.mode[index] = inode.mode & 0o7777
  columns.uid[index] = inode.uid
  columns.gid[index] = inode.gid
  columns.modified[index] = inode.modified
  columns.serial[index] = id
}
