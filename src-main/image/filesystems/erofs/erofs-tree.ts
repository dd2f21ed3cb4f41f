import { ByteReader } from '../../core/byte-reader'
import { SourceError } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { linuxDevice } from '../../core/device-number'
import { EntryFlag, Kind, KIND_MASK } from '../../core/entry-flags'
import { FaultTally } from '../../core/fault-tally'
import { isOtherKind } from '../../core/linux-file-type'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import type { ErofsVolume } from './erofs-volume'
import type { ErofsInode } from './inode'

/** `struct erofs_dirent`, in front of the names of its block. */
const ENTRY_LENGTH = 12
const TARGET_LIMIT = 65_535

/** What the entries of a directory, of all its blocks, say of themselves. */
interface Order {
  /** The last name, as recorded. */
  before: Uint8Array | null
  isSorted: boolean
  /** The entry of the directory itself leads to it; there may be none. */
  isOwn: boolean
}

/** The directories of an EROFS volume. `start` of a directory is the slot of its inode. */
export class ErofsTree implements TreeReader {
  /** Bytes of directories, still to be read: no block of one belongs to two. */
  private directoryLeft: number
  private readonly directories = new FaultTally()

  constructor(
    private readonly volume: ErofsVolume,
    private readonly log: DiagnosticLog,
  ) {
    this.directoryLeft = volume.source.byteLength * 16 + (1 << 20)
  }

  createColumns(basePath: string): EntryColumns {
    const columns = new EntryColumns(this.volume.source, basePath, true)
    columns.readAttributes = (place) => this.volume.attributesOf(place - 1)
    return columns
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const { rootSlot } = this.volume.superblock
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = rootSlot
    const inode = await this.inode(rootSlot, 'The root directory')
    if (inode !== null) await this.fill(columns, root, inode)
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const name = columns.isViewRoot(directory) ? 'The root directory' : `The directory “${columns.nameOf(directory)}”`
      const inode = await this.inode(columns.start[directory] ?? -1, name)
      if (inode?.kind === Kind.directory) await this.readDirectory(columns, directory, inode, name, context)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  finishWalk(columns: EntryColumns): Promise<void> {
    this.directories.settle(this.log)
    this.reportSecondNames(columns)
    return Promise.resolve()
  }

  /** An inode that counts one name and has another as well has one of them by mistake. */
  private reportSecondNames(columns: EntryColumns): void {
    const names = new FaultTally()
    const slots = new Uint32Array(columns.length)
    let count = 0
    for (let index = 1; index < columns.length; index++) {
      const flags = columns.flags[index] ?? 0
      if ((flags & KIND_MASK) === Kind.directory || (flags & EntryFlag.damaged) !== 0) continue
      if ((flags & EntryFlag.linked) !== 0) names.countRecord()
      else slots[count++] = columns.serial[index] ?? 0
    }
    const sorted = slots.subarray(0, count).sort()
    for (let at = 1; at < count; at++) {
      if (sorted[at] !== sorted[at - 1]) continue
      names.countRecord()
      names.add('INODE_DAMAGED', 'A file has a second name that its inode does not count: one may be another file’s.')
    }
    names.settle(this.log)
  }

  private async readDirectory(
    columns: EntryColumns,
    directory: number,
    inode: ErofsInode,
    name: string,
    context: ReadContext,
  ): Promise<void> {
    const { blockLength } = this.volume.superblock
    const order: Order = { before: null, isSorted: true, isOwn: true }
    try {
      this.directoryLeft -= inode.byteLength
      if (!(this.directoryLeft >= 0))
        throw new SourceError('CONTENT_DAMAGED', 'Directories are longer than the volume can hold.')
      const content = await this.volume.open(inode)
      for (let at = 0; at < inode.byteLength && context.entriesLeft() > 0; at += blockLength) {
        const wanted = Math.min(blockLength, inode.byteLength - at)
        const block = new ByteReader(await content.read(at, wanted))
        if (block.byteLength < wanted)
          throw new SourceError('CONTENT_DAMAGED', 'It lies partly behind the end of the image.')
        await this.readBlock(columns, directory, block, name, context, order)
      }
      this.reportOrder(order, name)
    } catch (error) {
      this.report('DIRECTORY_UNREADABLE', `${name} cannot be read to its end`, error)
    }
  }

  private reportOrder({ isSorted, isOwn }: Order, name: string): void {
    this.directories.countRecord()
    const other = `${name} says by its own entry that it is another: what it holds may be another’s.`
    if (!isOwn) this.directories.add('DIRECTORY_MISPLACED', other)
    // Linux halves its way to a name.
    const message = `${name} has names that are out of order: one may be other than recorded.`
    if (!isSorted) this.directories.add('NAMES_DISAGREE', message)
  }

  /** Entries, then their names: where the first name begins is where the entries end. */
  private async readBlock(
    columns: EntryColumns,
    directory: number,
    block: ByteReader,
    name: string,
    context: ReadContext,
    order: Order,
  ): Promise<void> {
    const namesAt = block.u16Le(8)
    const count = Math.floor(namesAt / ENTRY_LENGTH)
    if (count === 0 || namesAt > block.byteLength)
      throw new SourceError('CONTENT_DAMAGED', 'A block of it has no entries.')
    for (let index = 0; index < count && context.entriesLeft() > 0; index++) {
      const at = index * ENTRY_LENGTH
      const from = block.u16Le(at + 8)
      const to = index + 1 < count ? block.u16Le(at + ENTRY_LENGTH + 8) : block.byteLength
      if (from < namesAt || to < from || to > block.byteLength) {
        this.log.damage('DIRECTORY_UNREADABLE', `${name} has a name that lies outside of its block.`)
        continue
      }
      const field = block.slice(from, to - from)
      const nul = index + 1 < count ? -1 : field.indexOf(0)
      const bytes = nul < 0 ? field : field.subarray(0, nul)
      if (order.before !== null && Buffer.compare(order.before, bytes) >= 0) order.isSorted = false
      order.before = bytes
      if (bytes.byteLength === 1 && bytes[0] === 0x2e && block.u64Le(at) !== columns.start[directory])
        order.isOwn = false
      const isSelfOrParent = bytes.byteLength <= 2 && bytes.every((byte) => byte === 0x2e)
      if (!isSelfOrParent) await this.addEntry(columns, directory, block.u64Le(at), block.u8(at + 10), bytes)
    }
  }

  private async addEntry(
    columns: EntryColumns,
    directory: number,
    slot: number,
    fileType: number,
    name: Uint8Array,
  ): Promise<void> {
    const index = columns.append(directory)
    columns.setNameBytes(index, name, 0, name.byteLength)
    const inode = await this.inode(slot, `“${columns.nameOf(index)}”`)
    if (inode !== null && isOtherKind(fileType, inode.kind))
      this.log.damage('INODE_DAMAGED', `“${columns.nameOf(index)}” is of another kind by its folder than by its inode.`)
    if (inode === null) columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
    else await this.fill(columns, index, inode)
  }

  private async fill(columns: EntryColumns, index: number, inode: ErofsInode): Promise<void> {
    const { kind, slot } = inode
    columns.flags[index] =
      ((columns.flags[index] ?? 0) & EntryFlag.oddName) |
      kind |
      EntryFlag.hasMode |
      EntryFlag.hasOwner |
      (inode.links > 1 && kind !== Kind.directory ? EntryFlag.linked : 0)
    columns.mode[index] = inode.mode
    columns.modified[index] = inode.modified
    columns.serial[index] = slot % 2 ** 32
    columns.uid[index] = inode.uid
    columns.gid[index] = inode.gid
    if (inode.attributesLength > 0) columns.setAttributes(index, slot + 1)
    if (kind === Kind.directory) columns.start[index] = slot
    else if (kind === Kind.symlink) await this.setTarget(columns, index, inode)
    else if (kind === Kind.file) await this.setContent(columns, index, inode)
    else if (kind === Kind.device) columns.setDevice(index, linuxDevice(inode.place, inode.isBlockDevice))
  }

  private async setContent(columns: EntryColumns, index: number, inode: ErofsInode): Promise<void> {
    columns.length64[index] = Number.isSafeInteger(inode.byteLength) ? inode.byteLength : 0
    try {
      const content = await this.volume.contentOf(inode)
      const { runs, transform } = content
      if (transform === undefined && runs.length === 2 && (runs[0] ?? -1) >= 0) columns.start[index] = runs[0] ?? 0
      else if (runs.length > 0) columns.setRuns(index, content)
    } catch (error) {
      this.report('INODE_DAMAGED', `“${columns.nameOf(index)}” is lost`, error)
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
    }
  }

  private async setTarget(columns: EntryColumns, index: number, inode: ErofsInode): Promise<void> {
    try {
      const { byteLength } = inode
      if (byteLength > TARGET_LIMIT) throw new SourceError('CONTENT_DAMAGED', 'A link is longer than any can be.')
      const bytes = await (await this.volume.open(inode)).read(0, byteLength)
      if (bytes.byteLength < byteLength)
        throw new SourceError('CONTENT_DAMAGED', 'It lies behind the end of the image.')
      columns.setTargetBytes(index, bytes)
    } catch (error) {
      this.report('INODE_DAMAGED', `Where “${columns.nameOf(index)}” leads is lost`, error)
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
    }
  }

  /** Null where it cannot be read, which is told. */
  private async inode(slot: number, what: string): Promise<ErofsInode | null> {
    try {
      return await this.volume.inode(slot)
    } catch (error) {
      this.report('INODE_DAMAGED', `${what} is lost`, error)
      return null
    }
  }

  private report(code: string, what: string, error: unknown): void {
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    this.log.damage(code, `${what}: ${error.message}`)
  }
}
