/** No code is longer, in bits. */
export const CODE_LIMIT: u32 = 16
/** Bits of an entry that hold the length of its code; above them is the symbol. */
export const LENGTH_BITS: u32 = 5
export const LENGTH_MASK: u32 = 31

// A canonical Huffman code for bits that are read from the most significant on: codes of one length follow one another in
// the order of their symbols, behind those that are shorter. Short ones are looked up, longer ones counted through. It
// lies in memory as: by each length the bound that codes of it and shorter ones stay below, in sixteen bits; by each length
// what makes a code’s place of it; its table, by the next bits: symbol and length, 0 where it is longer; its symbols by
// their places. That is 136 bytes, two for each entry of the table, and two for each symbol.
const BOUNDS: usize = 0
const PLACES: usize = 4 * 17
const TABLE: usize = 8 * 17

/** Where the table of a code lies. */
export function tableOf(code: usize): usize {
  return code + TABLE
}

const counts: usize = memory.data(4 * 18)
const offsets: usize = memory.data(4 * 18)

/**
 * Takes another code.
 * @param lengths of each symbol’s code, a byte each; 0 where it has none
 * @returns false where they make no complete code; one without any symbol is complete, and gives symbol 0
 */
export function buildCode(code: usize, tableBits: u32, lengths: usize, symbolCount: u32): bool {
  const table = code + TABLE
  const sorted = table + (2 << tableBits)
  memory.fill(counts, 0, 4 * 18)
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const at = counts + ((<usize>load<u8>(lengths + symbol)) << 2)
    store<u32>(at, load<u32>(at) + 1)
  }
  store<u32>(counts, 0)
  let bound: u32 = 0
  let place: u32 = 0
  for (let length: u32 = 1; length <= CODE_LIMIT; length++) {
    const count = load<u32>(counts + (length << 2))
    store<u32>(offsets + (length << 2), place)
    store<u32>(code + PLACES + (length << 2), place - (bound >> (CODE_LIMIT - length)))
    place += count
    bound += count << (CODE_LIMIT - length)
    if (bound > 1 << CODE_LIMIT) return false
    store<u32>(code + BOUNDS + (length << 2), bound)
  }
  if (place === 0) {
    for (let i: u32 = 0; i < 1 << tableBits; i++) store<u16>(table + (i << 1), 1)
    return true
  }
  if (bound !== 1 << CODE_LIMIT) return false
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const length = <usize>load<u8>(lengths + symbol)
    if (length === 0) continue
    const at = load<u32>(offsets + (length << 2))
    store<u16>(sorted + (at << 1), symbol)
    store<u32>(offsets + (length << 2), at + 1)
  }
  let to = table
  let from = sorted
  for (let length: u32 = 1; length <= tableBits; length++) {
    const span: u32 = 2 << (tableBits - length)
    for (let left = load<u32>(counts + (length << 2)); left > 0; left--) {
      const entry = ((<u32>load<u16>(from)) << LENGTH_BITS) | length
      from += 2
      const end = to + span
      if (span >= 8) for (; to < end; to += 8) store<u64>(to, <u64>entry * 0x0001_0001_0001_0001)
      else for (; to < end; to += 2) store<u16>(to, entry)
    }
  }
  memory.fill(to, 0, sorted - to)
  return true
}

/**
 * A symbol whose code is longer than the table’s bits.
 * @param bits the next sixteen, the first of them the most significant
 * @returns as the table has it
 */
export function longerCode(code: usize, tableBits: u32, bits: u32): u32 {
  let length = tableBits + 1
  while (length < CODE_LIMIT && bits >= load<u32>(code + BOUNDS + (length << 2))) length++
  const place = load<u32>(code + PLACES + (length << 2)) + (bits >> (CODE_LIMIT - length))
  return ((<u32>load<u16>(code + TABLE + (2 << tableBits) + (place << 1))) << LENGTH_BITS) | length
}
