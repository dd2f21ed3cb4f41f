import { orderByNumbers } from './radix-order'

/** Below this an ordinary sort is quicker. */
const SMALL = 512
/** Bytes of a text that go into one number, which stays below 2⁵³. */
const PACKED_BYTES = 6
const FIRST_BYTES = 64 * 1024

/**
 * Positions of texts in the order of their code points; equal ones stay in the order they had. Texts are taken one by
 * one and kept as bytes: a million strings would be several times as large, and the collector's business.
 */
export function orderOfTexts(texts: Iterable<string>): Uint32Array {
  const kept = new KeptTexts()
  // Discs record names in order, or nearly: looking first is much cheaper than sorting.
  let isSorted = true
  let before = ''
  for (const text of texts) {
    if (isSorted && kept.length > 0 && text < before) isSorted = false
    before = text
    kept.add(text)
  }
  const positions = new Uint32Array(kept.length)
  for (let i = 0; i < positions.length; i++) positions[i] = i
  if (!isSorted) new TextSort(kept).sort(positions, 0)
  kept.release()
  return positions
}

/** Texts as UTF-8, one behind the other. */
class KeptTexts {
  length = 0
  bytes = Buffer.from(new ArrayBuffer(FIRST_BYTES))
  /** Where each text ends. */
  ends = new Uint32Array(1024)

  add(text: string): void {
    const from = this.length === 0 ? 0 : (this.ends[this.length - 1] ?? 0)
    // UTF-8 takes three bytes for a code unit at most.
    const needed = from + text.length * 3
    if (needed > this.bytes.byteLength) {
      // Transferred: the old storage is given back at once.
      this.bytes = Buffer.from(this.bytes.buffer.transfer(Math.max(needed, this.bytes.byteLength * 2)))
    }
    if (this.length === this.ends.length)
      this.ends = new Uint32Array(this.ends.buffer.transfer(this.ends.byteLength * 2))
    this.ends[this.length] = from + this.bytes.write(text, from, 'utf8')
    this.length++
  }

  start(index: number): number {
    return index === 0 ? 0 : (this.ends[index - 1] ?? 0)
  }

  end(index: number): number {
    return this.ends[index] ?? 0
  }

  /** Gives the memory back without waiting for the collector. */
  release(): void {
    this.bytes.buffer.transfer(0)
    this.ends.buffer.transfer(0)
  }
}

class TextSort {
  private readonly packed: Float64Array

  constructor(private readonly texts: KeptTexts) {
    this.packed = new Float64Array(texts.length)
  }

  /** Sorts positions of texts whose first `depth` bytes are the same. */
  sort(positions: Uint32Array, depth: number): void {
    if (positions.length < SMALL) {
      positions.sort((a, b) => this.compare(a, b, depth))
      return
    }
    const start = this.commonEnd(positions, depth)
    const { packed } = this
    let most = 0
    for (const position of positions) {
      const key = this.pack(position, start)
      packed[position] = key
      if (key > most) most = key
    }
    // Every text has come to its end: they are all the same.
    if (most === 0) return
    orderByNumbers(positions, packed)
    for (let from = 0; from < positions.length;) {
      let to = from + 1
      const key = packed[positions[from] ?? 0]
      while (to < positions.length && packed[positions[to] ?? 0] === key) to++
      if (to - from > 1) this.sort(positions.subarray(from, to), start)
      from = to
    }
  }

  private compare(a: number, b: number, depth: number): number {
    const { texts } = this
    const { bytes } = texts
    const [endA, endB] = [texts.end(a), texts.end(b)]
    let atA = texts.start(a) + depth
    let atB = texts.start(b) + depth
    for (; atA < endA && atB < endB; atA++, atB++) {
      const difference = (bytes[atA] ?? 0) - (bytes[atB] ?? 0)
      if (difference !== 0) return difference
    }
    return endA - atA - (endB - atB) || a - b
  }

  /** How many of their first bytes all of them share. */
  private commonEnd(positions: Uint32Array, depth: number): number {
    const { texts } = this
    const { bytes } = texts
    const first = positions[0] ?? 0
    const from = texts.start(first)
    let common = texts.end(first) - from
    for (const position of positions) {
      const start = texts.start(position)
      const most = Math.min(common, texts.end(position) - start)
      let same = depth
      while (same < most && bytes[start + same] === bytes[from + same]) same++
      common = same
    }
    return common
  }

  /** The next bytes from `depth` on as a number that orders as they do. */
  private pack(position: number, depth: number): number {
    const { texts } = this
    const { bytes } = texts
    const end = texts.end(position)
    let packed = 0
    let at = texts.start(position) + depth
    for (let i = 0; i < PACKED_BYTES; i++, at++) {
      packed = packed * 256 + (at < end ? (bytes[at] ?? 0) : 0)
    }
    return packed
  }
}
