import { unpackOrNull } from './compiled'

/**
 * Apple Data Compression, as disk images of the nineties have it: literals, and matches with one or two bytes of distance.
 * Null where the block is none, or unpacks to anything but `unpackedLength` bytes.
 */
export function decodeAdc(packed: Uint8Array, unpackedLength: number): Uint8Array | null {
  return unpackOrNull(packed, unpackedLength, ({ adc }, from, out) => adc(from, packed.byteLength, out, unpackedLength))
}
