import { CODE_LIMIT, HuffmanCode } from './huffman-code'

/**
 * A Huffman code that is made anew, now and then, of how often its symbols came. Both sides must make the same one: of
 * equally frequent symbols the lower comes first, of a symbol and a branch that weigh alike the symbol.
 */
export class AdaptiveHuffman {
  readonly code: HuffmanCode
  private readonly frequencies: Uint32Array
  private readonly lengths: Uint8Array
  private untilRebuilt: number

  constructor(
    private readonly symbolCount: number,
    private readonly rebuiltEvery: number,
    tableBits: number,
  ) {
    this.code = new HuffmanCode(symbolCount, tableBits)
    this.frequencies = new Uint32Array(symbolCount).fill(1)
    this.lengths = new Uint8Array(symbolCount)
    this.untilRebuilt = rebuiltEvery
    this.rebuild()
  }

  /** A symbol has come. */
  count(symbol: number): void {
    this.frequencies[symbol] = (this.frequencies[symbol] ?? 0) + 1
    if (--this.untilRebuilt > 0) return
    this.untilRebuilt = this.rebuiltEvery
    this.rebuild()
  }

  private rebuild(): void {
    const { frequencies, lengths, symbolCount } = this
    const order = sortedSymbols(frequencies)
    if (symbolCount >= 2) assignLengths(order, frequencies, lengths)
    // A lone symbol, or none: never asked for, but complete.
    else lengths.fill(0)
    this.code.build(lengths, symbolCount)
    // What came long ago counts less and less.
    if (this.untilRebuilt === this.rebuiltEvery && this.isMade)
      for (let i = 0; i < symbolCount; i++) frequencies[i] = ((frequencies[i] ?? 0) >> 1) + 1
    this.isMade = true
  }

  private isMade = false
}

/** By frequency, then by number. */
function sortedSymbols(frequencies: Uint32Array): Uint32Array {
  // Ten bits hold every symbol there is, and no frequency comes near two to the fifty.
  const keys = Float64Array.from(frequencies, (frequency, symbol) => frequency * 1024 + symbol).sort()
  return Uint32Array.from(keys, (key) => key % 1024)
}

/** Lengths of a Huffman code of at most 15 bits; where the tree is deeper, the deepest branches are moved up. */
function assignLengths(order: Uint32Array, frequencies: Uint32Array, lengths: Uint8Array): void {
  const count = order.length
  const weights = new Float64Array(count)
  const parents = new Uint32Array(count)
  let [leaf, branch] = [0, 0]
  for (let next = 0; next < count - 1; next++) {
    for (let child = 0; child < 2; child++) {
      const ofLeaf = leaf < count ? (frequencies[order[leaf] ?? 0] ?? 0) : Infinity
      if (leaf < count && (branch === next || ofLeaf <= (weights[branch] ?? 0))) {
        weights[next] = (weights[next] ?? 0) + ofLeaf
        leaf++
      } else {
        weights[next] = (weights[next] ?? 0) + (weights[branch] ?? 0)
        parents[branch++] = next
      }
    }
  }
  const counts = new Uint32Array(CODE_LIMIT + 2)
  counts[1] = 2
  const depths = new Uint32Array(count)
  for (let node = count - 3; node >= 0; node--) {
    depths[node] = (depths[parents[node] ?? 0] ?? 0) + 1
    let length = depths[node] ?? 0
    if (length >= CODE_LIMIT) {
      length = CODE_LIMIT
      do length--
      while (counts[length] === 0)
    }
    counts[length] = (counts[length] ?? 0) - 1
    counts[length + 1] = (counts[length + 1] ?? 0) + 2
  }
  let at = 0
  for (let length = CODE_LIMIT; length >= 1; length--)
    for (let i = counts[length] ?? 0; i > 0; i--) lengths[order[at++] ?? 0] = length
}
