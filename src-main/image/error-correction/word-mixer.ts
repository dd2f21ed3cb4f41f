import { multiply, WORD_LENGTH } from './galois'

/** Sums that one look into a table goes on with. */
const LANES = 4

/**
 * Works out lost bytes of many words at once: those that lose the same places follow from the others by the same
 * factors. Four sums share one look into a table of 256 words, whose four bytes are the products with four factors.
 */
export class WordMixer {
  private readonly groups: number
  /** Of each place and each four sums a table; null of places that nothing is made of. */
  private readonly tables: (Uint32Array | null)[]
  private sums: Uint32Array = new Uint32Array(0)
  private length = 0

  /** @param matrix see {@link decodingMatrix} */
  constructor(private readonly matrix: readonly Uint8Array[]) {
    this.groups = Math.ceil(matrix.length / LANES)
    this.tables = Array.from({ length: WORD_LENGTH * this.groups }, () => null)
    for (let place = 0; place < WORD_LENGTH; place++)
      for (let group = 0; group < this.groups; group++)
        this.tables[place * this.groups + group] = tableOf(matrix.slice(group * LANES, (group + 1) * LANES), place)
  }

  /** Forgets what was summed. @param length of the ranges that come, in bytes: so many words */
  begin(length: number): void {
    this.length = length
    const size = length * this.groups
    if (this.sums.length < size) this.sums = new Uint32Array(size)
    else this.sums.fill(0, 0, size)
  }

  /** The bytes that all words have at one place. */
  add(place: number, bytes: Uint8Array): void {
    const { sums, length } = this
    for (let group = 0; group < this.groups; group++) {
      const table = this.tables[place * this.groups + group]
      if (table !== null && table !== undefined) mix(sums, group * length, bytes, length, table)
    }
  }

  /** The lost bytes of all words at one place. @param row of the matrix */
  take(row: number, into: Uint8Array): void {
    const shift = (row % LANES) * 8
    const from = Math.floor(row / LANES) * this.length
    for (let i = 0; i < this.length; i++) into[i] = (this.sums[from + i] ?? 0) >>> shift
  }

  /** How many sums there are. */
  get rows(): number {
    return this.matrix.length
  }
}

function mix(sums: Uint32Array, from: number, bytes: Uint8Array, length: number, table: Uint32Array): void {
  for (let i = 0; i < length; i++) sums[from + i] = (sums[from + i] ?? 0) ^ (table[bytes[i] ?? 0] ?? 0)
}

function tableOf(rows: readonly Uint8Array[], place: number): Uint32Array | null {
  const factors = rows.map((row) => row[place] ?? 0)
  if (factors.every((factor) => factor === 0)) return null
  const table = new Uint32Array(256)
  // Products are linear: those of single bits give all others.
  for (let value = 1; value < 256; value++) {
    const rest = value & (value - 1)
    if (rest !== 0) table[value] = (table[rest] ?? 0) ^ (table[value ^ rest] ?? 0)
    else
      for (const [lane, factor] of factors.entries())
        table[value] = ((table[value] ?? 0) | (multiply(factor, value) << (lane * 8))) >>> 0
  }
  return table
}
