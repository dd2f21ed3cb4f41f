/** Makes canonical Huffman codes of limited length from how often symbols occur. */
export class CodeBuilder {
  /** By symbol; the shorter codes first, those of one length in the order of their symbols. */
  readonly codes: Uint16Array
  private readonly order: Uint16Array
  private readonly weights: Float64Array
  private readonly parents: Int32Array

  /** @param limit of a code, in bits */
  constructor(
    private readonly symbolCount: number,
    private readonly limit: number,
  ) {
    this.codes = new Uint16Array(symbolCount)
    this.order = new Uint16Array(symbolCount)
    this.weights = new Float64Array(symbolCount * 2)
    this.parents = new Int32Array(symbolCount * 2)
  }

  /** @param counts of each symbol; @param lengths is filled: of each symbol's code, 0 where it does not occur */
  build(counts: Uint32Array, lengths: Uint8Array): void {
    lengths.fill(0)
    let used = 0
    for (let symbol = 0; symbol < this.symbolCount; symbol++) if ((counts[symbol] ?? 0) > 0) this.order[used++] = symbol
    // A code of one symbol is incomplete: a second one, that never occurs, completes it.
    if (used === 1) this.order[used++] = this.order[0] === 0 ? 1 : 0
    const order = this.order.subarray(0, used)
    order.sort((a, b) => (counts[a] ?? 0) - (counts[b] ?? 0) || a - b)
    const byLength = this.lengthsOf(order, counts)
    let index = 0
    // The rarest symbols have the longest codes.
    for (let length = this.limit; length > 0; length--)
      for (let left = byLength[length] ?? 0; left > 0; left--) lengths[order[index++] ?? 0] = length
    this.assign(lengths, byLength)
  }

  /** How many codes there are of each length. */
  private lengthsOf(order: Uint16Array, counts: Uint32Array): Uint32Array {
    const { weights, parents, limit } = this
    const count = order.length
    for (let i = 0; i < count; i++) weights[i] = counts[order[i] ?? 0] ?? 0
    let leaf = 0
    let inner = count
    const lightest = (next: number): number =>
      leaf < count && (inner >= next || (weights[leaf] ?? 0) <= (weights[inner] ?? 0)) ? leaf++ : inner++
    for (let next = count; next < count * 2 - 1; next++) {
      const a = lightest(next)
      const b = lightest(next)
      weights[next] = (weights[a] ?? 0) + (weights[b] ?? 0)
      parents[a] = parents[b] = next
    }
    const byLength = new Uint32Array(limit + 1)
    // From the root down: the depth of each takes the place of its weight.
    weights[count * 2 - 2] = 0
    for (let i = count * 2 - 3; i >= 0; i--) {
      const depth = (weights[parents[i] ?? 0] ?? 0) + 1
      weights[i] = depth
      if (i < count) byLength[Math.min(depth, limit)] = (byLength[Math.min(depth, limit)] ?? 0) + 1
    }
    // Those that were cut made the code too full: a shorter one is made longer for each.
    let full = 0
    for (let length = 1; length <= limit; length++) full += (byLength[length] ?? 0) * 2 ** (limit - length)
    for (; full > 2 ** limit; full--) {
      let length = limit - 1
      while ((byLength[length] ?? 0) === 0) length--
      byLength[length] = (byLength[length] ?? 0) - 1
      byLength[length + 1] = (byLength[length + 1] ?? 0) + 2
      byLength[limit] = (byLength[limit] ?? 0) - 1
    }
    return byLength
  }

  private assign(lengths: Uint8Array, byLength: Uint32Array): void {
    const next = new Uint32Array(this.limit + 1)
    for (let length = 1, code = 0; length <= this.limit; length++) {
      next[length] = code
      code = (code + (byLength[length] ?? 0)) << 1
    }
    this.codes.fill(0)
    for (let symbol = 0; symbol < this.symbolCount; symbol++) {
      const length = lengths[symbol] ?? 0
      if (length === 0) continue
      this.codes[symbol] = next[length] ?? 0
      next[length] = (next[length] ?? 0) + 1
    }
  }
}
