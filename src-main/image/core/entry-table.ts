import type { Diagnostic, Entry, EntryKind, EntryStatus, Extent } from '../../../src-shared/model'
import type { ByteSource, Place } from './byte-source'
import type { DeviceNumber } from './device-number'
import type { ExtendedAttribute } from './extended-attributes'
import type { Packing } from '../codecs/packing'
import type { SumTable } from './sum-table'

/** Where a file's packed bytes lie, in one piece of one file, and how they unpack. */
export interface PackedRun extends Place {
  packing: Packing
}

/** What an image's writer kept of its files' content beside the directory. */
export interface RecordedSums {
  algorithm: SumTable['algorithm']
  /** In lower-case hexadecimal, by entry number. Empty without any, and where the table of them is damaged. */
  sums: ReadonlyMap<number, string>
  /** There is a table, and it does not give its own sum. */
  isDamaged: boolean
}

/**
 * The entries of one view, held as columns: a million fit in far less than 400 MB. Entry 0 is the root.
 * Breadth first: `parentOf(i) < i`, and the children of a directory are `[firstChildOf(i), firstChildOf(i) + childCountOf(i))`,
 * in the order of the UTF-8 bytes of their names.
 */
export interface EntryTable {
  readonly length: number
  /**
   * What reading these entries had to skip, guess, take from a twin or fill with zeros: where there is any, entries may
   * be missing or other than they were recorded.
   */
  readonly damage: readonly Diagnostic[]
  parentOf(index: number): number
  firstChildOf(index: number): number
  childCountOf(index: number): number
  nameOf(index: number): string
  pathOf(index: number): string
  /** The path's bytes as recorded, where `pathOf` differs from them; null where it does not. */
  pathBytesOf(index: number): Uint8Array | null
  kindOf(index: number): EntryKind
  byteLengthOf(index: number): number
  /** Milliseconds since 1970 UTC; NaN where none is recorded. */
  modifiedOf(index: number): number
  /** -1 where the view has none. */
  modeOf(index: number): number
  uidOf(index: number): number
  gidOf(index: number): number
  targetOf(index: number): string | null
  /** Which device a device node stands for; null where that is not recorded, and of every other kind. */
  deviceOf(index: number): DeviceNumber | null
  hiddenOf(index: number): boolean
  statusOf(index: number): EntryStatus
  /** Whether the content, or where a link leads, is there but encrypted: then its status is `lost`. */
  isEncryptedOf(index: number): boolean
  /** Whether its bytes are all there, but known to be others than were recorded: then its status is `partial`. */
  isSuspectOf(index: number): boolean
  /** Offsets in the opened image file, for people; null for compressed or containerised content. */
  extentsOf(index: number): Extent[] | null
  /** Where a file's whole content lies as it is, in one piece of one file; null otherwise, and for empty ones. */
  plainRunOf(index: number): Place | null
  /** Where a packed file's stored bytes lie, if they do so in one piece of one file; null for every other file. */
  packedRunOf(index: number): PackedRun | null
  /** Whether a file's content is worked out from its stored bytes: it is packed, or has holes of its own making. */
  isPackedOf(index: number): boolean
  /** Where a file's stored bytes lie in the image's blocks: pairs of byte offset (−1: a hole) and byte length. */
  storedRunsOf(index: number): ArrayLike<number>
  /** Where its content begins in the image, for ordering reads; Infinity where it has none. Any unit, monotonic. */
  discPositionOf(index: number): number
  /** Whether Rock Ridge has attributes or access rights beyond its mode of it (AAIP). */
  hasAttributesOf(index: number): boolean
  /**
   * Those that its format's reader knows; empty for most entries, and for formats whose reader does not.
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  extendedAttributesOf(index: number): Promise<readonly ExtendedAttribute[]>
  /** A number shared by the entries that are hard links of one file; -1 where it is the only one. */
  hardLinkGroupOf(index: number): number
  entry(index: number): Entry
  /** The MD5 sums that the image's writer kept of files. */
  recordedSums(): Promise<RecordedSums>
  /** The content of a file: holes as zeros, compression undone. Null for other kinds. */
  content(index: number): ByteSource | null
}
