import type { Details, Diagnostic, Entry, ImageInfo, Said, ViewInfo } from '../../../src-shared/model'
import type { UnpackBlock } from '../codecs/unpackers'
import type { ByteSource, MaybePromise } from './byte-source'
import type { ContainerSum } from './container-sum'
import type { SummedWhileRead } from './diagnostic-log'
import type { EntryTable } from './entry-table'
import type { PieceList } from './piece-list'

/** Opens a file that travels with the image (a cue's .bin, the next part of a split one) by its name alone. */
export type SiblingOpener = (name: string) => Promise<ByteSource | null>

export interface OpenImageOptions {
  /** The image file's own name, without folder: for messages and for telling containers by extension. */
  name: string
  /** An encoding for names that the image leaves open; detected where absent. See `charset.ts` for the labels. */
  charset?: string
  /** Named streams and forks are entries beside their files, `NAME:STREAM`; otherwise it is only said that there are any. */
  listsStreams?: boolean
  /** Unpacks blocks of file systems; absent: on this thread. */
  unpack?: UnpackBlock
  openSibling?: SiblingOpener
  /** The names of the files that lie beside the image, for what names its siblings by their content alone. */
  listSiblings?: () => Promise<string[]>
  /** Where a stream that allows no random access (.gz, .xz …) is unpacked to. Absent: such containers are refused. */
  openScratch?: (suggestedName: string, byteLimit: number) => Promise<ScratchFile>
  /** Told while a container is being unpacked. */
  onUnpackProgress?: (bytesDone: number, bytesTotal: number) => void
  signal?: AbortSignal
  limits?: Partial<ImageLimits>
}

/** A place to unpack to: written once from start to end, then read. Closing it removes it. */
export interface ScratchFile {
  /** What of a sentence says how much room there is: ` (/tmp has 3.1 GB free)`; empty where nobody knows. */
  room?(): string
  write(bytes: Uint8Array): Promise<void>
  finish(): Promise<ByteSource>
  discard(): Promise<void>
}

/** What an image may ask of the machine before it is cut short with a diagnostic. */
export interface ImageLimits {
  /** Entries of one view. */
  entryCount: number
  /** Depth of directories. */
  depth: number
}

/** Nothing in the file can be read as a disc image; the sentence says what it looks like instead. */
export class NotAnImageError extends Error {
  /** `NOT_AN_IMAGE`, `EMPTY_FILE`, `NOTHING_READABLE`, `UNSUPPORTED_CONTAINER`. */
  readonly code: string

  constructor(
    code: string,
    message: string,
    readonly details?: Details,
  ) {
    super(message)
    this.name = 'NotAnImageError'
    this.code = code
  }
}

export interface ReadTreeOptions {
  /**
   * Called whenever entries `[first, end)` are final. Entries come breadth first: parents before children, and the
   * children of one directory are contiguous. The first batch is the root and its children as far as one read yields them.
   */
  onBatch?: (table: EntryTable, first: number, end: number) => MaybePromise<void>
  /**
   * Called with the beginning of a directory that takes long: entries `[first, end)` are some of its children as they
   * are recorded. Their names are what they stay; their numbers and their order are not, and they come again in a batch.
   * Everything in front of them is final, whether a batch has named it yet or not.
   */
  onBeginning?: (table: EntryTable, directory: number, first: number, end: number) => MaybePromise<void>
  /** Start at this directory instead of the root; it becomes entry 0, and paths stay those of the whole view. */
  from?: string
  signal?: AbortSignal
}

/** Where a volume lies, in bytes of the image's blocks. */
export interface VolumePlace {
  byteOffset: number
  /** By its own word; 0 where it says nothing. */
  byteEnd: number
}

/** One tree of the image. */
export interface ImageView {
  readonly info: ViewInfo
  /** Where the volume lies that it is a tree of; from 0 to 0 for lists of what a disc consists of. */
  readonly volume: VolumePlace
  /** Its files may be those of the volume around it. */
  readonly mayShareFiles: boolean
  /** Reads the whole tree (or the part below `from`), in disc order, in large reads. */
  readTree(options?: ReadTreeOptions): Promise<EntryTable>
  /** The children of one folder, entry 0 being itself, without what lies below them. Null where the path is none. */
  readFolder(path: string): Promise<EntryTable | null>
  /**
   * Walks to one entry, reading only the directories on its way. `''` is the root.
   * Null where the path is not in the view. Names are the same as `readTree` gives.
   */
  lookup(path: string): Promise<LocatedEntry | null>
}

export interface LocatedEntry {
  entry: Entry
  /** The content of a file as a source of its own: holes as zeros, compression undone. Null for other kinds. */
  content: ByteSource | null
}

/** An image as plain blocks of 2048 bytes, and what such blocks cannot hold of it. */
export interface PlainImage {
  blocks: ByteSource
  /** Each completes “left out: …”. */
  leftOut: Said[]
}

/** An opened disc image. */
export interface DiscImage {
  /** A picture of what is known now; `entryCount`s and diagnostics grow as trees are read. */
  readonly info: ImageInfo
  readonly diagnostics: readonly Diagnostic[]
  /** What opening had to guess or leave out: its trees may be other than they were recorded. Empty for most. */
  readonly damage: readonly Diagnostic[]
  /**
   * What is known of its containers when it is opened: what they hold is other than it was packed, or less. Nothing that is
   * made of the image is whole then.
   */
  readonly containerDamage: readonly Diagnostic[]
  /** What the containers around it carry of checksums that opening has not looked at; for `verify`. */
  readonly containerSums: readonly ContainerSum[]
  /** Of what the image's sums were compared while it was read, and fit; grows as trees are read. */
  readonly sumsThatFit: ReadonlySet<SummedWhileRead>
  /**
   * What the file system itself records of pieces of the blocks; null for most. For `verify`.
   * @throws {SourceError} where it records something that cannot be read
   */
  readPieces(): Promise<PieceList | null>
  /** Where its last volume ends by its own word, in bytes of the blocks; 0 where none says. */
  readonly volumeEnd: number
  /** The image as 2048-byte (or the volume's own size) user-data blocks. */
  readonly blocks: ByteSource
  /**
   * What `convert` writes, and what that leaves out.
   * @throws {NotAnImageError} `NOTHING_READABLE` where there are no data to write
   */
  plain(): Promise<PlainImage>
  /** Whether a view goes by that id: those of `info.views`, and the numbered or plain one that some answer to as well. */
  hasView(id: string): boolean
  /** @throws {RangeError} for an id that no view goes by */
  view(id: string): ImageView
  /** Releases what opening opened: siblings, scratch space. The source stays the caller's. */
  close(): Promise<void>
}
