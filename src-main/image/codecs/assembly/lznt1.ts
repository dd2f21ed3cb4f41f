import { copyMatch } from './copy'

const CUT: i32 = -1
const UNREACHABLE: i32 = -2

/** Every chunk unpacks to so many bytes at most. */
const CHUNK_LENGTH: u32 = 4096
const PACKED_BIT: u32 = 0x8000
const LENGTH_MASK: u32 = 0xfff
const LEAST_MATCH: u32 = 3

/**
 * What NTFS compresses files with ([MS-XCA] 2.5).
 * @returns the bytes written, zeros where the packed bytes have nothing: all, or one of the numbers above
 */
export function lznt1(from: usize, byteLength: u32, out: usize, outLength: u32): i32 {
  const end = from + byteLength
  const outEnd = out + outLength
  memory.fill(out, 0, outLength)
  for (let start = out; start < outEnd && from + 2 <= end; start += CHUNK_LENGTH) {
    const header: u32 = load<u16>(from)
    if (header === 0) break
    const chunk = from + 2
    from = chunk + (header & LENGTH_MASK) + 1
    if (from > end) return CUT
    const room = min<u32>(CHUNK_LENGTH, <u32>(outEnd - start))
    if ((header & PACKED_BIT) === 0) memory.copy(start, chunk, min<u32>(room, <u32>(from - chunk)))
    else {
      const written = unpackChunk(chunk, from, start, room)
      if (written < 0) return written
      // A match that is copied reaches a few bytes further than it should.
      memory.fill(start + written, 0, 16)
    }
  }
  return <i32>outLength
}

/** @returns the bytes written, or why not */
function unpackChunk(from: usize, end: usize, start: usize, room: u32): i32 {
  const outEnd = start + room
  let to = start
  // The further into the chunk, the more bits an offset takes.
  let offsetBits: u32 = 4
  while (from < end && to < outEnd) {
    let flags: u32 = load<u8>(from++)
    for (let bit = 0; bit < 8 && from < end && to < outEnd; bit++) {
      const isMatch = (flags & 1) !== 0
      flags >>= 1
      if (!isMatch) {
        store<u8>(to++, load<u8>(from++))
        continue
      }
      if (<u32>(end - from) < 2) return CUT
      const token: u32 = load<u16>(from)
      from += 2
      // In front of everything there is nothing, whatever its bits are.
      while (to > start && (<u32>(to - start - 1)) >> offsetBits > 0) offsetBits++
      const lengthBits = 16 - offsetBits
      const offset = (token >> lengthBits) + 1
      if (offset > <u32>(to - start)) return UNREACHABLE
      const length = min<u32>((token & ((1 << lengthBits) - 1)) + LEAST_MATCH, <u32>(outEnd - to))
      copyMatch(to, offset, length)
      to += length
    }
  }
  return <i32>(to - start)
}
