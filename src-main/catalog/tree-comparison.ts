import type { EntryKind } from '../../src-shared/model'
import type { Connection } from './database'
import { decodeFlags, rowidOf } from './entry-codes'
import { HashStore, type HashAlgorithm } from './hash-store'

/** `within`: a folder that differs only in what lies below it. */
export const COMPARISON_STATES = ['added', 'removed', 'changed', 'within'] as const
export type ComparisonState = (typeof COMPARISON_STATES)[number]

export const COMPARED_FACTS = ['kind', 'size', 'modified', 'content'] as const
export type ComparedFact = (typeof COMPARED_FACTS)[number]

export interface ComparisonCounts {
  added: number
  removed: number
  changed: number
  same: number
  /** Of those that are the same: files of one size on both sides whose contents are not both known. */
  unproven: number
}

/** One side of a row. */
export interface ComparedSide {
  entry: number
  kind: EntryKind
  byteLength: number
  modified: number | null
}

/** One line of the tree of differences. */
export interface ComparisonRow {
  depth: number
  name: string
  path: string
  state: ComparisonState
  /** What differs, for `changed`. */
  facts: ComparedFact[]
  left: ComparedSide | null
  right: ComparedSide | null
}

/** Files that only their contents can tell apart, by entry number. */
export interface ComparisonCandidates {
  left: number[]
  right: number[]
}

type Child = [
  id: number,
  name: string,
  flags: number,
  byteLength: number,
  modified: number | null,
  position: number | null,
]

/** Times that differ by less are one: systems round them differently, FAT to two seconds. */
const TIME_TOLERANCE_MS = 2000
/** Between so many directories the thread answers others. */
const TURN_EVERY = 200

/**
 * Two views compared by path, kind, size and time, and by content where its hash is known. Keeps numbers only; names are
 * read when rows are asked for.
 */
export class TreeComparison {
  readonly counts: ComparisonCounts = { added: 0, removed: 0, changed: 0, same: 0, unproven: 0 }
  readonly candidates: ComparisonCandidates = { left: [], right: [] }
  private readonly depths: number[] = []
  private readonly states: number[] = []
  private readonly factBits: number[] = []
  private readonly lefts: number[] = []
  private readonly rights: number[] = []
  private readonly hashes: HashStore
  private readonly selectChildren
  private readonly selectEntry
  private visited = 0

  /**
   * @param left the number of the view that came before, as findView gives it
   * @param algorithm which hashes to compare files of one size by; null: not by content
   */
  constructor(
    private readonly database: Connection,
    private readonly left: number,
    private readonly right: number,
    private readonly algorithm: HashAlgorithm | null,
  ) {
    this.hashes = new HashStore(database)
    this.selectChildren = database
      .prepare(
        `SELECT entry.id, name, flags, byte_length, modified, disc_position FROM directory
         JOIN entry ON entry.id BETWEEN @base + first_child AND @base + first_child + child_count - 1
         WHERE directory.id = @base + @directory`,
      )
      .raw()
    this.selectEntry = database
      .prepare('SELECT id, name, flags, byte_length, modified, parent FROM entry WHERE id = ?')
      .raw()
  }

  get length(): number {
    return this.depths.length
  }

  async run(): Promise<this> {
    await this.compareFolders(0, 0, 0)
    return this
  }

  rows(offset: number, limit: number): ComparisonRow[] {
    const rows: ComparisonRow[] = []
    for (let at = offset; at < Math.min(this.length, offset + limit); at++) {
      const left = this.side(this.left, this.lefts[at] ?? -1)
      const right = this.side(this.right, this.rights[at] ?? -1)
      const known = right ?? left
      if (!known) continue
      const bits = this.factBits[at] ?? 0
      rows.push({
        depth: this.depths[at] ?? 0,
        name: known.name,
        path: this.pathOf(right ? this.right : this.left, known.side.entry),
        state: COMPARISON_STATES[this.states[at] ?? 0] ?? 'changed',
        facts: COMPARED_FACTS.filter((_, bit) => (bits & (1 << bit)) !== 0),
        left: left?.side ?? null,
        right: right?.side ?? null,
      })
    }
    return rows
  }

  private async compareFolders(leftFolder: number, rightFolder: number, depth: number): Promise<void> {
    if (++this.visited % TURN_EVERY === 0) await new Promise((resolve) => setImmediate(resolve))
    const lefts = this.children(this.left, leftFolder)
    const rights = this.children(this.right, rightFolder)
    let l = 0
    let r = 0
    while (l < lefts.length || r < rights.length) {
      const left = lefts[l]
      const right = rights[r]
      if (left && (!right || left[1] < right[1])) {
        await this.addWhole('removed', this.left, left, depth)
        l++
      } else if (right && (!left || right[1] < left[1])) {
        await this.addWhole('added', this.right, right, depth)
        r++
      } else if (left && right) {
        await this.comparePair(left, right, depth)
        l++
        r++
      }
    }
  }

  private async comparePair(left: Child, right: Child, depth: number): Promise<void> {
    const leftKind = decodeFlags(left[2]).kind
    const rightKind = decodeFlags(right[2]).kind
    const facts = leftKind === rightKind ? this.factsOf(leftKind, left, right) : factBit('kind')
    if (leftKind !== 'directory' || rightKind !== 'directory') {
      if (facts === 0) this.counts.same++
      else {
        this.counts.changed++
        this.add('changed', facts, left, right, depth)
      }
      // A folder that became a file, or the other way round: what was below it is gone, or new.
      if (leftKind === 'directory') await this.addBelow('removed', this.left, left, depth + 1)
      if (rightKind === 'directory') await this.addBelow('added', this.right, right, depth + 1)
      return
    }
    const before = this.length
    this.add('within', 0, left, right, depth)
    await this.compareFolders(this.numberIn(this.left, left), this.numberIn(this.right, right), depth + 1)
    // Nothing below it differs: the folder itself is no difference.
    if (this.length === before + 1) this.dropLast()
  }

  private factsOf(kind: EntryKind, left: Child, right: Child): number {
    if (kind === 'directory') return 0
    let bits = 0
    if (left[3] !== right[3]) bits |= factBit('size')
    if (left[4] !== null && right[4] !== null && Math.abs(left[4] - right[4]) >= TIME_TOLERANCE_MS)
      bits |= factBit('modified')
    if (kind === 'file' && left[3] === right[3] && left[3] > 0) bits |= this.contentBit(left, right)
    return bits
  }

  private contentBit(left: Child, right: Child): number {
    // Two views of one image that point to the same place.
    const isSamePlace = left[5] !== null && left[5] === right[5] && this.isSameImage()
    if (isSamePlace) return 0
    const missing = [left, right].filter((side) => decodeFlags(side[2]).status !== 'complete').length
    // What is not there cannot be what the other side has.
    if (missing === 1) return factBit('content')
    if (missing === 2) this.counts.unproven++
    if (missing === 2 || !this.algorithm) return 0
    const leftDigest = this.hashes.get(left[0], this.algorithm)
    const rightDigest = this.hashes.get(right[0], this.algorithm)
    if (leftDigest === null) this.candidates.left.push(this.numberIn(this.left, left))
    if (rightDigest === null) this.candidates.right.push(this.numberIn(this.right, right))
    if (leftDigest !== null && rightDigest !== null) return leftDigest === rightDigest ? 0 : factBit('content')
    this.counts.unproven++
    return 0
  }

  private sameImage: boolean | null = null

  private isSameImage(): boolean {
    this.sameImage ??=
      this.database
        .prepare('SELECT count(DISTINCT image_id) FROM view WHERE id IN (?, ?)')
        .pluck()
        .get(this.left, this.right) === 1
    return this.sameImage
  }

  private async addWhole(state: 'added' | 'removed', view: number, child: Child, depth: number): Promise<void> {
    this.counts[state]++
    this.add(state, 0, state === 'removed' ? child : null, state === 'added' ? child : null, depth)
    if (decodeFlags(child[2]).kind === 'directory') await this.addBelow(state, view, child, depth + 1)
  }

  private async addBelow(state: 'added' | 'removed', view: number, folder: Child, depth: number): Promise<void> {
    if (++this.visited % TURN_EVERY === 0) await new Promise((resolve) => setImmediate(resolve))
    for (const child of this.children(view, this.numberIn(view, folder))) await this.addWhole(state, view, child, depth)
  }

  /** By name, in an order that both sides share. */
  private children(view: number, directory: number): Child[] {
    const base = rowidOf(view, 0)
    const children = this.selectChildren.all({ base, directory }) as Child[]
    return children.filter(([id]) => id !== base).sort((a, b) => (a[1] < b[1] ? -1 : a[1] > b[1] ? 1 : 0))
  }

  private numberIn(view: number, child: Child): number {
    return child[0] - rowidOf(view, 0)
  }

  private add(state: ComparisonState, facts: number, left: Child | null, right: Child | null, depth: number): void {
    this.states.push(COMPARISON_STATES.indexOf(state))
    this.factBits.push(facts)
    this.lefts.push(left ? this.numberIn(this.left, left) : -1)
    this.rights.push(right ? this.numberIn(this.right, right) : -1)
    this.depths.push(depth)
  }

  private dropLast(): void {
    for (const column of [this.states, this.factBits, this.lefts, this.rights, this.depths]) column.pop()
  }

  private side(view: number, entry: number): { name: string; side: ComparedSide } | null {
    const row = entry < 0 ? undefined : (this.selectEntry.get(rowidOf(view, entry)) as Child | undefined)
    if (!row) return null
    const [, name, flags, byteLength, modified] = row
    return { name, side: { entry, kind: decodeFlags(flags).kind, byteLength, modified } }
  }

  private pathOf(view: number, entry: number): string {
    const names: string[] = []
    let at = entry
    // Parents have smaller numbers than their children, so this ends.
    while (at > 0) {
      const row = this.selectEntry.get(rowidOf(view, at)) as Child | undefined
      if (!row) break
      names.push(row[1])
      const parent = row[5] ?? 0
      if (parent >= at) break
      at = parent
    }
    return names.reverse().join('/')
  }
}

function factBit(fact: ComparedFact): number {
  return 1 << COMPARED_FACTS.indexOf(fact)
}
