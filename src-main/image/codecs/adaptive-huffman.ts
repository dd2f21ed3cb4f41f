import { CODE_LIMIT, HuffmanCode } from './huffman-code'

/** They hold every symbol there is; a frequency, of which half is forgotten each time, has the rest of 32 bits. */
const SYMBOL_BITS = 10
const SYMBOL_MASK = (1 << SYMBOL_BITS) - 1

/**
 * A Huffman code that is made anew, now and then, of how often its symbols came. Both sides must make the same one: of
 * equally frequent symbols the lower comes first, of a symbol and a branch that weigh alike the symbol.
 */
export class AdaptiveHuffman {
  readonly code: HuffmanCode
  private readonly frequencies: Uint32Array
  private readonly lengths: Uint8Array
  private untilRebuilt: number
  // Codes are made anew every thousandth symbol: what that takes is there for all of them.
  private readonly order: Uint32Array
  private readonly weights: Uint32Array
  private readonly parents: Uint32Array
  private readonly depths: Uint32Array
  private readonly counts = new Uint32Array(CODE_LIMIT + 2)

  constructor(
    private readonly symbolCount: number,
    private readonly rebuiltEvery: number,
    tableBits: number,
  ) {
    this.code = new HuffmanCode(symbolCount, tableBits)
    this.frequencies = new Uint32Array(symbolCount).fill(1)
    this.lengths = new Uint8Array(symbolCount)
    this.order = new Uint32Array(symbolCount)
    this.weights = new Uint32Array(symbolCount)
    this.parents = new Uint32Array(symbolCount)
    this.depths = new Uint32Array(symbolCount)
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
    if (symbolCount >= 2) this.assignLengths()
    // A lone symbol, or none: never asked for, but complete.
    else lengths.fill(0)
    this.code.build(lengths, symbolCount)
    // What came long ago counts less and less.
    if (this.untilRebuilt === this.rebuiltEvery && this.isMade)
      for (let i = 0; i < symbolCount; i++) frequencies[i] = ((frequencies[i] ?? 0) >> 1) + 1
    this.isMade = true
  }

  private isMade = false

  /** Symbols by their frequency, then by their number; in {@link order}. */
  private sort(): void {
    const { order, frequencies, symbolCount } = this
    for (let symbol = 0; symbol < symbolCount; symbol++)
      order[symbol] = ((frequencies[symbol] ?? 0) << SYMBOL_BITS) | symbol
    order.sort()
    for (let at = 0; at < symbolCount; at++) order[at] = (order[at] ?? 0) & SYMBOL_MASK
  }

  /** Lengths of a Huffman code of at most 15 bits; where the tree is deeper, the deepest branches are moved up. */
  private assignLengths(): void {
    this.sort()
    const { order, frequencies, lengths, weights, parents, depths, counts, symbolCount: count } = this
    let [leaf, branch] = [0, 0]
    for (let next = 0; next < count - 1; next++) {
      let weight = 0
      for (let child = 0; child < 2; child++) {
        const ofLeaf = leaf < count ? (frequencies[order[leaf] ?? 0] ?? 0) : 0
        if (leaf < count && (branch === next || ofLeaf <= (weights[branch] ?? 0))) {
          weight += ofLeaf
          leaf++
        } else {
          weight += weights[branch] ?? 0
          parents[branch++] = next
        }
      }
      weights[next] = weight
    }
    counts.fill(0)
    counts[1] = 2
    depths[count - 2] = 0
    for (let node = count - 3; node >= 0; node--) {
      const depth = (depths[parents[node] ?? 0] ?? 0) + 1
      depths[node] = depth
      let length = depth
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
}
