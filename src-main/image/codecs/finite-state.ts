/** Bits that were written one behind the other and are read from the last one back, as coders of finite states have it. */
export class BackwardBits {
  /** How many bits are left in front of the one that comes next. */
  private left: number

  /** @param unused bits at the very end that were not written, as a negative number */
  constructor(
    private readonly bytes: Uint8Array,
    unused: number,
  ) {
    this.left = bytes.byteLength * 8 + Math.max(-7, Math.min(0, unused))
  }

  /** More was asked for than there is. */
  get isOverdrawn(): boolean {
    return this.left < 0
  }

  /** @param count 25 at most; bits that are not there are zeros */
  take(count: number): number {
    this.left -= count
    if (this.left < 0 || count === 0) return 0
    const at = this.left >> 3
    const { bytes } = this
    const word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
    return (word >>> (this.left & 7)) & ((1 << count) - 1)
  }
}

/** The states of a coder (tabled asymmetric numeral systems): each gives a value and, with some bits, the next state. */
export class StateTable {
  state = 0

  constructor(
    private readonly stateBits: Uint8Array,
    private readonly valueBits: Uint8Array,
    private readonly nextStates: Int16Array,
    private readonly values: Int32Array,
  ) {}

  /** Whether the state is one. Those that follow are, by the way the table is made. */
  isReady(): boolean {
    return this.state < this.values.length
  }

  next(bits: BackwardBits): number {
    const { state } = this
    const step = bits.take(this.stateBits[state] ?? 0)
    const value = (this.values[state] ?? 0) + bits.take(this.valueBits[state] ?? 0)
    this.state = (this.nextStates[state] ?? 0) + step
    return value
  }
}

/**
 * The table of a coder whose symbols stand for themselves.
 * @param frequencies how many of the `stateCount` states each symbol has; stateCount is a power of two
 * @returns null where they have more states than there are
 */
export function symbolTable(frequencies: Uint16Array, stateCount: number): StateTable | null {
  return makeTable(frequencies, stateCount, (symbol) => symbol, Array<number>(frequencies.length).fill(0))
}

/** As {@link symbolTable}, for symbols that stand for ranges of values one behind the other, `2 ** bits` long each. */
export function valueTable(
  frequencies: Uint16Array,
  stateCount: number,
  valueBits: readonly number[],
): StateTable | null {
  const bases: number[] = []
  let base = 0
  for (const bits of valueBits) {
    bases.push(base)
    base += 2 ** bits
  }
  return makeTable(frequencies, stateCount, (symbol) => bases[symbol] ?? 0, valueBits)
}

function makeTable(
  frequencies: Uint16Array,
  stateCount: number,
  valueOf: (symbol: number) => number,
  extraBits: readonly number[],
): StateTable | null {
  const stateBits = new Uint8Array(stateCount)
  const valueBits = new Uint8Array(stateCount)
  const nextStates = new Int16Array(stateCount)
  const values = new Int32Array(stateCount)
  let state = 0
  for (const [symbol, count] of frequencies.entries()) {
    if (count === 0) continue
    if (state + count > stateCount) return null
    // So many bits bring a state of this symbol back among all states; the last ones need one fewer.
    const most = Math.clz32(count) - Math.clz32(stateCount)
    const longCount = ((2 * stateCount) >> most) - count
    for (let i = 0; i < count; i++, state++) {
      const isLong = i < longCount
      stateBits[state] = isLong ? most : most - 1
      nextStates[state] = isLong ? ((count + i) << most) - stateCount : (i - longCount) << (most - 1)
      valueBits[state] = extraBits[symbol] ?? 0
      values[state] = valueOf(symbol)
    }
  }
  return new StateTable(stateBits, valueBits, nextStates, values)
}
