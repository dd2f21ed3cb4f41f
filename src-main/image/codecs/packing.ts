/**
 * How a file's stored bytes are packed, in blocks that unpack one by one. Plain data, since packed files are handed to
 * other threads; the codec of that id knows what its parameters mean.
 */
export interface Packing {
  codec: string
  /** Unpacked, in bytes. */
  byteLength: number
  /** Of every unpacked block but the last, in bytes. */
  blockLength: number
  parameters: Readonly<Record<string, number>>
}

/** A way of packing. Every block lies between two pointers, which count in bytes from the first stored one. */
export interface BlockCodec {
  id: string
  /** How many stored bytes from the first are looked at by {@link checkStart}. */
  startLength: number
  /** @throws {SourceError} `CONTENT_DAMAGED` where the stored bytes do not begin as such a file does */
  checkStart(start: Uint8Array, packing: Packing): void
  /** Where the pointers lie, in bytes from the first stored one, and how long each is. */
  table(packing: Packing): { byteOffset: number; pointerLength: 4 | 8 }
  /** The longest that a packed block can be, in bytes. */
  packedBlockLimit(packing: Packing): number
  /** Memory to unpack the blocks of a file in. */
  createUnpacker(packing: Packing): BlockUnpacker
}

/** Unpacks the blocks of a file one after another, in the same memory. */
export interface BlockUnpacker {
  /** Whether it can be used for another file. */
  fits(packing: Packing): boolean
  /**
   * @param packed the block's stored bytes
   * @param byteLength how many bytes of it the file needs
   * @returns so many bytes, good until the next call
   * @throws {SourceError} `CONTENT_DAMAGED`
   */
  unpack(packed: Uint8Array, byteLength: number): Uint8Array
}
