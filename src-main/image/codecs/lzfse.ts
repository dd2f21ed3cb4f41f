import { unpackOrNull } from './compiled'
import { ByteReader } from '../core/byte-reader'

/** First four bytes of a block, little-endian: `bvx` and what it is. */
const BLOCKS: readonly number[] = [0x24787662, 0x2d787662, 0x31787662, 0x32787662, 0x6e787662]
/** Whole turns of the streams of literals, and what copying them reads further. */
const FURTHER = 32

/**
 * Apple’s LZFSE: blocks of literals, lengths and distances, coded by tabled ANS (finite states), beside blocks of LZVN and
 * stored ones.
 * @returns exactly `unpackedLength` bytes; null where the stream is none, or has not so many
 */
export function decodeLzfse(packed: Uint8Array, unpackedLength: number): Uint8Array | null {
  return unpackOrNull(
    packed,
    unpackedLength,
    ({ lzfse }, from, out, literals) => lzfse(from, packed.byteLength, out, unpackedLength, literals),
    () => unpackedLength + FURTHER,
  )
}

/** Whether bytes begin as a stream does: `bvx`, and the kind of the first block. */
export function isLzfse(packed: Uint8Array): boolean {
  return packed.byteLength >= 4 && BLOCKS.includes(new ByteReader(packed).u32Le(0))
}
