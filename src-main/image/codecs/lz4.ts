/**
 * One LZ4 block (LZ4 Block Format Description): literals and matches in turn.
 * Null where the block is not one or does not yield exactly as much as fits.
 */
export function decodeLz4Block(packed: Uint8Array, unpackedLength: number): Uint8Array | null {
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
    if (from + literals > packed.byteLength || to + literals > unpackedLength) return null
    out.set(packed.subarray(from, from + literals), to)
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
    const end = Math.min(to + length, unpackedLength)
    for (; to < end; to++) out[to] = out[to - distance] ?? 0
  }
  return to === unpackedLength ? out : null
}
