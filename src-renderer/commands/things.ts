import type { PaneRow } from '../data/rows/row-source'
import { entryPath } from '../data/rows/address'
import { folderName } from '../data/rows/names'
import type { Subject, Thing } from '../data/rows/thing'
import { useDialogs } from '../data/stores/dialogs'
import { useImages } from '../data/stores/images'
import type { Tab } from '../data/stores/panes'
import { openImageOf } from './transfer'

/** The row under the cursor as a thing; null where there is none, or nothing is known of it but its name. */
export function thingOfRow(tab: Tab, row: PaneRow | null | undefined): Thing | null {
  if (!row || row.hit) return null
  const { address } = tab
  if (address.kind === 'folder' && typeof row.key === 'string') return { kind: 'path', path: row.key, row }
  if (address.kind !== 'image' || typeof row.key !== 'number' || tab.view === null) return null
  if (useImages().get(address.location) === null) return null
  return { kind: 'entry', ref: { ...openImageOf(tab), entry: row.key }, path: entryPath(address, row), row }
}

/** What “Properties” is about in a tab; null where there is nothing. */
export function subjectOf(tab: Tab): Subject | null {
  const { listing, address } = tab
  const count = selectedCount(tab)
  if (count > 1) return { kind: 'several', tab, count }
  const thing = thingOfRow(tab, listing.row(listing.state.cursor))
  if (thing) return { kind: 'one', thing }
  return address.kind === 'image' && useImages().get(address.location) !== null
    ? { kind: 'one', thing: { kind: 'image', location: address.location } }
    : null
}

/** What checksums can be made of: the file under the cursor, else the image that a tab shows, where it is a file here. */
export function summableOf(tab: Tab): Thing | null {
  const { listing, address } = tab
  // Of several it would be one that is not told from the others.
  if (selectedCount(tab) > 1) return null
  const thing = thingOfRow(tab, listing.row(listing.state.cursor))
  if (thing !== null && isSummable(thing)) return thing
  const image: Thing | null = address.kind === 'image' ? { kind: 'image', location: address.location } : null
  return image !== null && isSummable(image) ? image : null
}

function selectedCount({ listing }: Tab): number {
  return listing.selection.state.version >= 0 ? listing.selection.count : 0
}

/** Whether a thing is one file with bytes of its own. */
export function isSummable(thing: Thing): boolean {
  if (thing.kind === 'image') return thing.location.kind === 'path' && thing.location.inside.length === 0
  return thing.row.kind === 'file'
}

/** What a thing is called. */
export function nameOfThing(thing: Thing): string {
  return thing.kind === 'image' ? thing.location.path.replace(/^.*[\\/]/, '') : thing.row.name
}

/** The dialog of checksums for what {@link summableOf} answers. */
export function showChecksums(tab: Tab): void {
  const thing = summableOf(tab)
  if (thing) useDialogs().show({ kind: 'checksums', thing })
}

/** What is known of the folder, or of the image, that a tab shows. */
export function showFolderProperties(tab: Tab): void {
  const { address } = tab
  const dialogs = useDialogs()
  if (address.kind === 'image')
    dialogs.show({ kind: 'properties', subject: { kind: 'one', thing: { kind: 'image', location: address.location } } })
  if (address.kind !== 'folder') return
  const row: PaneRow = {
    key: address.path,
    name: folderName(address.path),
    kind: 'directory',
    byteLength: 0,
    modified: null,
    mode: null,
    owner: null,
    target: null,
    hidden: false,
    status: 'complete',
    looksLikeImage: false,
    childCount: null,
    position: null,
  }
  dialogs.show({ kind: 'properties', subject: { kind: 'one', thing: { kind: 'path', path: address.path, row } } })
}

/** Alt+Enter. */
export function showProperties(tab: Tab): void {
  const subject = subjectOf(tab)
  if (subject) useDialogs().show({ kind: 'properties', subject })
}
