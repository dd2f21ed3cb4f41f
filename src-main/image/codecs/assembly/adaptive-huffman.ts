import { buildCode } from './huffman'

// A Huffman code that is made anew, now and then, of how often its symbols came. Both sides must make the same one: of
// equally frequent symbols the lower comes first, of a symbol and a branch that weigh alike the symbol. It lies in memory
// as: how many symbols, after how many it is made anew, and how many are left until then; bits of its table; the
// frequencies; the lengths of its codes; the code.
const SYMBOL_COUNT: usize = 0
const REBUILT_EVERY: usize = 4
export const UNTIL_REBUILT: usize = 8
const TABLE_BITS: usize = 12
export const FREQUENCIES: usize = 16

/** No code is longer, in bits. */
const LENGTH_LIMIT: u32 = 15
const SYMBOL_LIMIT: u32 = 800
/** None is above: a frequency has half of it forgotten every thousand symbols or sooner. */
const FREQUENCY_LIMIT: u32 = 2304

// Codes are made anew every thousandth symbol: what that takes is there for all of them.
const places: usize = memory.data(4 * 2304, 8)
const order: usize = memory.data(4 * 800, 8)
const weights: usize = memory.data(4 * 800, 8)
const parents: usize = memory.data(4 * 800, 8)
const depths: usize = memory.data(4 * 800, 8)
const counts: usize = memory.data(4 * 17, 8)

/** Where the code lies in one for so many symbols. */
export function codeOf(adaptive: usize, symbolCount: u32): usize {
  return adaptive + FREQUENCIES + symbolCount * 4 + ((symbolCount + 7) & ~7)
}

/** Begins: all symbols are as frequent. */
export function beginAdaptive(adaptive: usize, symbolCount: u32, rebuiltEvery: u32, tableBits: u32): void {
  store<u32>(adaptive + SYMBOL_COUNT, symbolCount)
  store<u32>(adaptive + REBUILT_EVERY, rebuiltEvery)
  store<u32>(adaptive + UNTIL_REBUILT, rebuiltEvery)
  store<u32>(adaptive + TABLE_BITS, tableBits)
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) store<u32>(adaptive + FREQUENCIES + (symbol << 2), 1)
  makeCode(adaptive)
}

/** Makes the code anew: what came long ago counts less and less. */
export function rebuild(adaptive: usize): void {
  store<u32>(adaptive + UNTIL_REBUILT, load<u32>(adaptive + REBUILT_EVERY))
  makeCode(adaptive)
  const end = adaptive + FREQUENCIES + (load<u32>(adaptive + SYMBOL_COUNT) << 2)
  for (let at = adaptive + FREQUENCIES; at < end; at += 4) store<u32>(at, (load<u32>(at) >> 1) + 1)
}

function makeCode(adaptive: usize): void {
  const symbolCount = load<u32>(adaptive + SYMBOL_COUNT)
  const lengths = adaptive + FREQUENCIES + (symbolCount << 2)
  // A lone symbol, or none: never asked for, but complete.
  if (symbolCount < 2) memory.fill(lengths, 0, symbolCount)
  else assignLengths(adaptive + FREQUENCIES, lengths, symbolCount)
  buildCode(codeOf(adaptive, symbolCount), load<u32>(adaptive + TABLE_BITS), lengths, symbolCount)
}

/** Symbols by their frequency, then by their number; in `order`. */
function sort(frequencies: usize, symbolCount: u32): void {
  let most: u32 = 0
  for (let at: u32 = 0; at < symbolCount << 2; at += 4) most = max<u32>(most, load<u32>(frequencies + at))
  most = min<u32>(most, FREQUENCY_LIMIT - 1)
  memory.fill(places, 0, (most + 1) << 2)
  for (let at: u32 = 0; at < symbolCount << 2; at += 4) {
    const place = places + (load<u32>(frequencies + at) << 2)
    store<u32>(place, load<u32>(place) + 1)
  }
  let sum: u32 = 0
  for (let frequency: u32 = 0; frequency <= most; frequency++) {
    const place = places + (frequency << 2)
    const count = load<u32>(place)
    store<u32>(place, sum)
    sum += count
  }
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const place = places + (load<u32>(frequencies + (symbol << 2)) << 2)
    const at = load<u32>(place)
    store<u32>(order + (at << 2), symbol)
    store<u32>(place, at + 1)
  }
}

/** Lengths of a Huffman code of at most 15 bits; where the tree is deeper, the deepest branches are moved up. */
function assignLengths(frequencies: usize, lengths: usize, count: u32): void {
  sort(frequencies, count)
  let leaf: u32 = 0
  let branch: u32 = 0
  for (let next: u32 = 0; next < count - 1; next++) {
    let weight: u32 = 0
    for (let child = 0; child < 2; child++) {
      const ofLeaf = leaf < count ? load<u32>(frequencies + (load<u32>(order + (leaf << 2)) << 2)) : 0xffffffff
      if (branch === next || ofLeaf <= load<u32>(weights + (branch << 2))) {
        weight += ofLeaf
        leaf++
      } else {
        weight += load<u32>(weights + (branch << 2))
        store<u32>(parents + (branch << 2), next)
        branch++
      }
    }
    store<u32>(weights + (next << 2), weight)
  }
  memory.fill(counts, 0, 4 * 17)
  store<u32>(counts + 4, 2)
  store<u32>(depths + ((count - 2) << 2), 0)
  for (let node = <i32>count - 3; node >= 0; node--) {
    const depth = load<u32>(depths + (load<u32>(parents + (node << 2)) << 2)) + 1
    store<u32>(depths + (node << 2), depth)
    let length = depth
    if (length >= LENGTH_LIMIT) {
      length = LENGTH_LIMIT
      do length--
      while (load<u32>(counts + (length << 2)) === 0)
    }
    const place = counts + (length << 2)
    store<u32>(place, load<u32>(place) - 1)
    store<u32>(place + 4, load<u32>(place + 4) + 2)
  }
  let at: u32 = 0
  for (let length = LENGTH_LIMIT; length >= 1; length--)
    for (let left = load<u32>(counts + (length << 2)); left > 0; left--)
      store<u8>(lengths + load<u32>(order + (at++ << 2)), length)
}
