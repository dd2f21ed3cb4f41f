import type { EntryTable } from '../image/core/entry-table'
import { collisionKey, FreeNames, safeName, type NameRules } from './safe-names'
import { NOT_WANTED, ON_THE_WAY, type Selection } from './selection'

/** In bytes, on every file system there is. */
const LONGEST_NAME = 255 * 4

/** How paths in the image become paths below the destination. */
export type Layout =
  /**
   * Full paths from the view's root: the command line's PATHs, and everything. With `from`, from that directory on, which
   * everything selected lies below.
   */
  | { kind: 'full'; from?: string }
  /** Each selected entry lands directly in the destination: what a window's selection means. */
  | { kind: 'selected' }
  /** Every file lands directly in the destination. */
  | { kind: 'flat' }

/** No table entry: the destination itself, or a folder that only the plan asks for. */
export const SYNTHETIC = -1

/**
 * What is to be written, as a tree below the destination. Node 0 is the destination. Parents come before children.
 * Columns, because a million nodes must stay small.
 */
export class Plan {
  readonly tableIndex: Int32Array
  readonly parent: Int32Array
  /** Names that differ from the table's. */
  private readonly names = new Map<number, string>()
  /** Nodes with a number because another one of the plan has their name, which would have been possible otherwise. */
  private readonly numbered = new Set<number>()
  length = 1

  constructor(
    readonly table: EntryTable,
    capacity: number,
    /** Names that were asked for instead of the table's, by entry. */
    private readonly asked: ReadonlyMap<number, string> | null = null,
  ) {
    this.tableIndex = new Int32Array(capacity)
    this.parent = new Int32Array(capacity)
    this.tableIndex[0] = SYNTHETIC
    this.parent[0] = -1
  }

  add(parent: number, tableIndex: number, name: string): number {
    const node = this.length++
    this.parent[node] = parent
    this.tableIndex[node] = tableIndex
    if (tableIndex === SYNTHETIC || this.wantedName(tableIndex) !== name) this.names.set(node, name)
    return node
  }

  entryOf(node: number): number {
    return this.tableIndex[node] ?? SYNTHETIC
  }

  parentOf(node: number): number {
    return this.parent[node] ?? 0
  }

  nameOf(node: number): string {
    return this.names.get(node) ?? this.wantedName(this.entryOf(node))
  }

  /** What an entry is to be called, if that is possible there. */
  wantedName(entry: number): string {
    return this.asked?.get(entry) ?? this.table.nameOf(entry)
  }

  rename(node: number, name: string): void {
    this.names.set(node, name)
  }

  /** Gives another name than one that would have been possible, because something else of the plan has that. */
  number(node: number, name: string): void {
    this.rename(node, name)
    this.numbered.add(node)
  }

  /** Whether only another node of the plan keeps it from its own name. */
  isNumbered(node: number): boolean {
    return this.numbered.has(node)
  }

  get hasNumbered(): boolean {
    return this.numbered.size > 0
  }

  /** Whether the name on disk differs from the image's. */
  isRenamed(node: number): boolean {
    const entry = this.entryOf(node)
    return entry !== SYNTHETIC && this.names.has(node) && this.names.get(node) !== this.wantedName(entry)
  }

  isDirectory(node: number): boolean {
    const entry = this.entryOf(node)
    return entry === SYNTHETIC || this.table.kindOf(entry) === 'directory'
  }

  /** Relative to the destination, `/`-separated; empty for node 0. */
  pathOf(node: number): string {
    if (node === 0) return ''
    const parent = this.parentOf(node)
    return parent === 0 ? this.nameOf(node) : `${this.pathOf(parent)}/${this.nameOf(node)}`
  }

  /** The path in the image that the node comes from; empty for a folder that only the plan asks for. */
  sourcePathOf(node: number): string {
    const entry = this.entryOf(node)
    return entry === SYNTHETIC ? '' : this.table.pathOf(entry)
  }

  /** Children of every directory, made once for whoever walks down. */
  childLists(): Map<number, number[]> {
    const lists = new Map<number, number[]>()
    for (let node = 1; node < this.length; node++) {
      const parent = this.parentOf(node)
      const list = lists.get(parent)
      if (list) list.push(node)
      else lists.set(parent, [node])
    }
    return lists
  }
}

/**
 * Lays the selected entries out below the destination under names that are safe there.
 * @param folder a folder to put everything into, made by the plan; null for the destination itself
 */
export function makePlan(
  table: EntryTable,
  selection: Selection,
  layout: Layout,
  rules: NameRules,
  folder: string | null = null,
  /** Other names for entries than the table's. */
  names: ReadonlyMap<number, string> | null = null,
  /** Nodes of this plan that will not be written: what is has the first choice of names. */
  notWritten: ReadonlySet<number> = new Set(),
): Plan {
  const plan = new Plan(table, countWanted(selection.marks) + ancestorCount(table) + 2, names)
  const top = folder === null ? 0 : plan.add(0, SYNTHETIC, safeName(folder, rules))
  if (layout.kind === 'flat') layFlat(plan, selection, top, rules)
  else layTree(plan, selection, layout, top, rules)
  settleCollisions(plan, rules, notWritten)
  return plan
}

function layFlat(plan: Plan, selection: Selection, top: number, rules: NameRules): void {
  const { table } = plan
  for (let i = 0; i < table.length; i++)
    if (selection.marks[i] !== NOT_WANTED && table.kindOf(i) !== 'directory')
      plan.add(top, i, safeName(plan.wantedName(i), rules))
}

function layTree(plan: Plan, selection: Selection, layout: Layout, top: number, rules: NameRules): void {
  const { table } = plan
  const nodeOf = new Int32Array(table.length).fill(-1)
  const isRoot = new Set(layout.kind === 'selected' ? selection.roots : [])
  const from = layout.kind === 'full' ? (layout.from ?? '') : ''
  nodeOf[0] = layout.kind === 'full' ? addAncestors(plan, top, rules, from) : top
  for (let i = 1; i < table.length; i++) {
    if (selection.marks[i] === NOT_WANTED) continue
    if (from !== '' && selection.marks[i] === ON_THE_WAY && isOnTheWayTo(table.pathOf(i), from)) {
      nodeOf[i] = top
      continue
    }
    const parent = isRoot.has(i) ? top : (nodeOf[table.parentOf(i)] ?? -1)
    // Under “selected”, the directories above what was selected are not made.
    if (parent < 0 || (layout.kind === 'selected' && !isRoot.has(i) && !isBelowRoot(table, i, isRoot))) continue
    nodeOf[i] = plan.add(parent, i, safeName(plan.wantedName(i), rules))
  }
}

/** A table that starts below the view's root still puts its entries at their full paths. */
function addAncestors(plan: Plan, top: number, rules: NameRules, from: string): number {
  let node = top
  const whole = plan.table.pathOf(0)
  const base = isOnTheWayTo(whole, from) ? '' : from === '' ? whole : whole.slice(from.length + 1)
  const names = base === '' ? [] : base.split('/')
  names.forEach((name, depth) => {
    node = plan.add(node, depth === names.length - 1 ? 0 : SYNTHETIC, safeName(name, rules))
  })
  return node
}

/** Whether `directory` is `from` itself, or holds it. */
function isOnTheWayTo(directory: string, from: string): boolean {
  return directory === '' || directory === from || from.startsWith(`${directory}/`)
}

function isBelowRoot(table: EntryTable, index: number, roots: ReadonlySet<number>): boolean {
  if (roots.has(0)) return true
  for (let i = index; i > 0; i = table.parentOf(i)) if (roots.has(i)) return true
  return false
}

/**
 * Two nodes of one folder whose names would be one file there: the later one in the image's order is numbered.
 * A view's own paths are unique, so folders in which nothing was renamed need no look where case is kept apart.
 */
function settleCollisions(plan: Plan, rules: NameRules, notWritten: ReadonlySet<number>): void {
  const suspects = new Set<number>()
  for (let node = 1; node < plan.length; node++)
    if (rules.foldsCase || plan.isRenamed(node) || plan.entryOf(node) === SYNTHETIC) suspects.add(plan.parentOf(node))
  const isFlat = plan.length > 2 && hasForeignChildren(plan)
  if (suspects.size === 0 && !isFlat) return
  const folders = new Map<number, { names: Set<string>; free: FreeNames }>()
  // Before any is numbered here: what was numbered once would be taken for a made-up name and numbered again.
  const AS_RECORDED = 0
  const MADE_UP = 1
  const NOT_WRITTEN = 2
  const ranks = Uint8Array.from({ length: plan.length }, (_, node) =>
    notWritten.has(node) ? NOT_WRITTEN : node > 0 && plan.isRenamed(node) ? MADE_UP : AS_RECORDED,
  )
  // Names that are as the image has them come first, so that a made-up name never takes one away.
  for (const rank of notWritten.size > 0 ? [AS_RECORDED, MADE_UP, NOT_WRITTEN] : [AS_RECORDED, MADE_UP])
    for (let node = 1; node < plan.length; node++) {
      const parent = plan.parentOf(node)
      if (ranks[node] !== rank || !(suspects.has(parent) || isFlat)) continue
      let folder = folders.get(parent)
      if (!folder) folders.set(parent, (folder = namesOf(rules)))
      const name = plan.nameOf(node)
      const free = folder.free.next(name)
      if (free !== name && rank === MADE_UP) plan.rename(node, free)
      else if (free !== name) plan.number(node, free)
      folder.names.add(collisionKey(free, rules))
    }
}

function namesOf(rules: NameRules): { names: Set<string>; free: FreeNames } {
  const names = new Set<string>()
  return { names, free: new FreeNames(rules, (candidate) => names.has(collisionKey(candidate, rules))) }
}

/** Whether some folder of the plan takes entries from several folders of the image. */
function hasForeignChildren(plan: Plan): boolean {
  const origin = new Map<number, number>()
  for (let node = 1; node < plan.length; node++) {
    const entry = plan.entryOf(node)
    if (entry <= 0) continue
    const parent = plan.parentOf(node)
    const from = plan.table.parentOf(entry)
    const known = origin.get(parent)
    if (known === undefined) origin.set(parent, from)
    else if (known !== from) return true
  }
  return false
}

function countWanted(marks: Uint8Array): number {
  let count = 0
  for (const mark of marks) if (mark !== NOT_WANTED) count++
  return count
}

function ancestorCount(table: EntryTable): number {
  const base = table.pathOf(0)
  return base === '' ? 0 : base.split('/').length
}

/**
 * Nodes whose path would be longer than the system takes: what lies too deep costs itself, not the job.
 * @param limit in bytes, the destination's own path included
 * @returns parents before children
 */
export function tooLongNodes(plan: Plan, destination: string, limit: number): number[] {
  const base = Buffer.byteLength(destination)
  const lengths = new Float64Array(plan.length)
  lengths[0] = base
  let longest = base
  for (let node = 1; node < plan.length; node++) {
    if (!plan.isDirectory(node)) continue
    const length = (lengths[plan.parentOf(node)] ?? 0) + 1 + Buffer.byteLength(plan.nameOf(node))
    lengths[node] = length
    if (length > longest) longest = length
  }
  // A file adds one name to its folder's path: mostly no file needs to be looked at.
  if (longest + 1 + LONGEST_NAME <= limit) return []
  const found: number[] = []
  for (let node = 1; node < plan.length; node++) {
    const length = plan.isDirectory(node)
      ? (lengths[node] ?? 0)
      : (lengths[plan.parentOf(node)] ?? 0) + 1 + Buffer.byteLength(plan.nameOf(node))
    if (length > limit) found.push(node)
  }
  return found
}
