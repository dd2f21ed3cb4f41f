/** Bytes behind every input and every output that belong to nobody: wide copies and readers run into them. */
export const SLACK: u32 = 64

/** Copies literals; reads and writes up to fifteen bytes further than asked. */
export function copyLiterals(to: usize, from: usize, count: u32): void {
  const end = to + count
  do {
    v128.store(to, v128.load(from))
    to += 16
    from += 16
  } while (to < end)
}

/**
 * Copies a match: what was given out `distance` bytes before, which may reach into what is being written. Writes up to
 * fifteen bytes further than asked.
 * @param distance 1 and more
 */
export function copyMatch(to: usize, distance: u32, count: u32): void {
  const end = to + count
  let from = to - distance
  if (distance >= 16) {
    do {
      v128.store(to, v128.load(from))
      to += 16
      from += 16
    } while (to < end)
    return
  }
  if (distance < 8) {
    // The pattern once and again by bytes, until it is as long as what is copied at a time.
    for (let i: usize = 0; i < 8; i++) store<u8>(to + i, load<u8>(from + i))
    if (count <= 8) return
    to += 8
    from = to - distance * ((7 + distance) / distance)
  }
  do {
    store<u64>(to, load<u64>(from))
    to += 8
    from += 8
  } while (to < end)
}
