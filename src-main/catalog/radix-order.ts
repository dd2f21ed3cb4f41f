/** Orders of a million things without a comparator, which alone would take longer than anybody waits. */

const DIGIT_BITS = 13
const BUCKETS = 1 << DIGIT_BITS
/** Below this an ordinary sort is quicker. */
const SMALL = 512

/**
 * Sorts positions by whole numbers, those of one number staying in the order they had.
 * @param positions reordered in place
 * @param keys by position; NaN goes to the end
 */
export function orderByNumbers(positions: Uint32Array, keys: Float64Array): void {
  if (positions.length < SMALL) {
    const rank = (key: number): number => (Number.isNaN(key) ? Infinity : key)
    const sorted = Array.from(positions, (position, at) => ({ position, at, key: rank(keys[position] ?? NaN) }))
    sorted.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.at - b.at))
    sorted.forEach(({ position }, at) => (positions[at] = position))
    return
  }
  let least = Infinity
  let most = -Infinity
  for (const position of positions) {
    const key = keys[position] ?? NaN
    if (key < least) least = key
    if (key > most) most = key
  }
  if (least > most) return
  const span = most - least + 1
  radix(
    positions,
    (position) => {
      const key = keys[position] ?? NaN
      return Number.isNaN(key) ? span : key - least
    },
    span,
  )
}

/** Least digit first, each pass stable. @param most the largest value of `keyOf` */
function radix(positions: Uint32Array, keyOf: (position: number) => number, most: number): void {
  let from: Uint32Array = positions
  let to: Uint32Array = new Uint32Array(positions.length)
  const keys = new Float64Array(positions.length)
  let sortedKeys: Float64Array = new Float64Array(positions.length)
  let currentKeys: Float64Array = keys
  for (let i = 0; i < from.length; i++) currentKeys[i] = keyOf(from[i] ?? 0)
  for (let divisor = 1; divisor <= most; divisor *= BUCKETS) {
    const starts = new Uint32Array(BUCKETS + 1)
    for (const key of currentKeys) {
      const bucket = (Math.floor(key / divisor) % BUCKETS) + 1
      starts[bucket] = (starts[bucket] ?? 0) + 1
    }
    for (let b = 1; b <= BUCKETS; b++) starts[b] = (starts[b] ?? 0) + (starts[b - 1] ?? 0)
    for (let i = 0; i < from.length; i++) {
      const key = currentKeys[i] ?? 0
      const bucket = Math.floor(key / divisor) % BUCKETS
      const at = starts[bucket] ?? 0
      starts[bucket] = at + 1
      to[at] = from[i] ?? 0
      sortedKeys[at] = key
    }
    ;[from, to] = [to, from]
    ;[currentKeys, sortedKeys] = [sortedKeys, currentKeys]
  }
  if (from !== positions) positions.set(from)
}
