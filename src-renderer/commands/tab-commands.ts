import { t } from '../base/locales'
import { desktop } from '../data/api'
import { usePanes } from '../data/stores/panes'
import type { Command } from './command'

/** Tabs of the active pane. */
export function createTabCommands(): Command[] {
  const panes = usePanes()
  const tab = () => panes.activeTab
  // A browser keeps Ctrl+T and Ctrl+W to itself.
  const tabKeys = desktop ? { add: 'Mod+T', close: 'Mod+W' } : { add: 'Alt+T', close: 'Alt+W' }
  return [
    {
      id: 'newTab',
      menu: 'file',
      keys: [tabKeys.add],
      worksWhileTyping: true,
      run: () => panes.addTab(panes.active, tab().address),
    },
    {
      id: 'closeTab',
      menu: 'file',
      keys: [tabKeys.close],
      worksWhileTyping: true,
      run: () => panes.closeTab(panes.active, tab()),
    },
    {
      id: 'closeOtherTabs',
      menu: 'file',
      keys: ['Alt+Shift+W'],
      isEnabled: () => panes.active.tabs.length > 1,
      whyNot: () => t('error.onlyTab'),
      run: () => {
        const [pane, shown] = [panes.active, tab()]
        for (const one of pane.tabs.filter(({ id }) => id !== shown.id)) panes.closeTab(pane, one)
      },
    },
  ]
}
