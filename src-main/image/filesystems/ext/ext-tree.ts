import { because } from '../../../../src-shared/model'
import { ByteReader } from '../../core/byte-reader'
import { SourceError, type ByteSource } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { isOtherKind } from '../../core/linux-file-type'
import { ExtentSource } from '../../core/sources/extent-source'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { readRuns } from './block-map'
import { attributesDamaged, type ExtendedAttribute } from '../../core/extended-attributes'
import { firstOfBlock, readAttributes } from './attributes'
import { encryptedName } from './encrypted-name'
import { BLOCKS_LENGTH, InodeFlag, type ExtInode } from './inode'
import type { ExtVolume } from './ext-volume'
import { inodeSeed, isDirectoryBlockIntact, isIndexNodeIntact } from './sums'

export const ROOT_INODE = 2
const ENTRY_HEADER = 8
/** Targets of links are no longer than a page. */
const TARGET_LIMIT = 65_536
/** Directories are read in pieces. */
const PIECE_LENGTH = 1 << 20
/** Of an inline directory, the inode of the directory above. */
const INLINE_PARENT = 4

/** The directories of an ext volume. `start` of a directory is the number of its inode. */
export class ExtTree implements TreeReader {
  /** Inodes that were told of: those with several names are met several times. */
  private readonly wrongSums = new Set<number>()

  constructor(
    private readonly volume: ExtVolume,
    private readonly log: DiagnosticLog,
  ) {}

  createColumns(basePath: string): EntryColumns {
    const columns = new EntryColumns(this.volume.source, basePath, true)
    columns.readAttributes = (number) => this.attributesOf(number)
    return columns
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = ROOT_INODE
    const inode = await this.inode(ROOT_INODE, 'The root directory')
    if (inode !== null) await this.fill(columns, root, inode)
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const name = columns.isViewRoot(directory) ? 'The root directory' : `The directory “${columns.nameOf(directory)}”`
      const inode = await this.inode(columns.start[directory] ?? 0, name)
      if (inode?.kind === Kind.directory) await this.readDirectory(columns, directory, inode, name, context)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async readDirectory(
    columns: EntryColumns,
    directory: number,
    inode: ExtInode,
    name: string,
    context: ReadContext,
  ): Promise<void> {
    if ((inode.flags & InodeFlag.encrypted) !== 0)
      this.log.damage(
        'NAMES_ENCRYPTED',
        `${name} is encrypted: what it holds has neither its names nor its content here.`,
      )
    const { sumSeed } = this.volume.superblock
    const seed = sumSeed === null ? null : inodeSeed(sumSeed, inode.number, inode.generation)
    const target = { columns, directory, inode, name, context, seed }
    try {
      if (inode.inline.length > 0) {
        for (const [index, part] of inode.inline.entries()) {
          const skipped = index === 0 ? INLINE_PARENT : 0
          const bytes = await this.volume.structures.read(part.byteOffset, part.byteLength)
          await this.readEntries(new ByteReader(bytes.subarray(skipped)), target)
        }
        return
      }
      const runs = await readRuns(this.volume, inode)
      await this.readBlocks(runs, target)
    } catch (error) {
      this.report(`${name} cannot be read`, error)
    }
  }

  private async readBlocks(runs: readonly number[], target: Target): Promise<void> {
    const { blockLength } = this.volume.superblock
    const { structures } = this.volume
    for (let at = 0; at + 1 < runs.length; at += 2) {
      const start = runs[at] ?? -1
      const length = runs[at + 1] ?? 0
      // Directories have no holes; a hole holds no entries.
      if (start < 0) continue
      this.volume.takeDirectory(length)
      for (let done = 0; done < length && target.context.entriesLeft() > 0; done += PIECE_LENGTH) {
        const wanted = Math.min(PIECE_LENGTH, length - done)
        const bytes = await structures.read(start + done, wanted)
        for (let block = 0; block < bytes.byteLength; block += blockLength)
          await this.readEntries(new ByteReader(bytes.subarray(block, block + blockLength)), target)
        if (bytes.byteLength < wanted) {
          this.log.damage('DIRECTORY_UNREADABLE', `${target.name} lies partly behind the end of the image.`)
          return
        }
      }
    }
  }

  /** `ext4_dir_entry_2` of one block; what an index needs of it looks like an entry that is not in use. */
  private async readEntries(block: ByteReader, target: Target): Promise<void> {
    const { name, context } = target
    const { superblock } = this.volume
    if (target.seed !== null && isDirectoryBlockIntact(block.bytes, target.seed) === false)
      this.log.damage('DIRECTORY_SUM_WRONG', `${name} is damaged: the sum of a block of it differs.`)
    const isIndexed = (target.inode.flags & InodeFlag.indexed) !== 0
    if (isIndexed && target.seed !== null && isIndexNodeIntact(block.bytes, target.seed) === false)
      this.log.damage('DIRECTORY_SUM_WRONG', `${name} is damaged: the sum of a block of its index differs.`)
    for (let at = 0; block.has(at, ENTRY_HEADER) && context.entriesLeft() > 0;) {
      const number = block.u32Le(at)
      const recorded = block.u16Le(at + 4)
      const length = recorded === 0xffff || (recorded === 0 && block.byteLength === 65_536) ? 65_536 : recorded
      const nameLength = superblock.hasFileTypes ? block.u8(at + 6) : block.u16Le(at + 6)
      if (length < ENTRY_HEADER || length % 4 !== 0 || !block.has(at, length)) {
        this.log.damage(
          'DIRECTORY_UNREADABLE',
          `${name} has an entry of a length that cannot be; what follows is lost.`,
        )
        return
      }
      if (number !== 0 && nameLength > 0) {
        if (ENTRY_HEADER + nameLength > length) {
          this.log.damage('DIRECTORY_UNREADABLE', `${name} has a name that is longer than its entry.`)
        } else if (!isSelfOrParent(block, at + ENTRY_HEADER, nameLength)) {
          const fileType = superblock.hasFileTypes ? block.u8(at + 7) : 0
          await this.addEntry(target, number, fileType, block.slice(at + ENTRY_HEADER, nameLength))
        }
      }
      at += length
    }
  }

  private async addEntry(
    { columns, directory, inode: parent }: Target,
    number: number,
    fileType: number,
    name: Uint8Array,
  ): Promise<void> {
    const index = columns.append(directory)
    const isEncrypted = (parent.flags & InodeFlag.encrypted) !== 0
    if (isEncrypted) columns.setNameText(index, encryptedName(name, this.volume.superblock))
    else columns.setNameBytes(index, name, 0, name.byteLength)
    const inode = await this.inode(number, `“${columns.nameOf(index)}”`)
    if (inode !== null && isOtherKind(fileType, inode.kind))
      this.log.damage('INODE_DAMAGED', `“${columns.nameOf(index)}” is of another kind by its folder than by its inode.`)
    if (inode === null) columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
    else await this.fill(columns, index, inode)
  }

  private async fill(columns: EntryColumns, index: number, inode: ExtInode): Promise<void> {
    const { kind } = inode
    columns.flags[index] =
      ((columns.flags[index] ?? 0) & EntryFlag.oddName) |
      kind |
      EntryFlag.hasMode |
      EntryFlag.hasOwner |
      (inode.links > 1 && kind !== Kind.directory ? EntryFlag.linked : 0)
    columns.mode[index] = inode.mode
    columns.modified[index] = inode.modified
    columns.serial[index] = inode.number
    columns.uid[index] = inode.uid
    columns.gid[index] = inode.gid
    if (inode.attributesAt !== 0 || inode.attributeBlock !== 0) columns.setAttributes(index, inode.number)
    if (inode.device !== null) columns.setDevice(index, inode.device)
    if (kind === Kind.directory) columns.start[index] = inode.number
    if (kind === Kind.symlink) await this.setTarget(columns, index, inode)
    if (kind === Kind.file) await this.setContent(columns, index, inode)
  }

  private async setContent(columns: EntryColumns, index: number, inode: ExtInode): Promise<void> {
    columns.length64[index] = Number.isSafeInteger(inode.byteLength) ? inode.byteLength : 0
    if (inode.byteLength === 0) return
    try {
      const runs = await readRuns(this.volume, inode)
      if ((inode.flags & InodeFlag.encrypted) !== 0) {
        columns.setRuns(index, { runs, transform: { open: () => new EncryptedContent(inode.byteLength) } })
        columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.encrypted
        return
      }
      if (runs.length === 2 && (runs[0] ?? -1) >= 0) columns.start[index] = runs[0] ?? 0
      else columns.setRuns(index, { runs })
    } catch (error) {
      this.report(`“${columns.nameOf(index)}” is lost`, error)
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
    }
  }

  private async setTarget(columns: EntryColumns, index: number, inode: ExtInode): Promise<void> {
    const { byteLength, inline, sectors, flags, blocks } = inode
    if ((flags & InodeFlag.encrypted) !== 0) {
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.encrypted
      return
    }
    try {
      if (byteLength > TARGET_LIMIT) throw new SourceError('CONTENT_DAMAGED', 'A link is longer than any can be.')
      const isFast = byteLength < BLOCKS_LENGTH && sectors === 0 && inline.length === 0
      columns.setTargetBytes(index, isFast ? blocks.subarray(0, byteLength) : await this.readTarget(inode))
    } catch (error) {
      this.report(`Where “${columns.nameOf(index)}” leads is lost`, error)
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
    }
  }

  private async readTarget(inode: ExtInode): Promise<Uint8Array> {
    const runs = await readRuns(this.volume, inode)
    return new ExtentSource(this.volume.structures, runs, inode.byteLength).read(0, inode.byteLength)
  }

  /** @throws {SourceError} `CONTENT_DAMAGED` */
  private async attributesOf(number: number): Promise<ExtendedAttribute[]> {
    const inode = await this.volume.inode(number)
    if (inode === null) attributesDamaged('are those of a file that is missing')
    const { structures, superblock } = this.volume
    const { inodeLength, blockLength } = superblock
    const { attributesAt, attributeBlock, byteOffset } = inode
    const attributes: ExtendedAttribute[] = []
    if (attributesAt !== 0) {
      const own = new ByteReader(await structures.read(byteOffset, inodeLength))
      attributes.push(...(await readAttributes(own, attributesAt, attributesAt, this.valueIn)))
    }
    if (attributeBlock !== 0) {
      const block = new ByteReader(await structures.read(attributeBlock * blockLength, blockLength))
      const first = firstOfBlock(block)
      if (first === 0) attributesDamaged('are not in the block that should hold them')
      attributes.push(...(await readAttributes(block, first, 0, this.valueIn)))
    }
    return attributes
  }

  /** `EA_INODE`: a long value is the content of an inode of its own. */
  private readonly valueIn = async (number: number, byteLength: number): Promise<Uint8Array> => {
    const inode = await this.volume.inode(number)
    if (inode === null) attributesDamaged('have a value that is missing')
    const runs = await readRuns(this.volume, inode)
    return new ExtentSource(this.volume.structures, runs, inode.byteLength).read(0, byteLength)
  }

  /** Null where it cannot be read, which is told. */
  private async inode(number: number, what: string): Promise<ExtInode | null> {
    try {
      const inode = await this.volume.inode(number)
      if (inode === null) throw new SourceError('CONTENT_DAMAGED', 'Its inode is not in use.')
      if (!inode.isIntact && !this.wrongSums.has(number)) {
        this.wrongSums.add(number)
        this.log.damage('INODE_SUM_WRONG', `The inode of ${what.replace(/^The/, 'the')} is damaged: its sum differs.`)
      } else if (inode.isIntact && this.volume.superblock.sumSeed !== null) this.log.fits('structures')
      return inode
    } catch (error) {
      this.report(`${what} is lost`, error)
      return null
    }
  }

  private report(what: string, error: unknown): void {
    if (!(error instanceof SourceError) || error.code !== 'CONTENT_DAMAGED') throw error
    this.log.damage('INODE_DAMAGED', `${what}: ${error.message}`)
  }
}

/** Where the entries of a directory go. */
interface Target {
  columns: EntryColumns
  directory: number
  inode: ExtInode
  name: string
  context: ReadContext
  /** What the sums of its blocks begin with; null where they have none. */
  seed: number | null
}

function isSelfOrParent(block: ByteReader, at: number, length: number): boolean {
  return block.u8(at) === 0x2e && (length === 1 || (length === 2 && block.u8(at + 1) === 0x2e))
}

/** Content that nobody has the key of. */
class EncryptedContent implements ByteSource {
  constructor(readonly byteLength: number) {}

  read(): never {
    throw new SourceError('CONTENT_DAMAGED', 'The file is encrypted; without its key nothing can be read of it.', {
      details: because('contentEncrypted', {}),
    })
  }

  locate(): null {
    return null
  }

  close(): void {
    // Nothing is held.
  }
}
