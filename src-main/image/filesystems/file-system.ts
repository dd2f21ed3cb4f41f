import type { UnpackBlock } from '../codecs/unpackers'
import type { ByteReader } from '../core/byte-reader'
import type { BootEntry, ViewKind, VolumeDates, VolumeFacts } from '../../../src-shared/model'
import type { ByteSource, MaybePromise } from '../core/byte-source'
import type { DataStart } from '../core/data-start'
import type { DiagnosticLog } from '../core/diagnostic-log'
import type { PlainImage, SiblingOpener } from '../core/disc-image'
import type { EntryTable } from '../core/entry-table'
import type { FoundView } from '../core/found-view'
import type { Likelihood } from '../core/likelihood'
import type { LongFiles } from '../core/long-files'
import type { PieceList } from '../core/piece-list'
import type { DeletedFiles } from './deleted-files'

/** A place where a file system may lie: the whole image, a partition, a track. */
export interface Volume {
  /** Whether it is the image itself, from its first block to its last. */
  isWhole: boolean
  /** Its bytes; of files, what cannot be read counts. */
  source: ByteSource
  /** As `source`, and what cannot be read is zeros and told: for structures. */
  structures: ByteSource
  /** Of its first byte, in bytes of the image's blocks. */
  byteOffset: number
  /**
   * How long it is by the table that names it, in bytes, whether all of that is there or not; infinite for the whole
   * image.
   */
  limit: number
  /** For people, in parentheses behind the name of a file system: `partition 2`; empty for the whole image. */
  label: string
  /** Its first {@link VOLUME_HEAD_LENGTH} bytes, fewer of a shorter one. */
  head: Uint8Array
}

/** Enough for a volume recognition sequence behind the descriptors of another standard (ECMA-167 2/8.3). */
export const VOLUME_HEAD_LENGTH = 96 * 1024

export interface FileSystemContext {
  log: DiagnosticLog
  /** The image file’s own name, without folder. */
  name: string
  /** Opens what lies beside the image by its name; absent where nothing can be asked for. */
  openSibling: SiblingOpener | undefined
  /** An encoding for names that the image leaves open; detected where absent. */
  charset: string | undefined
  /** Unpacks blocks, on other threads where there are any. */
  unpack: UnpackBlock
  /** The data tracks of the table of contents, by address; null without one. */
  dataStarts: readonly DataStart[] | null
  /** No other file system was found in this volume so far: it is worth a longer look. */
  isFirst: boolean
  /** Files that other file systems over the same bytes know the length of. */
  longFiles: () => Promise<LongFiles>
  /**
   * How long the volume at some place says that it is, in bytes; null where no known one begins there.
   * @param mayBeDisk what lies there may be a disk with a table of volumes
   */
  measure: (source: ByteSource, byteOffset: number, mayBeDisk: boolean) => Promise<number | null>
}

/** A file system as it was found in one volume. */
export interface FoundFileSystem {
  /** Best first. Ids are those of the only such file system of an image. */
  views: FoundView[]
  /** Where it ends, in bytes of its volume; 0 where that is not known. */
  byteEnd: number
  /** What its descriptors say of the whole image, as far as they do. */
  facts?: Partial<VolumeFacts>
  dates?: Partial<VolumeDates>
  boot?: BootEntry[]
  /** The lengths of files of 4 GiB and more, for other file systems over the same bytes. */
  longFiles?: () => Promise<LongFiles>
  /**
   * What it records of pieces of its volume, where it does; null where it could and does not.
   * @throws {SourceError} `CONTENT_DAMAGED` where that cannot be read
   */
  pieces?: () => Promise<PieceList | null>
  /** How its blocks are to be written so that readers which know nothing of sessions find what is shown first. */
  plain?: (blocks: ByteSource) => MaybePromise<PlainImage>
}

/** A tree that was found by looking at every block, whether or not anything leads to it. */
export interface LostTree {
  /** Where its root lies, in bytes of the volume. */
  byteOffset: number
  /** The root says that nothing is above it: a tree, and not a branch of one. */
  isRoot: boolean
  /** A second record of its directories (a path table) says that all of them are in it, and nothing in it is damaged. */
  isComplete: boolean
  /** Which tree's names it has. */
  kind: ViewKind
  table: EntryTable
}

/** Looks at all blocks of a volume, in order, for what describes files. */
export interface BlockScan {
  /** @param byteOffset of the bytes in the volume, a multiple of 2048 */
  look(bytes: Uint8Array, byteOffset: number): void
  /**
   * The trees that were found, whole ones first.
   * @param isContent whether a block is known to be a file's content: what is found there describes another volume
   */
  trees(context: ScanContext): Promise<LostTree[]>
}

export interface ScanContext extends Pick<FileSystemContext, 'charset' | 'log'> {
  isContent: (byteOffset: number) => boolean
  signal?: AbortSignal | undefined
}

/** How an image with a file system shows itself wherever it lies, at any multiple of 512 bytes. */
export interface Beginning {
  /** What stands in every one of them; within 512 bytes of a multiple of those. */
  mark: Uint8Array
  /** Where that stands, in bytes from the image’s first. */
  at: number
  /**
   * A closer look at an image that may begin at `byteOffset`.
   * @returns how long it says that it is, in bytes; null where it is none
   */
  look(source: ByteSource, byteOffset: number): Promise<FoundBeginning | null>
}

export interface FoundBeginning {
  /** In bytes; 0 where that cannot be known. */
  byteLength: number
  /** What it names leads to a directory of its own: it is more than a beginning that was left over. */
  hasRoot: boolean
}

/** A way in which files are recorded in a volume. */
export interface FileSystem {
  id: string
  /** Signatures that stand somewhere near the start, whatever the form of the sectors: for telling a beginning. */
  marks?: readonly string[]
  probe(volume: Volume): Likelihood
  /**
   * Whether a volume begins here, by more than its signature: for places behind something else, where a signature alone
   * may be any program's. Absent: such volumes are not looked for there.
   * @param head as {@link Volume.head}
   */
  proves?(head: ByteReader): boolean
  /** Null where a closer look shows that it is none. */
  open(volume: Volume, context: FileSystemContext): Promise<FoundFileSystem | null>
  /**
   * Opens a volume by the twin of a structure that its beginning has lost, and tells of it. Asked only where nothing was
   * found in the volume: what was there before another file system may have left its twins behind.
   */
  recover?(volume: Volume, context: FileSystemContext): Promise<FoundFileSystem | null>
  /** For rescue, where nothing leads to what is there. */
  scan?(volume: ByteSource): BlockScan
  /** For finding images that nothing leads to. */
  beginnings?: readonly Beginning[]
  /** What a volume still knows of files that were deleted from it; null where there is no such volume. */
  deleted?(volume: Volume, charset: string | undefined): Promise<DeletedFiles | null>
  /** How long a volume says that it is, in bytes, by its first sector; null where it is none. */
  measure?(firstSector: ByteReader): number | null
}
