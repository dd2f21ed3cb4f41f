import { unpackOrNull } from './compiled'

/**
 * LZVN, the fast half of Apple’s LZFSE: each opcode is some literals and a match, whose distance may be that of the last.
 * @returns exactly `unpackedLength` bytes; null where the stream is none, or gives not so many
 */
export function decodeLzvn(packed: Uint8Array, unpackedLength: number): Uint8Array | null {
  return unpackOrNull(packed, unpackedLength, ({ lzvn }, from, out) =>
    lzvn(from, packed.byteLength, out, unpackedLength),
  )
}
