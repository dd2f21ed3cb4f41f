import type { ByteSource, MaybePromise } from '../core/byte-source'

/** A file that was deleted, as far as what described it is still there. */
export interface DeletedFile {
  /** Its own, without folders; of FAT’s short ones the first character is lost, and `_` here. */
  name: string
  /** In bytes. */
  byteLength: number
  /** Pairs of byte offset in the volume (−1: a hole, which is zeros) and byte length. */
  runs: readonly number[]
  /** What lists its clusters is gone: those behind the first are taken. */
  isAssumed: boolean
  /** As `runs`, if it was written around what is in use now; null where that makes no difference. */
  otherRuns?: () => number[] | null
  /** What undoes how it is packed; absent: `runs` are its bytes. */
  open?: () => ByteSource
}

/** What a volume still knows of what was deleted from it, and what it has used again since. */
export interface DeletedFiles {
  /** Ends whatever a volume says of itself. */
  files(checkpoint: () => MaybePromise<void>): AsyncIterable<DeletedFile>
  /**
   * Files whose entries say only in part where they began, and which may be what lies there. To be asked after `files`.
   * @param byteOffset of a cluster, in bytes of the volume
   */
  mayBeginAt?(byteOffset: number): readonly Pick<DeletedFile, 'name' | 'byteLength'>[]
  /** How many of `byteLength` bytes of the volume from `byteOffset` on lie in what is in use now. */
  bytesInUse(byteOffset: number, byteLength: number): Promise<number>
}

/** Deleted files that one volume is asked for: more than any has. */
export const DELETED_LIMIT = 2_000_000
