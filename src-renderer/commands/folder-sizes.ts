import { reportErrors } from '../data/errors'
import type { RowKey } from '../data/rows/row-source'
import { useFolderSizes } from '../data/stores/folder-sizes'
import type { Tab } from '../data/stores/panes'

/** Rows that are looked at for folders where nothing is selected. */
const LOOKED_AT = 2000

/** Works out the sizes of the selected folders, or of all that are shown where none is. */
export async function workOutFolderSizes(tab: Tab): Promise<void> {
  const { listing } = tab
  const folders: RowKey[] = []
  const { source } = listing
  const isAny = listing.selection.count === 0
  for (let position = 0; position < Math.min(LOOKED_AT, listing.state.total); position++) {
    const row = await listing.fetchRow(position)
    // Somewhere else by now: these rows are not the ones that were meant.
    if (listing.source !== source) return
    if (row?.kind === 'directory' && (isAny || listing.selection.has(row.key))) folders.push(row.key)
    // Folders come first, as a rule: a thousand files in a row are not looked at one by one.
    else if (isAny && tab.sort.foldersFirst && row?.kind !== 'directory') break
  }
  await reportErrors(() => useFolderSizes().measure(tab, folders))
}
