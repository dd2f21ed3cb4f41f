import { copyMatch } from './copy-bytes'

/** Every chunk unpacks to so many bytes at most. */
const CHUNK_LENGTH = 4096
const PACKED_BIT = 0x8000
const LENGTH_MASK = 0xfff
const LEAST_MATCH = 3

/**
 * Unpacks what NTFS compresses files with: LZNT1 ([MS-XCA] 2.5).
 * @param byteLength how long the answer is; what the packed bytes have nothing of is zeros
 * @throws {RangeError} where they do not unpack
 */
export function unpackLznt1(packed: Uint8Array, byteLength: number): Uint8Array {
  const out = new Uint8Array(byteLength)
  let from = 0
  for (let start = 0; start < byteLength && from + 2 <= packed.byteLength; start += CHUNK_LENGTH) {
    const header = (packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)
    if (header === 0) break
    const end = from + 2 + (header & LENGTH_MASK) + 1
    if (end > packed.byteLength) throw new RangeError('an LZNT1 chunk is cut short')
    const chunk = packed.subarray(from + 2, end)
    const to = Math.min(byteLength, start + CHUNK_LENGTH)
    if ((header & PACKED_BIT) !== 0) unpackChunk(chunk, out, start, to)
    else out.set(chunk.subarray(0, to - start), start)
    from = end
  }
  return out
}

function unpackChunk(packed: Uint8Array, out: Uint8Array, start: number, end: number): void {
  let at = start
  for (let from = 0; from < packed.byteLength && at < end;) {
    const flags = packed[from++] ?? 0
    for (let bit = 0; bit < 8 && from < packed.byteLength && at < end; bit++) {
      if (((flags >> bit) & 1) === 0) {
        out[at++] = packed[from++] ?? 0
        continue
      }
      if (from + 2 > packed.byteLength) throw new RangeError('an LZNT1 chunk is cut short')
      const token = (packed[from] ?? 0) | ((packed[from + 1] ?? 0) << 8)
      from += 2
      // The further into the chunk, the more bits an offset takes.
      let offsetBits = 4
      while ((at - start - 1) >> offsetBits > 0) offsetBits++
      const lengthBits = 16 - offsetBits
      const offset = (token >> lengthBits) + 1
      const length = (token & ((1 << lengthBits) - 1)) + LEAST_MATCH
      if (offset > at - start) throw new RangeError('an LZNT1 match lies in front of its chunk')
      const count = Math.min(length, end - at)
      copyMatch(out, at, offset, count)
      at += count
    }
  }
}
