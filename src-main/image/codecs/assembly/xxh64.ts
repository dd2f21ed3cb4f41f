const PRIME_1: u64 = 0x9e3779b185ebca87
const PRIME_2: u64 = 0xc2b2ae3d27d4eb4f
const PRIME_3: u64 = 0x165667b19e3779f9
const PRIME_4: u64 = 0x85ebca77c2b2ae63
const PRIME_5: u64 = 0x27d4eb2f165667c5

/** A stripe has a word of eight bytes for each of the four accumulators. */
const STRIPE = 32

function round(accumulator: u64, word: u64): u64 {
  return rotl<u64>(accumulator + word * PRIME_2, 31) * PRIME_1
}

/** Sets the four accumulators at `state` up, for a seed of 0. */
export function xxh64Begin(state: usize): void {
  store<u64>(state, PRIME_1 + PRIME_2)
  store<u64>(state, PRIME_2, 8)
  store<u64>(state, 0, 16)
  store<u64>(state, 0 - PRIME_1, 24)
}

/** Takes whole stripes of 32 bytes into the accumulators. */
export function xxh64Stripes(state: usize, from: usize, byteLength: u32): void {
  let first = load<u64>(state)
  let second = load<u64>(state, 8)
  let third = load<u64>(state, 16)
  let fourth = load<u64>(state, 24)
  for (const end = from + byteLength; from < end; from += STRIPE) {
    first = round(first, load<u64>(from))
    second = round(second, load<u64>(from, 8))
    third = round(third, load<u64>(from, 16))
    fourth = round(fourth, load<u64>(from, 24))
  }
  store<u64>(state, first)
  store<u64>(state, second, 8)
  store<u64>(state, third, 16)
  store<u64>(state, fourth, 24)
}

/**
 * @param total bytes of all that was summed
 * @param from what is left of it, fewer bytes than a stripe has
 */
export function xxh64End(state: usize, total: u64, from: usize, byteLength: u32): u64 {
  let sum = PRIME_5
  if (total >= <u64>STRIPE) {
    const first = load<u64>(state)
    const second = load<u64>(state, 8)
    const third = load<u64>(state, 16)
    const fourth = load<u64>(state, 24)
    sum = rotl<u64>(first, 1) + rotl<u64>(second, 7) + rotl<u64>(third, 12) + rotl<u64>(fourth, 18)
    sum = merged(merged(merged(merged(sum, first), second), third), fourth)
  }
  sum += total
  const end = from + byteLength
  for (; from + 8 <= end; from += 8) sum = rotl<u64>(sum ^ round(0, load<u64>(from)), 27) * PRIME_1 + PRIME_4
  if (from + 4 <= end) {
    sum = rotl<u64>(sum ^ (<u64>load<u32>(from) * PRIME_1), 23) * PRIME_2 + PRIME_3
    from += 4
  }
  for (; from < end; from++) sum = rotl<u64>(sum ^ (<u64>load<u8>(from) * PRIME_5), 11) * PRIME_1
  sum = (sum ^ (sum >> 33)) * PRIME_2
  sum = (sum ^ (sum >> 29)) * PRIME_3
  return sum ^ (sum >> 32)
}

function merged(sum: u64, accumulator: u64): u64 {
  return (sum ^ round(0, accumulator)) * PRIME_1 + PRIME_4
}
