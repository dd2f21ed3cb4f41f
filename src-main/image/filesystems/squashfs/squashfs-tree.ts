import { andThen } from '../../core/and-then'
import { ByteReader } from '../../core/byte-reader'
import type { ByteSource, MaybePromise } from '../../core/byte-source'
import type { DiagnosticLog } from '../../core/diagnostic-log'
import { EntryColumns } from '../../core/entry-columns'
import { EntryFlag, Kind } from '../../core/entry-flags'
import { PromiseCache } from '../../core/promise-cache'
import { TolerantSource } from '../../core/sources/tolerant-source'
import type { ReadContext, TreeReader } from '../../core/tree-reader'
import { readAttributes } from './attributes'
import type { Compressor } from './compressors'
import { readBlockSizes, readInode, type Inode, type InodeFile } from './inode'
import { damaged, Metadata } from './metadata'
import { packedLength, readBlock, SquashFile, type BlockReader, type Fragment } from './squash-file'
import { listingRoom, NONE, roomOf, type Superblock } from './superblock'

/** `squashfs_dir_header`: a run of entries whose inodes lie in one block. */
const RUN_LENGTH = 12
const ENTRY_LENGTH = 8
/** Runs have at most 256 entries. */
const RUN_LIMIT = 256
const KEPT_FRAGMENTS = 16
const KEPT_PLACES = 4096
const NO_BYTES = new Uint8Array(0)
/** Lists of blocks that are not worth counting. */
const SHORT_LIST = 64

/** The directories of a SquashFS. `start` of a directory is the reference of its inode. */
export class SquashfsTree implements TreeReader {
  private readonly metadata: Metadata
  private readonly blocks: BlockReader
  private readonly fragments = new PromiseCache<number, Uint8Array>(KEPT_FRAGMENTS)
  private readonly places = new PromiseCache<number, Fragment>(KEPT_PLACES)
  /** Owners by their index; null where the table is damaged there. */
  private readonly ids = new Map<number, number | null>()
  /** Bytes in all blocks of a file with many, by its inode: one with several names is met several times. */
  private readonly storedLengths = new Map<number, number>()
  private blocksLeft: number
  /** Listings lie beside one another: together they are no longer than their table, in bytes. */
  private listingLeft: number

  constructor(
    private readonly volume: ByteSource,
    private readonly superblock: Superblock,
    { unpack, unpacker }: Compressor,
    private readonly log: DiagnosticLog,
  ) {
    this.metadata = new Metadata(new TolerantSource(volume, log), unpack)
    this.blocksLeft = roomOf(superblock.inodeTable, superblock.directoryTable) / 4
    this.listingLeft = listingRoom(superblock, volume.byteLength)
    this.blocks = {
      volume,
      blockSizes: ({ list }) => readBlockSizes(this.metadata, list),
      unpack,
      unpacker,
      blockLength: superblock.blockLength,
      fragment: (at) => this.fragments.get(at.byteOffset, () => readBlock(this.blocks, at.byteOffset, at.size)),
    }
  }

  createColumns(basePath: string): EntryColumns {
    const columns = new EntryColumns(this.volume, basePath, true)
    columns.readAttributes = async (place) =>
      readAttributes(this.metadata, this.superblock.attributeTable, place - 1, (byteOffset, byteLength) =>
        this.plainBytes(byteOffset, byteLength),
      )
    return columns
  }

  async readRoot(columns: EntryColumns): Promise<void> {
    const root = columns.append(0)
    columns.flags[root] = Kind.directory
    columns.start[root] = this.superblock.rootInode
    const inode = await this.inode(this.superblock.rootInode, () => 'The root directory')
    if (inode !== null) await this.fill(columns, root, inode, this.superblock.rootInode)
  }

  async readChildren(columns: EntryColumns, directories: readonly number[], context: ReadContext): Promise<void> {
    for (const directory of directories) {
      context.signal?.throwIfAborted()
      const first = columns.length
      const name = columns.isViewRoot(directory) ? 'The root directory' : `The directory “${columns.nameOf(directory)}”`
      const inode = await this.inode(columns.start[directory] ?? -1, () => name)
      if (inode?.kind === Kind.directory) await this.readListing(columns, directory, inode, name, context)
      await context.finisher.finish(columns, directory, first, null)
    }
  }

  private async readListing(
    columns: EntryColumns,
    directory: number,
    { listing, byteLength }: Inode,
    name: string,
    context: ReadContext,
  ): Promise<void> {
    let bytes: ByteReader
    try {
      this.listingLeft -= byteLength
      if (this.listingLeft < 0) throw damaged('has directories that are longer than their table')
      const block = this.superblock.directoryTable + listing.block
      bytes = new ByteReader(await this.metadata.read(block, listing.offset, byteLength))
    } catch (error) {
      this.report(`${name} cannot be read`, error)
      return
    }
    for (let at = 0; bytes.has(at, RUN_LENGTH) && context.entriesLeft() > 0;) {
      const count = bytes.u32Le(at) + 1
      const block = bytes.u32Le(at + 4)
      const firstNumber = bytes.u32Le(at + 8)
      at += RUN_LENGTH
      if (count > RUN_LIMIT) {
        this.log.damage('DIRECTORY_UNREADABLE', `${name} has a run of entries that cannot be; what follows it is lost.`)
        return
      }
      for (let entry = 0; entry < count && context.entriesLeft() > 0; entry++) {
        const nameLength = bytes.u16Le(at + 6) + 1
        if (!bytes.has(at, ENTRY_LENGTH + nameLength)) {
          this.log.damage('DIRECTORY_UNREADABLE', `${name} ends within an entry.`)
          return
        }
        const index = columns.append(directory)
        columns.setNameBytes(index, bytes.bytes, at + ENTRY_LENGTH, at + ENTRY_LENGTH + nameLength)
        columns.flags[index] = EntryFlag.oddName
        const reference = block * 65_536 + bytes.u16Le(at)
        // Of a hundred thousand, hardly one has to be waited for.
        const found = this.inode(reference, () => `“${columns.nameOf(index)}”`)
        const inode = found instanceof Promise ? await found : found
        // Numbers count on from their run's, by what is signed.
        const number = (firstNumber + ((bytes.u16Le(at + 2) << 16) >> 16)) >>> 0
        if (inode !== null && (inode.number !== number || inode.type !== bytes.u16Le(at + 4)))
          this.log.damage(
            'INODE_DAMAGED',
            `“${columns.nameOf(index)}” has an inode that is not the one its folder names.`,
          )
        if (inode === null) columns.flags[index] = EntryFlag.oddName | EntryFlag.damaged
        else {
          const filling = this.fill(columns, index, inode, reference)
          if (filling instanceof Promise) await filling
        }
        at += ENTRY_LENGTH + nameLength
      }
    }
  }

  private fill(columns: EntryColumns, index: number, inode: Inode, reference: number): MaybePromise<void> {
    return andThen(this.id(inode.uidIndex), (uid) =>
      andThen(this.id(inode.gidIndex), (gid) => {
        const { kind, links } = inode
        columns.flags[index] =
          ((columns.flags[index] ?? 0) & EntryFlag.oddName) |
          kind |
          EntryFlag.hasMode |
          (uid === null || gid === null ? 0 : EntryFlag.hasOwner) |
          (links > 1 && kind !== Kind.directory ? EntryFlag.linked : 0)
        columns.mode[index] = inode.mode & 0o7777
        columns.modified[index] = inode.modified
        columns.serial[index] = inode.number
        columns.uid[index] = uid ?? 0
        columns.gid[index] = gid ?? 0
        if (inode.attributes !== NONE) columns.setAttributes(index, inode.attributes + 1)
        if (kind === Kind.directory) columns.start[index] = reference
        if (kind === Kind.symlink) columns.setTargetBytes(index, inode.target)
        if (inode.device !== null) columns.setDevice(index, inode.device)
        if (kind === Kind.file) return this.setContent(columns, index, inode, reference)
      }),
    )
  }

  private setContent(
    columns: EntryColumns,
    index: number,
    { file, byteLength }: Inode,
    reference: number,
  ): MaybePromise<void> {
    columns.length64[index] = byteLength
    if (file === null || byteLength === 0) return
    const lost = (what: string, error: unknown): null => {
      this.report(what, error)
      columns.flags[index] = (columns.flags[index] ?? 0) | EntryFlag.damaged
      return null
    }
    const storedLength = failingAs(
      () => this.storedLength(file, reference),
      (error) => lost(`“${columns.nameOf(index)}” is lost`, error),
    )
    return andThen(storedLength, (stored) => {
      if (stored === null) return
      const end = failingAs<Fragment | null>(
        () => this.place(file),
        (error) => lost(`The end of “${columns.nameOf(index)}” cannot be found`, error),
      )
      return andThen(end, (fragment) => {
        const runs = stored > 0 ? [file.start, stored] : []
        if (fragment !== null) runs.push(fragment.byteOffset, packedLength(fragment.size))
        // A file of zeros has no bytes anywhere.
        if (runs.length === 0) runs.push(-1, byteLength)
        const open = (_: ByteSource, length: number): ByteSource => new SquashFile(this.blocks, file, fragment, length)
        columns.setRuns(index, { runs, transform: { open } })
      })
    })
  }

  /** Of all blocks of a file, in bytes. @throws {SourceError} `CONTENT_DAMAGED` */
  private storedLength(file: InodeFile, reference: number): MaybePromise<number> {
    // A file in a fragment has none.
    if (file.list.count === 0) return 0
    const known = this.storedLengths.get(reference)
    if (known !== undefined) return known
    // Inodes that lie over one another could have lists without end.
    const isLong = file.list.count > SHORT_LIST
    if (isLong) this.blocksLeft -= file.list.count
    if (this.blocksLeft < 0) throw damaged('has files of more blocks than its inodes have room for')
    return andThen(this.blocks.blockSizes(file), (sizes) => {
      const stored = sizes.reduce((sum, size) => sum + packedLength(size), 0)
      if (isLong) this.storedLengths.set(reference, stored)
      return stored
    })
  }

  /** Of the fragment that a file ends in; null where it ends in none. */
  private place({ fragment }: InodeFile): MaybePromise<Fragment | null> {
    return fragment === NONE ? null : this.places.get(fragment, () => this.readPlace(fragment))
  }

  private async plainBytes(byteOffset: number, byteLength: number): Promise<Uint8Array> {
    const bytes = byteOffset < this.volume.byteLength ? await this.volume.read(byteOffset, byteLength) : NO_BYTES
    if (bytes.byteLength < byteLength) throw damaged('lacks its table of attributes')
    return bytes
  }

  /** Null where it cannot be read, which is told. */
  private inode(reference: number, what: () => string): MaybePromise<Inode | null> {
    return failingAs<Inode | null>(
      () => readInode(this.metadata, this.superblock, reference),
      (error) => {
        this.report(`${what()} is lost`, error)
        return null
      },
    )
  }

  private report(what: string, error: unknown): void {
    const { code, message } = error as { code?: string; message: string }
    if (code === 'UNSUPPORTED_CONTAINER') this.log.damage('PACKING_UNSUPPORTED', `${what}: ${message}`)
    else if (code === 'CONTENT_DAMAGED') this.log.damage('INODE_DAMAGED', `${what}: ${message}`)
    else throw error
  }

  /** Null where it cannot be read, which is told once. */
  private id(index: number): MaybePromise<number | null> {
    const known = this.ids.get(index)
    return known === undefined ? this.readId(index) : known
  }

  private async readId(index: number): Promise<number | null> {
    let id: number | null = null
    try {
      id = new ByteReader(await this.metadata.readIndexed(this.superblock.idTable, 4, index)).u32Le(0)
    } catch (error) {
      this.report('Whom some files belong to is lost', error)
    }
    this.ids.set(index, id)
    return id
  }

  /** `squashfs_fragment_entry`. */
  private async readPlace(index: number): Promise<Fragment> {
    const entry = new ByteReader(await this.metadata.readIndexed(this.superblock.fragmentTable, 16, index))
    return { byteOffset: entry.u64Le(0), size: entry.u32Le(8) }
  }
}

/** What `act` gives, or what `failed` makes of its failure. */
function failingAs<Value>(
  act: () => MaybePromise<Value>,
  failed: (error: unknown) => Value | null,
): MaybePromise<Value | null> {
  try {
    const value = act()
    return value instanceof Promise ? value.catch(failed) : value
  } catch (error) {
    return failed(error)
  }
}
