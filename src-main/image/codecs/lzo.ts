import { copyLiterals, copyMatch } from './copy-bytes'

/**
 * Unpacks LZO1X, whichever level packed it (Linux, Documentation/staging/lzo.rst).
 * @param limit what it unpacks to at most
 * @throws {RangeError} where it is none
 */
export function unpackLzo(packed: Uint8Array, limit: number): Uint8Array {
  const out = new Uint8Array(limit)
  const end = packed.byteLength
  let from = 0
  let to = 0
  /** Literals that followed the last match: 0 to 3, or 4 for a run of its own. */
  let state = 0
  const byte = (): number => {
    if (from >= end) throw new RangeError('the LZO data are cut short')
    return packed[from++] ?? 0
  }
  /** A length that goes on: each zero stands for 255. */
  const extended = (base: number): number => {
    let length = base
    for (;;) {
      const next = byte()
      if (next !== 0) return length + next
      length += 255
      if (length > limit) throw new RangeError('an LZO length cannot be')
    }
  }
  const literals = (count: number): void => {
    if (from + count > end || to + count > limit) throw new RangeError('an LZO literal does not fit')
    copyLiterals(out, to, packed, from, count)
    from += count
    to += count
  }
  const match = (distance: number, length: number): void => {
    if (distance > to || to + length > limit) throw new RangeError('an LZO match does not fit')
    copyMatch(out, to, distance, length)
    to += length
  }
  const first = packed[0] ?? 0
  if (first > 17) {
    from = 1
    literals(first - 17)
    state = first - 17 < 4 ? first - 17 : 4
  }
  for (;;) {
    const code = byte()
    let trailing: number
    if (code < 16) {
      if (state === 0) {
        literals(3 + (code === 0 ? extended(15) : code))
        state = 4
        continue
      }
      const high = byte()
      trailing = code & 3
      const distance = (high << 2) + (code >> 2)
      if (state < 4) match(distance + 1, 2)
      else match(distance + 2049, 3)
    } else if (code < 32) {
      const length = 2 + ((code & 7) === 0 ? extended(7) : code & 7)
      const low = byte()
      const word = low | (byte() << 8)
      trailing = word & 3
      const distance = 16_384 + ((code & 8) << 11) + (word >> 2)
      // The end of the data.
      if (distance === 16_384) return out.subarray(0, to)
      match(distance, length)
    } else if (code < 64) {
      const length = 2 + ((code & 31) === 0 ? extended(31) : code & 31)
      const low = byte()
      const word = low | (byte() << 8)
      trailing = word & 3
      match((word >> 2) + 1, length)
    } else {
      const high = byte()
      trailing = code & 3
      const isLong = code >= 128
      const length = isLong ? 5 + ((code >> 5) & 3) : 3 + ((code >> 5) & 1)
      match((high << 3) + ((code >> 2) & 7) + 1, length)
    }
    literals(trailing)
    state = trailing
  }
}
