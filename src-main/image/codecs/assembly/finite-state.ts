// Coders of finite states (tabled asymmetric numeral systems), as LZFSE has them: each state gives a value and, with some
// bits, the next state. A state in memory: bits for the next state, bits for the value, the next state, the value.
const STATE_SIZE: u32 = 8

/** Bits that were written one behind the other and are read from the last one back. `left` may be overdrawn: below zero. */
let bytes: usize = 0
export let left: i32 = 0

/** @param unused bits at the very end that were not written, as a negative number */
export function beginBits(at: usize, byteLength: u32, unused: i32): void {
  bytes = at
  left = <i32>(byteLength << 3) + max<i32>(-7, min<i32>(0, unused))
}

/** @param count 25 at most; bits that are not there are zeros */
function take(count: u32): u32 {
  left -= count
  if (left < 0) return 0
  return (load<u32>(bytes + (left >> 3)) >> (left & 7)) & ((1 << count) - 1)
}

/** The state that comes after one, and `value`. */
export function step(table: usize, state: u32): u32 {
  const at = table + state * STATE_SIZE
  const next = load<u16>(at, 2) + take(load<u8>(at))
  value = load<u32>(at, 4) + take(load<u8>(at, 1))
  return next
}

export let value: u32 = 0

/**
 * Makes the table of a coder.
 * @param frequencies how many of the states each symbol has, two bytes each
 * @param stateCount a power of two
 * @param valueBits by symbol, a byte each, where symbols stand for ranges of values one behind the other; else 0: they
 *   stand for themselves
 * @returns false where they have more states than there are
 */
export function makeTable(table: usize, frequencies: usize, symbolCount: u32, stateCount: u32, valueBits: usize): bool {
  memory.fill(table, 0, stateCount * STATE_SIZE)
  let state: u32 = 0
  let base: u32 = 0
  for (let symbol: u32 = 0; symbol < symbolCount; symbol++) {
    const count: u32 = load<u16>(frequencies + (symbol << 1))
    const extra: u32 = valueBits === 0 ? 0 : load<u8>(valueBits + symbol)
    const own = base
    base += 1 << extra
    if (count === 0) continue
    if (count > stateCount - state) return false
    // So many bits bring a state of this symbol back among all states; the last ones need one fewer.
    const most = clz<u32>(count) - clz<u32>(stateCount)
    const longCount = ((stateCount << 1) >> most) - count
    for (let i: u32 = 0; i < count; i++, state++) {
      const isLong = i < longCount
      const at = table + state * STATE_SIZE
      store<u8>(at, isLong ? most : most - 1)
      store<u8>(at, extra, 1)
      store<u16>(at, isLong ? ((count + i) << most) - stateCount : (i - longCount) << (most - 1), 2)
      store<u32>(at, own, 4)
    }
  }
  return true
}
