import type { Check } from '../../src-shared/model'
import type { PieceList, PieceMaker } from '../image/core/piece-list'
import type { Expectation } from './expectation'
import type { Finding } from './finding'

/** Compares each piece of a file with what a torrent, a metalink, a zsync file or the image's own table says of it. */
export class PieceCheck implements Expectation {
  readonly ranges: readonly number[]
  /** Pairs of byte offset and byte length. */
  private readonly right: number[] = []
  private readonly wrong: number[] = []
  private rightCount = 0
  private wrongCount = 0
  private missing: string | null = null
  private maker: PieceMaker | null = null
  private index = 0
  private filled = 0
  private isBroken = false

  constructor(private readonly list: PieceList) {
    const { firstOffset, pieceLength, count, byteLength } = list
    const end = Math.min(byteLength, firstOffset + pieceLength * count)
    this.ranges = end > firstOffset ? [firstOffset, end - firstOffset] : []
  }

  feed(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.byteLength;) {
      this.maker ??= this.list.maker()
      const part = bytes.subarray(at, at + this.lengthOf(this.index) - this.filled)
      this.maker.update(part)
      at += part.byteLength
      this.advance(part.byteLength)
    }
  }

  /** Only the pieces that the bytes lie in are lost. */
  skip(byteLength: number): void {
    for (let left = byteLength; left > 0;) {
      const part = Math.min(left, this.lengthOf(this.index) - this.filled)
      if (part <= 0) return
      this.isBroken = true
      left -= part
      this.advance(part)
    }
  }

  finish(missing: string | null): void {
    this.missing = missing
  }

  /**
   * After the pass.
   * @param fileByteLength what the file has; null where the list says nothing of that
   * @param isPlain whether it lies in the image's blocks as it is
   * @param named names the files in a range, for a person: a sentence, or nothing
   */
  findings(fileByteLength: number | null, isPlain: boolean, named: (from: number, to: number) => string): Finding[] {
    const { byteLength, count } = this.list
    const from = this.list.from === null ? 'the table of sums that it carries' : `“${this.list.from}”`
    const found: Finding[] = []
    const add = (verdict: Check['verdict'], detail: string, ranges: readonly number[]): void => {
      found.push({ check: { kind: 'pieces', verdict, detail }, ranges: isPlain ? ranges : [] })
    }
    if (fileByteLength !== null && byteLength !== fileByteLength) {
      const detail = `The file has ${fileByteLength} bytes; by ${from} it has ${byteLength}.`
      const check: Check = { kind: 'pieces', verdict: 'failed', detail }
      // Where no piece fits, it is another file, and lacks nothing.
      if (isPlain && byteLength > fileByteLength && this.rightCount > 0)
        found.push({ check, ranges: [fileByteLength, byteLength - fileByteLength], isMissing: true })
      else add('failed', detail, [])
    }
    if (this.wrongCount > 0) {
      const first = this.wrong[0] ?? 0
      const where = isPlain ? named(first, first + (this.wrong[1] ?? 0)) : ''
      const detail = `${this.wrongCount} of its ${count} pieces do not fit ${from}, the first at byte ${first}.${where}`
      add('failed', detail, this.wrong)
    }
    if (this.rightCount === count)
      add('passed', `${count === 1 ? 'Its one piece fits' : `All ${count} pieces fit`} ${from}.`, this.right)
    else if (this.rightCount > 0) add('passed', `${this.rightCount} of its ${count} pieces fit ${from}.`, this.right)
    const unread = count - this.rightCount - this.wrongCount
    if (unread > 0) {
      const why = this.missing === null ? '' : ` ${this.missing.charAt(0).toUpperCase()}${this.missing.slice(1)}`
      add('unreadable', `${unread} of the ${count} pieces that ${from} speaks of cannot be read.${why}`, [])
    }
    return found
  }

  private lengthOf(index: number): number {
    const { byteLength, firstOffset, pieceLength } = this.list
    return Math.min(pieceLength, byteLength - firstOffset - index * pieceLength)
  }

  private advance(byteLength: number): void {
    this.filled += byteLength
    if (this.filled < this.lengthOf(this.index)) return
    const { firstOffset, pieceLength, sums, sumLength } = this.list
    if (!this.isBroken && this.maker !== null) {
      const wanted = sums.subarray(this.index * sumLength, (this.index + 1) * sumLength)
      const isRight = Buffer.compare(this.maker.digest(), wanted) === 0
      if (isRight) this.rightCount++
      else this.wrongCount++
      append(isRight ? this.right : this.wrong, firstOffset + this.index * pieceLength, this.filled)
    }
    this.maker = null
    this.isBroken = false
    this.filled = 0
    this.index++
  }
}

/** Neighbours become one range. */
function append(ranges: number[], byteOffset: number, byteLength: number): void {
  const last = ranges.length - 2
  if (last >= 0 && (ranges[last] ?? 0) + (ranges[last + 1] ?? 0) === byteOffset)
    ranges[last + 1] = (ranges[last + 1] ?? 0) + byteLength
  else ranges.push(byteOffset, byteLength)
}
