import { useDialogs } from '../data/stores/dialogs'
import { usePanes } from '../data/stores/panes'
import type { Command } from './command'
import { imageMeant, showTrust, verifyMeant } from './image-file'
import { isOpenImage } from './meant'
import { ejectMeant, mountMeant } from './mounting'
import { canRescue, findLostImages, protectMeant, rescueMeant } from './rescuing'

/** What is done with images as a whole: in a tab, or under the cursor in a folder. */
export function createImageCommands(): Command[] {
  const panes = usePanes()
  const dialogs = useDialogs()
  const tab = () => panes.activeTab
  const isImage = (): boolean => isOpenImage(tab())
  const hasImage = (): boolean => imageMeant(tab()) !== null
  return [
    {
      id: 'verify',
      menu: 'tools',
      keys: ['Alt+V'],
      startsSection: true,
      isEnabled: hasImage,
      run: () => verifyMeant(tab()),
    },
    {
      id: 'trust',
      menu: 'tools',
      keys: ['Alt+Shift+V'],
      isEnabled: hasImage,
      run: () => showTrust(tab()),
    },
    {
      id: 'rescue',
      menu: 'tools',
      keys: ['Alt+Shift+A'],
      isEnabled: () => canRescue(tab()),
      run: () => rescueMeant(tab()),
    },
    {
      id: 'protect',
      menu: 'tools',
      keys: ['Alt+Shift+G'],
      isEnabled: () => canRescue(tab()),
      run: () => protectMeant(tab()),
    },
    { id: 'findLost', menu: 'tools', keys: ['Alt+Shift+B'], run: () => findLostImages(tab()) },
    {
      id: 'convert',
      menu: 'tools',
      keys: ['Alt+I'],
      isEnabled: hasImage,
      run: () => dialogs.show({ kind: 'convert' }),
    },
    {
      id: 'writeDrive',
      menu: 'tools',
      keys: ['Alt+Shift+U'],
      startsSection: true,
      isEnabled: hasImage,
      run: () => dialogs.show({ kind: 'drive', location: imageMeant(tab()) }),
    },
    { id: 'mount', menu: 'tools', keys: ['Alt+Shift+M'], isEnabled: hasImage, run: () => mountMeant(tab()) },
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
      isEnabled: isImage,
      run: () => dialogs.show({ kind: 'pictures', page: 'map' }),
    },
    {
      id: 'sizeMap',
      menu: 'tools',
      keys: ['Alt+S'],
      isEnabled: isImage,
      run: () => dialogs.show({ kind: 'pictures', page: 'sizes' }),
    },
  ]
}
