import { useDialogs } from '../data/stores/dialogs'
import { usePanes } from '../data/stores/panes'
import { showLog } from './actions'
import type { Command } from './command'

/** Whoever wants to know more, or what there was to begin with. */
export function createHelpCommands(): Command[] {
  const dialogs = useDialogs()
  return [
    { id: 'handbook', menu: 'help', keys: ['Alt+Shift+F1'], run: () => dialogs.show({ kind: 'handbook' }) },
    { id: 'keys', menu: 'help', keys: ['F1'], run: () => dialogs.show({ kind: 'keys' }) },
    { id: 'welcome', menu: 'help', keys: ['Mod+Shift+F1'], run: showGuide },
    { id: 'log', menu: 'help', keys: ['Alt+F1'], startsSection: true, run: () => showLog() },
    { id: 'about', menu: 'help', keys: ['Shift+F1'], run: () => dialogs.show({ kind: 'about' }) },
  ]
}

/** The start page of somebody who has never opened anything: in a start page, or in a tab of its own. */
async function showGuide(): Promise<void> {
  const panes = usePanes()
  const { active, activeTab } = panes
  const shown = active.tabs.find(({ address }) => address.kind === 'start' && address.isGuide)
  if (shown) panes.activate(active, shown)
  else if (activeTab.address.kind === 'start') await panes.go(activeTab, { kind: 'start', isGuide: true })
  else panes.addTab(active, { kind: 'start', isGuide: true })
}
