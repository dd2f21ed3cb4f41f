/**
 * What is known of a range of bytes. `proven`: a sum fits. `present`: they were read, and nothing speaks for or against
 * them. `suspect`: they lie inside a sum that fails. `bad`: what covers just them fails. `unread`: nobody could read them.
 * `missing`: the file does not reach as far.
 */
export type ByteState = 'proven' | 'present' | 'suspect' | 'bad' | 'unread' | 'missing'

export interface ByteRange {
  /** In bytes from the start of what the map is of. */
  byteOffset: number
  byteLength: number
  state: ByteState
  /** Who says so: the name of a check, of a map, of a copy. */
  by: string
}

/** A range as it is kept: until `end`, and how many bytes the claim that decided it was about. */
interface Segment {
  start: number
  end: number
  state: ByteState
  by: string
  span: number
}

/** Of two claims that neither prove nor are disproved, the graver one stays. */
const GRAVITY: Record<ByteState, number> = { proven: 0, present: 0, suspect: 1, bad: 2, unread: 3, missing: 4 }

/** Whether bytes in that state cannot be given as they were recorded. */
export function isHole(state: ByteState): boolean {
  return state === 'bad' || state === 'unread' || state === 'missing'
}

/**
 * The one map of an image's bytes: sorted ranges, each with its state and who says so. Checks write it; lists,
 * extraction, rescue and reports read it. A smaller proof clears part of a larger suspicion, and a smaller suspicion
 * stays where a larger sum fits: what is said of few bytes counts more than what is said of many.
 */
export class ByteMap {
  private segments: Segment[]

  /** @param byteLength of what it is of; all of it is `present` until somebody says otherwise */
  constructor(
    readonly byteLength: number,
    by = 'file',
  ) {
    this.segments = byteLength > 0 ? [{ start: 0, end: byteLength, state: 'present', by, span: byteLength }] : []
  }

  /**
   * Takes a claim in. Where another has been made about the same bytes, the rules of the class decide.
   * @param span how many bytes the claim was made about as one, where it is given in several pieces, or several of its
   *   size in one: the sectors of a disc that were each summed. In bytes.
   */
  mark(range: ByteRange, span = range.byteLength): void {
    const { state, by } = range
    this.rewrite(range, (piece) => {
      const claim = { ...piece, state, by, span }
      return prevails(claim, piece) ? claim : piece
    })
  }

  /** Takes in what another map of the same bytes says. */
  markAll(other: ByteMap): void {
    for (const { start, end, state, by, span } of other.segments)
      this.mark({ byteOffset: start, byteLength: end - start, state, by }, span)
  }

  /** Says that bytes have been mended: nothing of what was said before counts for them any more. */
  mend(range: ByteRange, span = range.byteLength): void {
    const { state, by } = range
    this.rewrite(range, (piece) => ({ ...piece, state, by, span }))
  }

  /** Puts into the place of what is known of a range, piece by piece, what is made of it. */
  private rewrite(range: ByteRange, make: (piece: Segment) => Segment): void {
    const start = Math.max(0, range.byteOffset)
    const end = Math.min(this.byteLength, range.byteOffset + range.byteLength)
    if (end <= start) return
    const first = this.indexAt(start)
    const fresh: Segment[] = []
    let index = first
    for (; index < this.segments.length; index++) {
      const old = this.segments[index]
      if (old === undefined || old.start >= end) break
      if (old.start < start) push(fresh, { ...old, end: start })
      push(fresh, make({ ...old, start: Math.max(start, old.start), end: Math.min(end, old.end) }))
      if (old.end > end) push(fresh, { ...old, start: end })
    }
    this.replace(first, index, fresh)
  }

  /** Every range, sorted, without gaps. */
  ranges(): ByteRange[] {
    return this.within(0, this.byteLength)
  }

  /** The ranges of a part, cut to it. */
  within(byteOffset: number, byteLength: number): ByteRange[] {
    const start = Math.max(0, byteOffset)
    const end = Math.min(this.byteLength, byteOffset + byteLength)
    const ranges: ByteRange[] = []
    for (let index = end > start ? this.indexAt(start) : this.segments.length; ; index++) {
      const segment = this.segments[index]
      if (segment === undefined || segment.start >= end) return ranges
      const from = Math.max(start, segment.start)
      const last = ranges.at(-1)
      const length = Math.min(end, segment.end) - from
      if (last?.state === segment.state && last.by === segment.by) last.byteLength += length
      else ranges.push({ byteOffset: from, byteLength: length, state: segment.state, by: segment.by })
    }
  }

  /** The gravest state in a part; `proven` only where all of it is. What lies outside of the map is missing. */
  worst(byteOffset: number, byteLength: number): ByteState {
    if (byteLength <= 0) return 'proven'
    if (byteOffset < 0 || byteOffset + byteLength > this.byteLength) return 'missing'
    let worst: ByteState = 'proven'
    for (const { state } of this.within(byteOffset, byteLength))
      if (GRAVITY[state] > GRAVITY[worst] || (worst === 'proven' && state === 'present')) worst = state
    return worst
  }

  /** How many bytes are in a state. */
  count(state: ByteState): number {
    return this.segments.reduce((sum, each) => sum + (each.state === state ? each.end - each.start : 0), 0)
  }

  private replace(first: number, end: number, fresh: Segment[]): void {
    const before = this.segments[first - 1]
    const after = this.segments[end]
    const joined: Segment[] = []
    for (const segment of [before, ...fresh, after]) if (segment !== undefined) push(joined, segment)
    const from = before === undefined ? first : first - 1
    this.segments.splice(from, (after === undefined ? end : end + 1) - from, ...joined)
  }

  private indexAt(place: number): number {
    let low = 0
    let high = this.segments.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.segments[middle]?.end ?? 0) <= place) low = middle + 1
      else high = middle
    }
    return Math.max(0, low)
  }
}

function prevails(claim: Segment, old: Segment): boolean {
  if (claim.state === 'missing' || old.state === 'missing') return claim.state === 'missing'
  if (claim.state === 'present') return false
  if (old.state === 'present') return true
  if (claim.state === 'proven' && old.state === 'proven') return claim.span < old.span
  // That nobody could read them says nothing of what is there; a sum that fits does.
  if (claim.state === 'proven') return old.state === 'unread' || claim.span <= old.span
  if (old.state === 'proven') return claim.state !== 'unread' && claim.span < old.span
  return GRAVITY[claim.state] > GRAVITY[old.state]
}

function push(segments: Segment[], segment: Segment): void {
  const last = segments.at(-1)
  const isNext = last?.end === segment.start && last.state === segment.state
  if (isNext && last.by === segment.by && last.span === segment.span) last.end = segment.end
  else segments.push({ ...segment })
}
