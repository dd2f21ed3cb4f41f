import { copyLiterals, copyMatch } from './copy-bytes'

/**
 * One LZ4 block (LZ4 Block Format Description): literals and matches in turn.
 * Our own: packages for it are compiled modules, or unpack frames only and throw at a block that is cut.
 * Null where the block is not one or does not yield exactly as much as fits.
 * @param isBeginning the block may yield more, of which only the beginning is wanted
 */
export function decodeLz4Block(packed: Uint8Array, unpackedLength: number, isBeginning = false): Uint8Array | null {
  const out = new Uint8Array(unpackedLength)
  let from = 0
  let to = 0
  while (from < packed.byteLength && to < unpackedLength) {
    const token = packed[from++] ?? 0
    let literals = token >> 4
    if (literals === 15) {
      let more = 255
      while (more === 255 && from < packed.byteLength) literals += more = packed[from++] ?? 0
    }
    if (isBeginning) literals = Math.min(literals, unpackedLength - to)
    if (from + literals > packed.byteLength || to + literals > unpackedLength) return null
    copyLiterals(out, to, packed, from, literals)
    from += literals
    to += literals
    // The last sequence has no match.
    if (from >= packed.byteLength || to === unpackedLength) break
    const distance = (packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)
    from += 2
    let length = (token & 15) + 4
    if (length === 19) {
      let more = 255
      while (more === 255 && from < packed.byteLength) length += more = packed[from++] ?? 0
    }
    if (distance === 0 || distance > to) return null
    length = Math.min(length, unpackedLength - to)
    copyMatch(out, to, distance, length)
    to += length
  }
  return to === unpackedLength ? out : null
}

/**
 * As {@link decodeLz4Block}, where only a limit is known: a block is over when its bytes are.
 * @throws {RangeError} where it is none, or unpacks to more
 */
export function unpackLz4(packed: Uint8Array, limit: number): Uint8Array {
  const length = lz4Length(packed)
  const bytes = length > limit ? null : decodeLz4Block(packed, length)
  if (bytes === null) throw new RangeError('not an LZ4 block')
  return bytes
}

/** What a block unpacks to, by its sequences (LZ4 Block Format Description): literals, then matches of four and more. */
function lz4Length(packed: Uint8Array): number {
  let length = 0
  for (let at = 0; at < packed.byteLength;) {
    const token = packed[at++] ?? 0
    let literals = token >> 4
    if (literals === 15) {
      let more = 255
      while (more === 255 && at < packed.byteLength) literals += more = packed[at++] ?? 0
    }
    length += literals
    at += literals
    if (at >= packed.byteLength) break
    at += 2
    let match = (token & 15) + 4
    if (match === 19) {
      let more = 255
      while (more === 255 && at < packed.byteLength) match += more = packed[at++] ?? 0
    }
    length += match
  }
  return length
}
