// The slots of LZMS’s numbers: each is a base and some extra bits, four bytes each.

export const OFFSET_SLOTS: u32 = 799
export const LENGTH_SLOTS: u32 = 54
/** Behind the last base. */
const OFFSET_END: u32 = 0x7fffffff
const LENGTH_END: u32 = 0x400108ab

/** How many bases in a row are 1, 2, 4 … more than the one before. */
const offsetRuns = memory.data<u8>([9, 0, 9, 7, 10, 15, 15, 20, 20, 30, 33, 40, 42, 45, 60, 73, 80, 85, 95, 105, 6])
const lengthRuns = memory.data<u8>([27, 4, 6, 4, 5, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1])

export const offsetSlots: usize = memory.data(8 * 799, 8)
export const lengthSlots: usize = memory.data(8 * 54, 8)

function fillSlots(slots: usize, count: u32, runs: usize, end: u32): void {
  let base: u32 = 0
  let slot: u32 = 0
  for (let order: u32 = 0; slot < count; order++)
    for (let left: u32 = load<u8>(runs + order); left > 0; left--) {
      base += 1 << order
      store<u32>(slots + slot++ * 8, base)
    }
  for (let at: u32 = 0; at < count; at++) {
    const next = at + 1 < count ? load<u32>(slots + at * 8 + 8) : end
    store<u32>(slots + at * 8 + 4, 31 - clz<u32>(next - load<u32>(slots + at * 8)))
  }
}

fillSlots(offsetSlots, OFFSET_SLOTS, offsetRuns, OFFSET_END)
fillSlots(lengthSlots, LENGTH_SLOTS, lengthRuns, LENGTH_END)

/** How many slots the offsets in so many bytes need. */
export function offsetSlotCount(byteLength: u32): u32 {
  let count: u32 = 0
  while (count < OFFSET_SLOTS && load<u32>(offsetSlots + count * 8) < byteLength) count++
  return count
}
