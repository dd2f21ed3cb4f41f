import { isTreeOfFiles, type Diagnostic, type ViewInfo } from '../../../src-shared/model'
import { compareViews, type EntryTable, type ImageView } from '../../image'

/** Larger trees are not held to be compared: two of them at once would take too much memory. */
const COMPARED_AT_MOST = 300_000

/**
 * Compares the default view with each other tree of files, as the trees come by: a bridge whose sides hold different
 * files shows one thing to a scanner and another to a person.
 */
export class ViewDifferences {
  readonly diagnostics: Diagnostic[] = []
  private base: { view: ImageView; table: EntryTable } | null = null

  /** To be given the default view first. */
  add(view: ImageView, table: EntryTable): void {
    const { info } = view
    if (!isTreeOfFiles(info) || table.length > COMPARED_AT_MOST) return
    if (info.isDefault) this.base = { view, table }
    else if (this.base && areSides(this.base.view, view))
      this.diagnostics.push(...compareViews(this.base.table, table, this.base.view.info.label, info.label))
  }
}

/** Whether two trees are views of one thing: other partitions of a disk hold other files by their nature. */
function areSides(one: ImageView, other: ImageView): boolean {
  if (sessionOf(one.info) !== sessionOf(other.info)) return false
  const { byteOffset, byteEnd } = one.volume
  const place = other.volume.byteOffset
  return place === byteOffset || (other.mayShareFiles && place > byteOffset && place < byteEnd)
}

/** Sessions differ because something was added; that they are there is a diagnostic of its own. */
function sessionOf(view: ViewInfo): string {
  return view.id.split('@')[1] ?? ''
}

/** The default view first. */
export function inReadingOrder(views: readonly ViewInfo[]): ViewInfo[] {
  return [...views].sort((a, b) => Number(b.isDefault) - Number(a.isDefault))
}
