import { codeAt, END, type IdentifierPlace as Place } from './identifier-place'
import { canBeReplaced, isOrderOfOriginals } from './joliet/order-of-originals'

const DOT = 0x2e
const SEMICOLON = 0x3b
const SPACE = 0x20

/** What the order of a directory's records says of one of them. `alike`: twice, as its writer lets names become. */
export type OrderFault = 'out-of-order' | 'twice' | 'alike'

/**
 * Watches whether the records of a directory are in the order of their identifiers (ECMA-119 9.3). A directory that its
 * writer did not sort is none of its business: a record is told where without it, or without the one before it, the order
 * would be right.
 */
export class RecordOrder {
  private beforeLast: Place | null = null
  private last: Place | null = null
  private wasContinued = false
  /** The last record came too early, and whether it or the one before it is wrong the next one tells. */
  private isPending = false
  private pendingAt = 0
  private count = 0

  /** @param isByMkisofs the image is of mkisofs or its kin; see {@link isOrderOfOriginals} */
  constructor(
    private readonly isByMkisofs: boolean,
    private readonly report: (fault: OrderFault, byteOffset: number) => void,
  ) {}

  begin(): void {
    this.beforeLast = null
    this.last = null
    this.wasContinued = false
    this.isPending = false
    this.count = 0
  }

  /**
   * @param at where the record begins in `bytes`, which stay as they are
   * @param width bytes of a character: 2 in Joliet
   */
  add(bytes: Uint8Array, at: number, base: number, width: 1 | 2): void {
    const isAssociated = ((bytes[at + 25] ?? 0) & 4) !== 0
    const own: Place = { bytes, from: at + 33, to: at + 33 + (bytes[at + 32] ?? 0), isAssociated }
    const { last, beforeLast } = this
    this.count++
    if (this.isPending && last !== null) {
      // The last record is wrong where its neighbours follow one another; the one before it is, where it does.
      const fits = beforeLast === null || this.compare(null, beforeLast, own, width) <= 0
      if (fits || this.isFirstWrong) this.report('out-of-order', this.pendingAt)
      this.isPending = false
    }
    if (last !== null) {
      const order = this.compare(beforeLast, last, own, width)
      if (order === 0 && !this.wasContinued && isSame(last, own))
        this.report(width === 2 && this.isByMkisofs && canBeReplaced(own) ? 'alike' : 'twice', base + at)
      if (order > 0) {
        this.isPending = true
        this.pendingAt = base + at
        this.isFirstWrong = this.count > 2 && beforeLast !== null && this.compare(null, beforeLast, own, width) <= 0
      }
    }
    this.wasContinued = ((bytes[at + 25] ?? 0) & 0x80) !== 0
    this.beforeLast = last
    this.last = own
  }

  /** The directory has been read: the last of several records may be the one that is out of order. */
  end(): void {
    if (this.isPending && this.count > 3) this.report('out-of-order', this.pendingAt)
    this.isPending = false
  }

  /** Without the record before the pending one, the order would be right. */
  private isFirstWrong = false

  /**
   * What is in order by the rule or, as some writers sort, byte by byte or by what names were, is in order.
   * @param before the record in front of both, where that is known
   */
  private compare(before: Place | null, a: Place, b: Place, width: 1 | 2): number {
    const order = compareByRule(a, b, width)
    if (order <= 0) return order
    if (compareBytes(a, b) <= 0) return -1
    return width === 2 && isOrderOfOriginals(before, a, b, this.isByMkisofs) ? -1 : order
  }
}

function isSame(a: Place, b: Place): boolean {
  if (a.to - a.from !== b.to - b.from || a.isAssociated !== b.isAssociated) return false
  for (let i = 0; i < a.to - a.from; i++) if (a.bytes[a.from + i] !== b.bytes[b.from + i]) return false
  return true
}

function compareBytes(a: Place, b: Place): number {
  return Buffer.compare(a.bytes.subarray(a.from, a.to), b.bytes.subarray(b.from, b.to))
}

/** By file name, then by extension, the shorter one filled with spaces; versions have an order of their own. */
function compareByRule(a: Place, b: Place, width: 1 | 2): number {
  const { bytes } = a
  const length = Math.min(a.to - a.from, b.to - b.from)
  // Nearly always two letters or digits differ, and that decides. Characters of two bytes take the general way.
  if (width === 1)
    for (let i = 0; i < length; i++) {
      const first = bytes[a.from + i] ?? 0
      const second = b.bytes[b.from + i] ?? 0
      if (first === second && first !== SEMICOLON) continue
      if (first > DOT && second > DOT && first !== SEMICOLON && second !== SEMICOLON) return first - second
      break
    }
  for (let i = 0; ; i += width) {
    const first = codeAt(a, i, width)
    const second = codeAt(b, i, width)
    if (first === second) {
      if (first === END || first === SEMICOLON) return 0
      continue
    }
    const difference = filled(first, width) - filled(second, width)
    if (difference !== 0) return difference
    // A name that ends is filled up with spaces, of which the other may have one of its own.
    if (first === DOT && second === SPACE) return -beyondSpaces(b, i, width)
    if (second === DOT && first === SPACE) return beyondSpaces(a, i, width)
    // One name ends here, the other goes on with an extension, be it an empty one.
    if (first === DOT) return isEnd(codeAt(a, i + width, width)) ? 0 : 1
    if (second === DOT) return isEnd(codeAt(b, i + width, width)) ? 0 : -1
    return isEnd(first) === isEnd(second) ? 0 : isEnd(first) ? -1 : 1
  }
}

/** How the rest of a name compares with spaces. Extensions of names that are the same but for those are not looked at. */
function beyondSpaces(place: Place, from: number, width: 1 | 2): number {
  for (let i = from; ; i += width) {
    const code = codeAt(place, i, width)
    if (isEnd(code) || code === DOT) return 0
    if (code !== SPACE) return code - SPACE
  }
}

function isEnd(code: number): boolean {
  return code === END || code === SEMICOLON
}

function filled(code: number, width: 1 | 2): number {
  return isEnd(code) || (code === DOT && width === 1) ? SPACE : code
}
