/** Whole numbers from 0 on, as pairs of the first one and how many: `[5, 2, 9, 1]` is 5, 6 and 9. Ascending, apart. */
export type FlatRanges = number[]

/**
 * A set of whole numbers from 0 on that is kept as ranges: a million in a row are as small as one. What people select is
 * mostly that.
 */
export class NumberRanges {
  /** First numbers, ascending; between two ranges at least one number is missing. */
  private firsts: number[] = []
  /** One past the last number of each. */
  private ends: number[] = []
  private total = 0

  /** @param numbers in any order */
  static of(numbers: Iterable<number>): NumberRanges {
    return NumberRanges.ofSorted(Uint32Array.from(numbers).sort())
  }

  /** @param numbers ascending; the same one may come again */
  static ofSorted(numbers: Iterable<number>): NumberRanges {
    const ranges = new NumberRanges()
    for (const number of numbers) ranges.append(number, number + 1)
    return ranges
  }

  static from(flat: readonly number[]): NumberRanges {
    const ranges = new NumberRanges()
    for (let i = 0; i + 1 < flat.length; i += 2) ranges.append(flat[i] ?? 0, (flat[i] ?? 0) + (flat[i + 1] ?? 0))
    return ranges
  }

  get size(): number {
    return this.total
  }

  has(number: number): boolean {
    const at = this.rangeAt(number)
    return at >= 0 && number < (this.ends[at] ?? 0)
  }

  add(number: number): void {
    if (!this.has(number)) this.take(this.union(NumberRanges.ofSorted([number])))
  }

  /** Answers whether it was there. */
  delete(number: number): boolean {
    if (!this.has(number)) return false
    this.take(this.without(NumberRanges.ofSorted([number])))
    return true
  }

  union(other: NumberRanges): NumberRanges {
    const sum = new NumberRanges()
    let own = 0
    let others = 0
    while (own < this.firsts.length || others < other.firsts.length) {
      const isOwn = (this.firsts[own] ?? Infinity) <= (other.firsts[others] ?? Infinity)
      const from = isOwn ? this : other
      const at = isOwn ? own++ : others++
      sum.append(from.firsts[at] ?? 0, from.ends[at] ?? 0)
    }
    return sum
  }

  without(other: NumberRanges): NumberRanges {
    const rest = new NumberRanges()
    let others = 0
    for (let at = 0; at < this.firsts.length; at++) {
      let first = this.firsts[at] ?? 0
      const end = this.ends[at] ?? 0
      while (others < other.firsts.length && (other.ends[others] ?? 0) <= first) others++
      for (let cut = others; cut < other.firsts.length && (other.firsts[cut] ?? 0) < end; cut++) {
        if ((other.firsts[cut] ?? 0) > first) rest.append(first, other.firsts[cut] ?? 0)
        first = Math.max(first, other.ends[cut] ?? 0)
      }
      if (first < end) rest.append(first, end)
    }
    return rest
  }

  /** Every number moved by as much; those must not become less than 0. */
  moved(by: number): NumberRanges {
    const moved = new NumberRanges()
    for (let at = 0; at < this.firsts.length; at++) moved.append((this.firsts[at] ?? 0) + by, (this.ends[at] ?? 0) + by)
    return moved
  }

  /** The least number; -1 where there is none. */
  get first(): number {
    return this.firsts[0] ?? -1
  }

  /** The greatest number; -1 where there is none. */
  get last(): number {
    return (this.ends.at(-1) ?? 0) - 1
  }

  *[Symbol.iterator](): Generator<number> {
    for (let at = 0; at < this.firsts.length; at++)
      for (let number = this.firsts[at] ?? 0; number < (this.ends[at] ?? 0); number++) yield number
  }

  flat(): FlatRanges {
    return this.firsts.flatMap((first, at) => [first, (this.ends[at] ?? 0) - first])
  }

  private take(other: NumberRanges): void {
    this.firsts = other.firsts
    this.ends = other.ends
    this.total = other.total
  }

  /** The range with the greatest first number that is not beyond this one; -1 where there is none. */
  private rangeAt(number: number): number {
    let low = 0
    let high = this.firsts.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.firsts[middle] ?? 0) <= number) low = middle + 1
      else high = middle
    }
    return low - 1
  }

  /** At the end, or overlapping the last range. */
  private append(first: number, end: number): void {
    if (end <= first) return
    const last = this.ends.at(-1)
    if (last !== undefined && first <= last) {
      if (end <= last) return
      this.ends[this.ends.length - 1] = end
      this.total += end - last
      return
    }
    this.firsts.push(first)
    this.ends.push(end)
    this.total += end - first
  }
}

/** Whether these are pairs as {@link NumberRanges.flat} answers them. */
export function areFlatRanges(value: unknown): value is FlatRanges {
  if (!Array.isArray(value) || value.length % 2 !== 0) return false
  let end = -1
  for (let i = 0; i < value.length; i += 2) {
    const [first, count] = [value[i], value[i + 1]] as [unknown, unknown]
    if (!Number.isSafeInteger(first) || !Number.isSafeInteger(count)) return false
    if ((first as number) <= end || (count as number) < 1) return false
    end = (first as number) + (count as number)
  }
  return true
}
