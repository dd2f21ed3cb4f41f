import type picomatch from 'picomatch'
import { createRequire } from 'node:module'
import { because, type ChildSelection, NumberRanges } from '../../src-shared/model'
import type { EntryTable } from '../image/core/entry-table'
import { ExtractError } from './extract-error'

export interface SelectionRequest {
  /** Paths in the view; null for everything. */
  paths: readonly string[] | null
  /** Many entries of one directory, beside those of `paths`. */
  children?: ChildSelection
  /** Globs over whole paths; one without a slash is matched against names. */
  include?: readonly string[]
  exclude?: readonly string[]
}

/** Which entries are wanted, one byte an entry. */
export const NOT_WANTED = 0
/** Wanted itself. */
export const WANTED = 1
/** A directory on the way to something wanted: made, but not asked for. */
export const ON_THE_WAY = 2

export interface Selection {
  /** Indexed as the table. */
  marks: Uint8Array
  /** The entries named by `paths` (or the root), in the table's order. */
  roots: number[]
}

/**
 * Marks the entries that a request means, ancestors included.
 * @throws {ExtractError} `NO_SUCH_PATH` for a path that the view does not hold
 */
export function selectEntries(table: EntryTable, request: SelectionRequest): Selection {
  const marks = new Uint8Array(table.length)
  const roots = request.paths === null ? [0] : request.paths.map((path) => findPath(table, path))
  if (request.children) for (const root of childrenOf(table, request.children)) roots.push(root)
  roots.sort((a, b) => a - b)
  for (const root of roots) marks[root] = WANTED
  // Parents come before children, so one pass carries the mark down.
  for (let i = 1; i < table.length; i++) if (marks[table.parentOf(i)] === WANTED) marks[i] = WANTED
  filterByGlobs(table, marks, request)
  for (let i = table.length - 1; i > 0; i--) {
    const parent = table.parentOf(i)
    if (marks[i] !== NOT_WANTED && marks[parent] === NOT_WANTED) marks[parent] = ON_THE_WAY
  }
  return { marks, roots }
}

/** @throws {ExtractError} `ENTRY_GONE` where the directory is not as it was when they were selected */
function* childrenOf(table: EntryTable, selected: ChildSelection): Generator<number> {
  const directory = findPath(table, selected.directory)
  const first = table.firstChildOf(directory)
  const places = NumberRanges.from(selected.ranges)
  const isSame =
    table.childCountOf(directory) === selected.childCount &&
    places.last < selected.childCount &&
    table.nameOf(first + places.first) === selected.firstName &&
    table.nameOf(first + places.last) === selected.lastName
  if (!isSame)
    throw new ExtractError(
      'ENTRY_GONE',
      `“${selected.directory}” in the image is not as it was when this was selected. Open the image again.`,
      because('notInImage', { path: selected.directory }),
    )
  for (const place of places) yield first + place
}

/** The index of the entry at `path` (`''` is the table's root), walking down by name. */
export function findPath(table: EntryTable, path: string): number {
  const wanted = path.replace(/^\/+|\/+$/g, '')
  const base = table.pathOf(0)
  if (wanted === base) return 0
  const rest = base === '' ? wanted : wanted.startsWith(`${base}/`) ? wanted.slice(base.length + 1) : null
  let at = rest === null ? -1 : 0
  for (const name of rest?.split('/') ?? []) {
    at = findChild(table, at, name)
    if (at < 0) break
  }
  if (at < 0)
    throw new ExtractError('NO_SUCH_PATH', `There is no “${path}” in the image.`, because('noSuchPath', { path }))
  return at
}

function findChild(table: EntryTable, directory: number, name: string): number {
  const first = table.firstChildOf(directory)
  const end = first + table.childCountOf(directory)
  for (let i = first; i < end; i++) if (table.nameOf(i) === name) return i
  return -1
}

type Matcher = (path: string, name: string) => boolean

function filterByGlobs(table: EntryTable, marks: Uint8Array, request: SelectionRequest): void {
  const includes = compile(request.include)
  const excludes = compile(request.exclude)
  if (!includes && !excludes) return
  // What a directory matched holds for everything below it: 1 included, 2 excluded.
  const inherited = new Uint8Array(table.length)
  for (let i = 0; i < table.length; i++) {
    const fromParent = i === 0 ? 0 : (inherited[table.parentOf(i)] ?? 0)
    if (marks[i] !== WANTED) {
      inherited[i] = fromParent
      continue
    }
    const path = table.pathOf(i)
    const name = table.nameOf(i)
    const isExcluded = (fromParent & 2) !== 0 || (i > 0 && excludes?.(path, name) === true)
    const isIncluded = !includes || (fromParent & 1) !== 0 || (i > 0 && includes(path, name))
    inherited[i] = (isIncluded ? 1 : 0) | (isExcluded ? 2 : 0)
    if (isExcluded || !isIncluded) marks[i] = NOT_WANTED
  }
}

function compile(globs: readonly string[] | undefined): Matcher | null {
  if (!globs || globs.length === 0) return null
  const options = { dot: true, nonegate: true }
  // Loaded when it is asked for: most extractions need no globs, and a small one ends before it would be loaded.
  const matcherOf = createRequire(import.meta.url)('picomatch') as typeof picomatch
  const byName = globs.filter((glob) => !glob.includes('/')).map((glob) => matcherOf(glob, options))
  const byPath = globs
    .filter((glob) => glob.includes('/'))
    .map((glob) => matcherOf(glob.replace(/^\/+|\/+$/g, ''), options))
  return (path, name) => byName.some((matches) => matches(name)) || byPath.some((matches) => matches(path))
}
