import { formatCount } from '../base/format'
import { locale, t } from '../base/locales'
import { reportErrors, worded } from '../data/errors'
import { imageName, isListed } from '../data/rows/address'
import type { PaneRow } from '../data/rows/row-source'
import { useLayout } from '../data/stores/layout'
import { usePanes, type Tab } from '../data/stores/panes'
import { useToasts } from '../data/stores/toasts'
import { chooseImage } from './choose-folder'
import type { Command } from './command'
import { imageMeant } from './image-file'
import { openComparison } from './library-commands'
import { whenImage, whyNoRows } from './why-not'

/** Both panes together: going the same way, and seeing what only one of them has. */
export function createPaneCommands(): Command[] {
  const panes = usePanes()
  const layout = useLayout()
  return [
    {
      id: 'comparePanes',
      menu: 'view',
      keys: ['Shift+F2'],
      startsSection: true,
      isEnabled: () => isListed(panes.activeTab.address) && isListed(panes.otherTab.address),
      whyNot: () => t('error.twoLists'),
      run: () => reportErrors(() => comparePanes(panes.currentTab(panes.left), panes.currentTab(panes.right))),
    },
    {
      id: 'syncPanes',
      menu: 'view',
      keys: ['Alt+Shift+Y'],
      isOn: () => layout.isSynced,
      run: () => layout.change({ isSynced: !layout.isSynced }),
    },
    {
      id: 'columnHeaders',
      menu: 'view',
      keys: ['Alt+Shift+C'],
      isEnabled: () => panes.activeTab.listing.state.total > 0 && layout.rowLayout === 'details',
      whyNot: () => whyNoRows() ?? t('error.onlyDetails'),
      run: () => document.querySelector<HTMLElement>('.pane.active [role=columnheader]')?.focus(),
    },
    {
      id: 'compareWith',
      menu: 'tools',
      keys: ['Alt+Shift+K'],
      ...whenImage,
      run: () => compareWith(panes.activeTab),
    },
  ]
}

/** Rows of more than this are not compared: nobody would look through what differs. */
const COMPARED_AT_MOST = 50_000
const WINDOW = 1000

/** Selects in both panes what the other has not, or has otherwise: by name, and files by size. */
async function comparePanes(left: Tab, right: Tab): Promise<void> {
  const [here, there] = [await rowsOf(left), await rowsOf(right)]
  const lacking = (rows: readonly PaneRow[], other: readonly PaneRow[]): PaneRow[] => {
    const known = new Map(other.map((row) => [row.name, row]))
    return rows.filter((row) => {
      const twin = known.get(row.name)
      return twin?.kind !== row.kind || (row.kind === 'file' && twin.byteLength !== row.byteLength)
    })
  }
  const [onlyHere, onlyThere] = [lacking(here, there), lacking(there, here)]
  await left.listing.selection.choose(onlyHere)
  await right.listing.selection.choose(onlyThere)
  const count = (rows: readonly PaneRow[]): string => formatCount(rows.length, locale.value)
  const isSame = onlyHere.length + onlyThere.length === 0
  useToasts().show({
    tone: 'plain',
    title: isSame ? t('panePair.identical') : t('panePair.differ', { left: count(onlyHere), right: count(onlyThere) }),
    detail: t('panePair.how'),
  })
}

async function rowsOf({ listing }: Tab): Promise<PaneRow[]> {
  const { source, query, state } = listing
  if (!source || !query) return []
  if (state.total > COMPARED_AT_MOST)
    throw worded('BAD_REQUEST', t('panePair.tooMany', { n: formatCount(COMPARED_AT_MOST, locale.value) }))
  const rows: PaneRow[] = []
  while (rows.length < state.total) {
    const answer = await source.fetch(query, rows.length, WINDOW)
    if (answer.rows.length === 0) break
    rows.push(...answer.rows)
  }
  return rows
}

/** Two images, one of which is asked for. */
async function compareWith(tab: Tab): Promise<void> {
  const location = imageMeant(tab)
  if (!location) return
  const view = tab.address.kind === 'image' ? tab.view : null
  await chooseImage({
    title: t('panePair.compareTitle', { name: imageName(location) }),
    confirm: t('panePair.compareConfirm'),
    isImage: true,
    startAt: '',
    submit(path) {
      openComparison([
        { location, view },
        { location: { kind: 'path', path, inside: [] }, view: null },
      ])
      return Promise.resolve()
    },
  })
}
