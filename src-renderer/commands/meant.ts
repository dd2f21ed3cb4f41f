import type { EntrySelection } from '../../src-shared/contract'
import type { KeySet } from '../data/rows/key-set'
import { keySetOf } from '../data/rows/selection'
import { useImages } from '../data/stores/images'
import type { Tab } from '../data/stores/panes'

/** Up to so many entries cross one by one; more of them as ranges. */
const NAMED_AT_MOST = 100

/**
 * What a command acts on: what is selected; without a selection what a filter leaves to be seen, or else the folder that
 * is shown, which at an image's root is everything.
 */
export interface Meant {
  kind: 'selected' | 'shown' | 'folder' | 'everything'
  /** Rows; 0 for a folder or everything. */
  count: number
}

export function meantOf(tab: Tab): Meant {
  const { listing } = tab
  // Read so that whoever shows it follows the selection.
  const selected = listing.selection.state.version >= 0 ? listing.selection.count : 0
  if (selected > 0) return { kind: 'selected', count: selected }
  if (tab.filter !== '') return { kind: 'shown', count: listing.state.total }
  return { kind: tab.directory === 0 ? 'everything' : 'folder', count: 0 }
}

/** The entries of an image that are meant; null for everything. */
export async function meantEntries(tab: Tab): Promise<EntrySelection | null> {
  const { kind } = meantOf(tab)
  if (kind === 'selected') return entriesOf(tab)
  if (kind === 'shown') {
    const { source, query, state } = tab.listing
    return source && query ? crossing((await keySetOf(source, query, 0, state.total)).keys) : []
  }
  return kind === 'everything' ? null : [tab.directory]
}

/** The selected entries of an image, as they cross to the engine. */
export function entriesOf(tab: Tab): EntrySelection {
  return crossing(tab.listing.selection.keys)
}

/** The selected entries, or the one under the cursor; null where there is none. */
export function entriesAtCursor(tab: Tab): { entries: EntrySelection; count: number } | null {
  const { selection, state } = tab.listing
  const { size } = selection.keys.numbers
  if (size > 0) return { entries: entriesOf(tab), count: size }
  const key = tab.listing.row(state.cursor)?.key
  return typeof key === 'number' ? { entries: [key], count: 1 } : null
}

function crossing({ numbers }: KeySet): EntrySelection {
  return numbers.size > NAMED_AT_MOST ? { ranges: numbers.flat() } : [...numbers]
}

/** Whether a tab shows an image that could be opened: one that could not has no rows, and nothing to be done with. */
export function isOpenImage({ address, listing }: Tab): boolean {
  return address.kind === 'image' && listing.state.status !== 'failed' && useImages().get(address.location) !== null
}

/** Whether contents can be read of what a tab shows: of an image whose file is away only its names are known. */
export function isReadable({ address }: Tab): boolean {
  return address.kind !== 'image' || useImages().get(address.location)?.isRemembered !== true
}
