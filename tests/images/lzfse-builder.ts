/** Packs by LZFSE and LZVN as Apple's libraries do, with no ambition to pack well. */

const LENGTHS = ranges([...Array<number>(16).fill(0), 2, 3, 5, 8])
const MATCHES = ranges([...Array<number>(16).fill(0), 3, 5, 8, 11])
const DISTANCES = ranges(Array.from({ length: 64 }, (_, symbol) => symbol >> 2))
const LITERALS = Array.from({ length: 256 }, (_, symbol) => ({ base: symbol, bits: 0 }))
const LENGTH_MOST = 315
const MATCH_MOST = 2359
const BLOCK_LENGTH = 40_000

interface Range {
  base: number
  bits: number
}

function ranges(bits: number[]): Range[] {
  let base = 0
  return bits.map((count) => {
    const range = { base, bits: count }
    base += 2 ** count
    return range
  })
}

/** @param kind of the blocks: stored, coded, or LZVN */
export function packLzfse(data: Uint8Array, kind: 'bvx-' | 'bvx1' | 'bvx2' | 'bvxn' = 'bvx2'): Uint8Array {
  const parts: Uint8Array[] = []
  for (let at = 0; at < data.byteLength; at += BLOCK_LENGTH) {
    const end = Math.min(data.byteLength, at + BLOCK_LENGTH)
    const head = (...numbers: number[]): Uint8Array => {
      const bytes = Buffer.alloc(4 + numbers.length * 4)
      bytes.write(kind, 'latin1')
      for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, 4 + index * 4)
      return bytes
    }
    const piece = data.subarray(at, end)
    if (kind === 'bvx-') parts.push(head(piece.byteLength), piece)
    else if (kind === 'bvxn') {
      const packed = packLzvn(piece)
      parts.push(head(piece.byteLength, packed.byteLength), packed)
    } else parts.push(packBlock(data, at, end, kind === 'bvx2'))
  }
  return Buffer.concat([...parts, Buffer.from('bvx$', 'latin1')])
}

/** The longest match that an opcode of one byte can say beside so many literals: the others mean something else. */
const MATCH_BESIDE = [10, 8, 6, 4]

/** Literals and matches, by each of the opcodes that can say them. */
export function packLzvn(data: Uint8Array): Uint8Array {
  const out: number[] = []
  let last = 0
  const literals = (from: number, count: number): void => {
    for (let done = 0; done < count;) {
      const some = Math.min(271, count - done)
      out.push(...(some < 16 ? [0xe0 | some] : [0xe0, some - 16]), ...data.subarray(from + done, from + done + some))
      done += some
    }
  }
  for (const { at, length, match, distance } of findMatches(data, 0, data.byteLength)) {
    const few = match === 0 ? 0 : length & 3
    literals(at, length - few)
    if (match === 0) continue
    const isMiddling = distance !== last && distance >= 1536 && distance < 16_384
    const said = Math.min(match, isMiddling ? 34 : MATCH_BESIDE[few]!)
    const small = (few << 6) | ((said - 3) << 3)
    if (isMiddling) {
      const low = (distance << 2) | ((said - 3) & 3)
      out.push(0xa0 | (few << 3) | ((said - 3) >> 2), low & 255, low >> 8)
    } else if (distance === last && few > 0) out.push(small | 6)
    else if (distance < 1536) out.push(small | (distance >> 8), distance & 255)
    else out.push(small | 7, distance & 255, distance >> 8)
    out.push(...data.subarray(at + length - few, at + length))
    last = distance
    for (let left = match - said; left > 0;) {
      const some = Math.min(271, left)
      out.push(...(some < 16 ? [0xf0 | some] : [0xf0, some - 16]))
      left -= some
    }
  }
  return Uint8Array.from([...out, 6, 0, 0, 0, 0, 0, 0, 0])
}

interface Step {
  at: number
  length: number
  match: number
  distance: number
}

/** Runs of literals, each with the match that follows it. Matches may begin before `from`, and are three bytes at least. */
function findMatches(data: Uint8Array, from: number, to: number, reach = 65_535): Step[] {
  const places = new Map<number, number>()
  const key = (at: number): number => (data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!
  for (let at = 0; at < from; at++) if (at + 2 < from) places.set(key(at), at)
  const steps: Step[] = []
  let begin = from
  for (let at = from; at + 2 < to;) {
    const earlier = places.get(key(at))
    places.set(key(at), at)
    if (earlier === undefined || at - earlier > reach) {
      at++
      continue
    }
    let match = 3
    while (at + match < to && data[earlier + match] === data[at + match]) match++
    steps.push({ at: begin, length: at - begin, match, distance: at - earlier })
    at += match
    begin = at
  }
  if (begin < to) steps.push({ at: begin, length: to - begin, match: 0, distance: 0 })
  return steps
}

/** No longer than a symbol of each can say. */
function split(steps: Step[]): Step[] {
  return steps.flatMap(({ at, length, match, distance }) => {
    const out: Step[] = []
    let done = 0
    for (; length - done > LENGTH_MOST; done += LENGTH_MOST)
      out.push({ at: at + done, length: LENGTH_MOST, match: 0, distance })
    out.push({ at: at + done, length: length - done, match: Math.min(match, MATCH_MOST), distance })
    for (let left = match - MATCH_MOST; left > 0; left -= MATCH_MOST)
      out.push({ at: at + length, length: 0, match: Math.min(left, MATCH_MOST), distance })
    return out
  })
}

function packBlock(data: Uint8Array, from: number, to: number, isV2: boolean): Uint8Array {
  let last = 0
  const steps = split(findMatches(data, from, to)).map((step) => {
    // A distance for nothing is 1, as Apple's library has it: a decoder may look at it.
    const meant = step.match === 0 ? 1 : step.distance
    const distance = meant === last ? 0 : meant
    last = meant
    return { ...step, distance }
  })
  const literals = steps.flatMap(({ at, length }) => [...data.subarray(at, at + length)])
  while (literals.length % 4 !== 0) literals.push(0)
  const length = new Coder(LENGTHS, 64, steps.map((step) => step.length))
  const match = new Coder(MATCHES, 64, steps.map((step) => step.match))
  const distance = new Coder(DISTANCES, 256, steps.map((step) => step.distance))
  const literal = new Coder(LITERALS, 1024, literals)

  const literalBits = new BitWriter()
  const literalStates = [0, 0, 0, 0]
  for (let i = literals.length - 1; i >= 0; i--)
    literalStates[i % 4] = literal.push(literalBits, literals[i]!, literalStates[i % 4]!)
  const matchBits = new BitWriter()
  const states = { length: 0, match: 0, distance: 0 }
  for (const step of steps.reverse()) {
    states.distance = distance.push(matchBits, step.distance, states.distance)
    states.match = match.push(matchBits, step.match, states.match)
    states.length = length.push(matchBits, step.length, states.length)
  }

  const [literalBytes, matchBytes] = [literalBits.bytes(), matchBits.bytes()]
  const frequencies = [length, match, distance, literal].flatMap((coder) => coder.frequencies)
  const header = (isV2 ? headerV2 : headerV1)({
    byteLength: to - from,
    literalCount: literals.length,
    literalByteLength: literalBytes.byteLength,
    literalBits: literalBits.unused,
    literalStates,
    matchCount: steps.length,
    matchByteLength: matchBytes.byteLength,
    matchBits: matchBits.unused,
    states,
    frequencies,
  })
  return Buffer.concat([header, literalBytes, matchBytes])
}

interface Header {
  byteLength: number
  literalCount: number
  literalByteLength: number
  literalBits: number
  literalStates: number[]
  matchCount: number
  matchByteLength: number
  matchBits: number
  states: { length: number; match: number; distance: number }
  frequencies: number[]
}

function headerV1(header: Header): Uint8Array {
  const bytes = Buffer.alloc(772)
  bytes.write('bvx1', 'latin1')
  const { literalByteLength, matchByteLength, literalCount, matchCount, states } = header
  const numbers = [
    header.byteLength,
    literalByteLength + matchByteLength,
    literalCount,
    matchCount,
    literalByteLength,
    matchByteLength,
  ]
  for (const [index, number] of numbers.entries()) bytes.writeUInt32LE(number, 4 + index * 4)
  bytes.writeInt32LE(header.literalBits, 28)
  for (const [index, state] of header.literalStates.entries()) bytes.writeUInt16LE(state, 32 + index * 2)
  bytes.writeInt32LE(header.matchBits, 40)
  for (const [index, state] of [states.length, states.match, states.distance].entries())
    bytes.writeUInt16LE(state, 44 + index * 2)
  for (const [index, count] of header.frequencies.entries()) bytes.writeUInt16LE(count, 50 + index * 2)
  return bytes
}

function headerV2(header: Header): Uint8Array {
  const codes = new BitWriter()
  for (const count of header.frequencies) codes.push(...frequencyCode(count))
  const packed = codes.bytes()
  const bytes = Buffer.alloc(32)
  bytes.write('bvx2', 'latin1')
  bytes.writeUInt32LE(header.byteLength, 4)
  const word = (index: number, ...fields: [value: number, shift: number][]): void => {
    const value = fields.reduce((sum, [field, shift]) => sum | (BigInt(field) << BigInt(shift)), 0n)
    bytes.writeBigUInt64LE(value, 8 + index * 8)
  }
  const { states } = header
  word(0, [header.literalCount, 0], [header.literalByteLength, 20], [header.matchCount, 40], [header.literalBits + 7, 60])
  word(
    1,
    ...header.literalStates.map((state, index): [number, number] => [state, index * 10]),
    [header.matchByteLength, 40],
    [header.matchBits + 7, 60],
  )
  word(2, [32 + packed.byteLength, 0], [states.length, 32], [states.match, 42], [states.distance, 52])
  return Buffer.concat([bytes, packed])
}

function frequencyCode(count: number): [bits: number, length: number] {
  if (count < 8) return ([[0, 2], [2, 2], [1, 3], [5, 3], [3, 5], [11, 5], [19, 5], [27, 5]] as const)[count]! as [number, number]
  return count < 24 ? [7 | ((count - 8) << 4), 8] : [15 | ((count - 24) << 4), 14]
}

/** One coder of finite states, which is fed from the last value to the first. */
class Coder {
  readonly frequencies: number[]
  private readonly states: { symbol: number; bits: number; next: number }[] = []

  constructor(
    private readonly symbols: Range[],
    stateCount: number,
    values: number[],
  ) {
    const counts = symbols.map(() => 0)
    for (const value of values) counts[this.symbolOf(value)]!++
    this.frequencies = spread(counts, stateCount)
    for (const [symbol, count] of this.frequencies.entries()) {
      const most = Math.clz32(count) - Math.clz32(stateCount)
      const long = ((2 * stateCount) >> most) - count
      for (let i = 0; i < count; i++)
        this.states.push(
          i < long
            ? { symbol, bits: most, next: ((count + i) << most) - stateCount }
            : { symbol, bits: most - 1, next: (i - long) << (most - 1) },
        )
    }
  }

  /** @returns the state that a reader is in before it reads this value */
  push(bits: BitWriter, value: number, next: number): number {
    const symbol = this.symbolOf(value)
    const state = this.states.findIndex(
      (one) => one.symbol === symbol && one.next <= next && next < one.next + 2 ** one.bits,
    )
    bits.push(value - this.symbols[symbol]!.base, this.symbols[symbol]!.bits)
    bits.push(next - this.states[state]!.next, this.states[state]!.bits)
    return state
  }

  private symbolOf(value: number): number {
    return this.symbols.findIndex(({ base, bits }) => value >= base && value < base + 2 ** bits)
  }
}

/** Every symbol that is there gets a state; all states are given away. */
function spread(counts: number[], stateCount: number): number[] {
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total === 0) return counts.map((_, symbol) => (symbol === 0 ? stateCount : 0))
  const shares = counts.map((count) => (count === 0 ? 0 : Math.max(1, Math.floor((count * stateCount) / total))))
  for (let over = shares.reduce((sum, share) => sum + share, 0) - stateCount; over !== 0;) {
    const most = shares.indexOf(Math.max(...shares))
    const step = over > 0 ? -1 : 1
    shares[most]! += step
    over += step
  }
  return shares
}

class BitWriter {
  private readonly out: number[] = []

  push(value: number, count: number): void {
    for (let i = 0; i < count; i++) this.out.push((value >> i) & 1)
  }

  /** Bits of the last byte that say nothing, as a negative number. */
  get unused(): number {
    return this.out.length - Math.ceil(this.out.length / 8) * 8
  }

  bytes(): Uint8Array {
    const bytes = new Uint8Array(Math.ceil(this.out.length / 8))
    for (const [index, bit] of this.out.entries()) bytes[index >> 3]! |= bit << (index & 7)
    return bytes
  }
}
