import { t } from '../base/locales'
import { worded } from '../data/errors'
import { useImages } from '../data/stores/images'
import type { Tab } from '../data/stores/panes'

/** The open image a tab shows, with the view it shows of it. */
export function openImageOf(tab: Tab): { image: number; generation: number; view: string } {
  const opened = tab.address.kind === 'image' ? useImages().get(tab.address.location) : null
  if (!opened || tab.view === null) throw worded('IMAGE_CLOSED', t('error.imageClosed'))
  return { image: opened.image, generation: opened.generation, view: tab.view }
}

/** The selected paths of a folder, or the one under the cursor. */
export function pathsOf(tab: Tab): string[] {
  const { paths } = tab.listing.selection.keys
  if (paths.size > 0) return [...paths]
  const key = tab.listing.row(tab.listing.state.cursor)?.key
  return typeof key === 'string' ? [key] : []
}
