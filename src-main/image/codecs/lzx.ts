import { unpackBlockBy } from './compiled'

const LEAST_ORDER = 15

const FAULTS = [
  'an LZX chunk is cut short',
  'an LZX block is longer than its chunk',
  'an LZX block is of a kind that there is not',
  'a code of an LZX block is none',
  'an LZX code has a run of runs',
  'an LZX chunk refers to what lies before it',
]

/** Whether chunks of that length can be packed by LZX: 32 KiB to 2 MiB, a power of two. */
export function isLzxChunk(chunkLength: number): boolean {
  return chunkLength >= 1 << 15 && chunkLength <= 1 << 21 && (chunkLength & (chunkLength - 1)) === 0
}

/** Unpacks chunks that LZX has packed, in the variant of WIM ([MS-PATCH], and the notes of wimlib on its differences). */
export class LzxUnpacker {
  private readonly order: number

  /** @param chunkLength of every chunk but the last, see {@link isLzxChunk} */
  constructor(chunkLength: number) {
    this.order = Math.max(LEAST_ORDER, Math.log2(chunkLength))
  }

  /**
   * @param byteLength what the chunk unpacks to, exactly
   * @throws {RangeError} where it does not
   */
  unpack(packed: Uint8Array, byteLength: number): Uint8Array {
    const { order } = this
    return unpackBlockBy(
      packed,
      byteLength,
      ({ lzx }, from, out) => lzx(from, packed.byteLength, out, byteLength, order),
      FAULTS,
    )
  }
}
