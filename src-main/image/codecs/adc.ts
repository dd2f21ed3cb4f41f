import { copyLiterals, copyMatch } from './copy-bytes'

/**
 * Apple Data Compression, as disk images of the nineties have it: literals, and matches with one or two bytes of distance.
 * Null where the block is none, or unpacks to anything but `unpackedLength` bytes.
 */
export function decodeAdc(packed: Uint8Array, unpackedLength: number): Uint8Array | null {
  const out = new Uint8Array(unpackedLength)
  let from = 0
  let to = 0
  while (from < packed.byteLength && to < unpackedLength) {
    const control = packed[from++] ?? 0
    if ((control & 0x80) !== 0) {
      const length = (control & 0x7f) + 1
      if (from + length > packed.byteLength || to + length > unpackedLength) return null
      copyLiterals(out, to, packed, from, length)
      from += length
      to += length
      continue
    }
    const isLong = (control & 0x40) !== 0
    const length = isLong ? (control & 0x3f) + 4 : (control >> 2) + 3
    const high = isLong ? (packed[from++] ?? 0) : control & 3
    const distance = high * 256 + (packed[from++] ?? 0) + 1
    if (distance > to || to + length > unpackedLength) return null
    copyMatch(out, to, distance, length)
    to += length
  }
  return to === unpackedLength ? out : null
}
