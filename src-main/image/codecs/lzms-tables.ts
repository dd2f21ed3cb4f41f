/** The slots of a kind of number: each is a base and some extra bits. */
export interface Slots {
  bases: Uint32Array
  extraBits: Uint8Array
}

/** How many bases in a row are 1, 2, 4 … more than the one before. */
const OFFSET_RUNS = [9, 0, 9, 7, 10, 15, 15, 20, 20, 30, 33, 40, 42, 45, 60, 73, 80, 85, 95, 105, 6]
const LENGTH_RUNS = [27, 4, 6, 4, 5, 2, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 1]
/** Behind the last base. */
const OFFSET_END = 0x7fffffff
const LENGTH_END = 0x400108ab

function slotsOf(runs: readonly number[], end: number): Slots {
  const bases: number[] = []
  let base = 0
  for (const [order, count] of runs.entries())
    for (let i = 0; i < count; i++) {
      base += 2 ** order
      bases.push(base)
    }
  const extraBits = bases.map((own, slot) => Math.floor(Math.log2((bases[slot + 1] ?? end) - own)))
  return { bases: Uint32Array.from(bases), extraBits: Uint8Array.from(extraBits) }
}

export const OFFSET_SLOTS = slotsOf(OFFSET_RUNS, OFFSET_END)
export const LENGTH_SLOTS = slotsOf(LENGTH_RUNS, LENGTH_END)

/** How many slots the offsets in so many bytes need. */
export function offsetSlotCount(byteLength: number): number {
  const { bases } = OFFSET_SLOTS
  let count = 0
  while (count < bases.length && (bases[count] ?? 0) <= byteLength - 1) count++
  return count
}
