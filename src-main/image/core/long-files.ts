/** A file as the fuller side of a bridge records it: its length, and where it lies. Pairs of byte offset and length. */
export interface LongFile {
  byteLength: number
  runs: ArrayLike<number>
}

/**
 * By where they begin, in bytes of the image: files whose length the other file system over the same bytes cannot say,
 * since ECMA-119 9.1.4 records it in 32 bits.
 */
export type LongFiles = ReadonlyMap<number, LongFile>
