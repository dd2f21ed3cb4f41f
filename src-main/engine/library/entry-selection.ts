import type { EntrySelection } from '../../../src-shared/contract/shapes'
import { NumberRanges, type ChildSelection } from '../../../src-shared/model'
import type { DirectoryQuery, EntryReader } from '../../catalog'

/** Up to so many entries are named one by one: a job that lists what it takes is easier to read. */
export const NAMED_AT_MOST = 500

/** Selected entries as an extraction takes them: by their paths, or many of one directory by their places in it. */
export interface SelectedEntries {
  paths: string[]
  children?: ChildSelection
}

/** The numbers that a selection means, ascending where they came as ranges. */
export function entriesIn(selection: EntrySelection): number[] {
  return Array.isArray(selection) ? selection : [...NumberRanges.from(selection.ranges)]
}

/** @returns null where the root itself is meant: everything */
export function selectedEntries(
  reader: EntryReader,
  view: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>,
  selection: EntrySelection,
): SelectedEntries | null {
  const numbers = Array.isArray(selection) ? NumberRanges.of(selection) : NumberRanges.from(selection.ranges)
  if (numbers.has(0)) return null
  const children = numbers.size > NAMED_AT_MOST ? childrenIn(reader, view, numbers) : null
  if (children) return { paths: [], children }
  return { paths: outermost(reader, view, numbers).map((entry) => reader.pathOf(view, entry)) }
}

/** Without what lies in a folder that is selected itself: where rows of several folders are listed together, both may be. */
function outermost(
  reader: EntryReader,
  view: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>,
  numbers: NumberRanges,
): number[] {
  const isInside = new Map<number, boolean>([[0, false]])
  /** Whether an entry is selected, or lies in something that is. */
  const isCovered = (entry: number): boolean => {
    const known = isInside.get(entry)
    if (known !== undefined) return known
    const { parent } = reader.row(view, entry)
    // Parents have smaller numbers than their children, so this ends.
    const answer = numbers.has(entry) || (parent < entry && isCovered(parent))
    isInside.set(entry, answer)
    return answer
  }
  return [...numbers].filter((entry) => {
    const { parent } = reader.row(view, entry)
    return parent >= entry || !isCovered(parent)
  })
}

/** Null where they are not all of one directory, or that is still being read and its numbers pass. */
function childrenIn(
  reader: EntryReader,
  view: Pick<DirectoryQuery, 'imageId' | 'generation' | 'view'>,
  numbers: NumberRanges,
): ChildSelection | null {
  const { first, last } = numbers
  const firstRow = reader.row(view, first)
  const siblings = reader.wholeChildRange(view, firstRow.parent)
  if (!siblings) return null
  const [begin, childCount] = siblings
  if (first < begin || last >= begin + childCount) return null
  return {
    directory: reader.pathOf(view, firstRow.parent),
    ranges: numbers.moved(-begin).flat(),
    childCount,
    firstName: firstRow.name,
    lastName: reader.row(view, last).name,
  }
}
