/** From so many entries on the engine’s own filling is worth its call. */
const LONG_SPAN = 16
/** No code of these formats is longer, in bits. */
export const CODE_LIMIT = 15

/**
 * A canonical Huffman code for bits that are read from the most significant on: codes of one length follow one another in
 * the order of their symbols, behind those that are shorter. Short ones are looked up, longer ones counted through.
 */
export class HuffmanCode {
  /** By the next `tableBits` bits: symbol and, in the low four bits, its length; 0 where it is longer. */
  readonly table: Uint16Array
  private readonly counts = new Uint16Array(CODE_LIMIT + 1)
  private readonly offsets = new Uint16Array(CODE_LIMIT + 2)
  private readonly sorted: Uint16Array

  /** @param symbolLimit the most symbols that a code has, at most 4096 */
  constructor(
    symbolLimit: number,
    readonly tableBits: number,
  ) {
    this.table = new Uint16Array(1 << tableBits)
    this.sorted = new Uint16Array(symbolLimit)
  }

  /**
   * Takes another code.
   * @param lengths of each symbol's code, in bits; 0 where it has none
   * @throws {RangeError} where they make no complete code; one without any symbol is complete, and gives symbol 0
   */
  build(lengths: Uint8Array, symbolCount: number): void {
    const { counts, offsets, sorted, table, tableBits } = this
    counts.fill(0)
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      const length = lengths[symbol] ?? 0
      counts[length] = (counts[length] ?? 0) + 1
    }
    counts[0] = 0
    let left = 1
    offsets[1] = 0
    for (let length = 1; length <= CODE_LIMIT; length++) {
      left = left * 2 - (counts[length] ?? 0)
      if (left < 0) throw new RangeError('a code is oversubscribed')
      offsets[length + 1] = (offsets[length] ?? 0) + (counts[length] ?? 0)
    }
    if (left === 1 << CODE_LIMIT) {
      table.fill(1)
      counts[1] = 2
      sorted[0] = sorted[1] = 0
      return
    }
    if (left > 0) throw new RangeError('a code is incomplete')
    const next = offsets.slice()
    for (let symbol = 0; symbol < symbolCount; symbol++) {
      const length = lengths[symbol] ?? 0
      if (length === 0) continue
      const at = next[length] ?? 0
      sorted[at] = symbol
      next[length] = at + 1
    }
    let at = 0
    for (let length = 1; length <= tableBits; length++) {
      const span = 1 << (tableBits - length)
      for (let i = offsets[length] ?? 0; i < (offsets[length + 1] ?? 0); i++) {
        const entry = ((sorted[i] ?? 0) << 4) | length
        const end = at + span
        if (span >= LONG_SPAN) table.fill(entry, at, end)
        else for (let to = at; to < end; to++) table[to] = entry
        at = end
      }
    }
    table.fill(0, at)
  }

  /**
   * A symbol whose code is longer than the table's bits.
   * @param bits the next 15, the first of them the most significant
   * @returns as `table`
   */
  longer(bits: number): number {
    const { counts, offsets, sorted } = this
    let first = 0
    for (let length = 1; length <= CODE_LIMIT; length++) {
      const code = bits >>> (CODE_LIMIT - length)
      const count = counts[length] ?? 0
      if (code - first < count) return ((sorted[(offsets[length] ?? 0) + code - first] ?? 0) << 4) | length
      first = (first + count) << 1
    }
    throw new RangeError('a code is incomplete')
  }
}
