import { useDialogs } from '../data/stores/dialogs'
import { usePanes } from '../data/stores/panes'
import { orAfterChoosing } from './after-choosing'
import type { Command } from './command'
import { imageMeant, showTrust, verifyMeant } from './image-file'
import { ejectMeant, mountMeant } from './mounting'
import { canRescue, findLostImages, protectMeant, rescueMeant } from './rescuing'
import { unless, whenImage, whenOpenImage } from './why-not'

/** What is done with images as a whole: in a tab, or under the cursor in a folder. */
export function createImageCommands(): Command[] {
  const panes = usePanes()
  const dialogs = useDialogs()
  const tab = () => panes.activeTab
  return [
    {
      id: 'verify',
      menu: 'tools',
      keys: ['Alt+V'],
      startsSection: true,
      ...whenImage,
      run: () => verifyMeant(tab()),
    },
    {
      id: 'trust',
      menu: 'tools',
      keys: ['Alt+Shift+V'],
      ...orAfterChoosing('guide.checkTitle', whenImage, () => showTrust(tab())),
    },
    {
      id: 'rescue',
      menu: 'tools',
      keys: ['Alt+Shift+A'],
      ...unless(() => canRescue(tab()), whenImage),
      run: () => rescueMeant(tab()),
    },
    {
      id: 'protect',
      menu: 'tools',
      keys: ['Alt+Shift+G'],
      ...unless(() => canRescue(tab()), whenImage),
      run: () => protectMeant(tab()),
    },
    { id: 'findLost', menu: 'tools', keys: ['Alt+Shift+B'], run: () => findLostImages(tab()) },
    {
      id: 'convert',
      menu: 'tools',
      keys: ['Alt+I'],
      ...whenImage,
      run: () => dialogs.show({ kind: 'convert' }),
    },
    {
      id: 'writeDrive',
      menu: 'tools',
      keys: ['Alt+Shift+U'],
      startsSection: true,
      ...whenImage,
      run: () => dialogs.show({ kind: 'drive', location: imageMeant(tab()) }),
    },
    { id: 'mount', menu: 'tools', keys: ['Alt+Shift+M'], ...whenImage, run: () => mountMeant(tab()) },
    { id: 'eject', menu: 'tools', keys: ['Alt+Shift+D'], run: () => ejectMeant(tab()) },
    {
      id: 'eraseDrive',
      menu: 'tools',
      keys: ['Alt+Shift+E'],
      run: () => dialogs.show({ kind: 'drive', location: null }),
    },
    {
      id: 'discMap',
      menu: 'tools',
      keys: ['Alt+M'],
      startsSection: true,
      ...whenOpenImage,
      run: () => dialogs.show({ kind: 'pictures', page: 'map' }),
    },
    {
      id: 'sizeMap',
      menu: 'tools',
      keys: ['Alt+S'],
      ...whenOpenImage,
      run: () => dialogs.show({ kind: 'pictures', page: 'sizes' }),
    },
  ]
}
