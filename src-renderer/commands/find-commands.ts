import { nextTick } from 'vue'
import { isDeepAddress, shallow } from '../data/rows/address'
import { showHit } from '../data/rows/hits'
import { reportErrors } from '../data/errors'
import { useLayout } from '../data/stores/layout'
import { usePanes, type Tab } from '../data/stores/panes'
import type { Command } from './command'
import { t } from '../base/locales'
import { isOpenImage } from './meant'
import { unless, whyNoRows } from './why-not'

/** Finding things from the pane that shows what they are in, and seeing everything below a folder at once. */
export function createFindCommands(): Command[] {
  const panes = usePanes()
  const tab = () => panes.activeTab
  const canFind = (): boolean => tab().address.kind === 'folder' || isOpenImage(tab())
  const whyNoFind = (): string => t(tab().address.kind === 'project' ? 'project.findNot' : 'error.findWhere')
  return [
    {
      id: 'findBelow',
      menu: 'edit',
      keys: ['Mod+Shift+F'],
      worksWhileTyping: true,
      ...unless(canFind, { whyNot: whyNoFind }),
      run: () => findBelow(tab()),
    },
    {
      id: 'flat',
      menu: 'view',
      keys: ['Mod+Shift+B'],
      startsSection: true,
      ...unless(canFind, { whyNot: whyNoFind }),
      isOn: () => isDeepAddress(tab().address),
      run: () => toggleDeep(tab()),
    },
    {
      id: 'showInFolder',
      menu: 'go',
      keys: ['Mod+Shift+Enter'],
      ...unless(() => isPlaced(tab()), { whyNot: () => whyNoRows() ?? t('error.inItsFolder') }),
      run: () => showInFolder(tab()),
    },
  ]
}

/** Ctrl+Shift+F: everything in the image, or below the folder, with the keyboard in the field that narrows it. */
async function findBelow(tab: Tab): Promise<void> {
  const { address } = tab
  if (address.kind !== 'folder' && address.kind !== 'image') return
  const { go } = usePanes()
  const going = isDeepAddress(address)
    ? Promise.resolve()
    : go(tab, address.kind === 'image' ? { ...address, path: '', isDeep: true } : { ...address, isDeep: true })
  // The field is there at once, however long the rows take.
  await nextTick()
  useLayout().editFilter()
  await going
}

async function toggleDeep(tab: Tab): Promise<void> {
  const { address } = tab
  if (address.kind !== 'folder' && address.kind !== 'image') return
  await usePanes().go(tab, isDeepAddress(address) ? shallow(address) : { ...address, isDeep: true })
}

/** Whether the row under the cursor lies elsewhere than in the folder that is shown. */
function isPlaced({ listing }: Tab): boolean {
  const row = listing.row(listing.state.cursor)
  return row !== null && (row.hit !== undefined || row.folder !== undefined)
}

/** To the folder that the row under the cursor lies in, with the cursor on it. */
async function showInFolder(tab: Tab): Promise<void> {
  const { address, listing } = tab
  const row = listing.row(listing.state.cursor)
  if (!row) return
  const { hit } = row
  if (hit) {
    await reportErrors(() => showHit(hit))
    return
  }
  if (row.folder === undefined || (address.kind !== 'folder' && address.kind !== 'image')) return
  await usePanes().go(tab, { ...shallow(address), path: row.folder }, row.name)
}
