import { hasColumn, SORT_COLUMNS } from '../data/rows/columns'
import { useDialogs } from '../data/stores/dialogs'
import { useLayout } from '../data/stores/layout'
import { usePanes, type Tab } from '../data/stores/panes'
import { lookAgain } from './project-edits'
import { useSettings } from '../data/stores/settings'
import { t } from '../base/locales'
import type { Command } from './command'
import { whenRows, whyNoRows } from './why-not'
import { workOutFolderSizes } from './folder-sizes'

/** What lies below a folder of this computer is not watched: it is read anew where that is asked for. */
async function readAgain(tab: Tab): Promise<void> {
  const panes = usePanes()
  const row = tab.listing.row(tab.listing.state.cursor)
  if (tab.address.kind === 'project') return lookAgain(tab.address.project)
  await (tab.address.kind === 'folder' && tab.address.isDeep ? panes.load(tab, row?.name) : panes.refresh(tab))
}

const capitalized = <Text extends string>(text: Text) =>
  (text.charAt(0).toUpperCase() + text.slice(1)) as Capitalize<Text>

/** The menu “View”: how things are shown. */
export function createViewCommands(): Command[] {
  const panes = usePanes()
  const layout = useLayout()
  const dialogs = useDialogs()
  const settings = useSettings()
  const tab = () => panes.activeTab
  const hasRows = (): boolean => tab().listing.state.total > 0
  return [
    { id: 'preview', menu: 'view', keys: ['F3'], isOn: () => layout.isPreviewOpen, run: layout.togglePreview },
    {
      id: 'queue',
      menu: 'view',
      keys: ['Mod+J'],
      worksWhileTyping: true,
      isOn: () => layout.isQueueOpen,
      run: layout.toggleQueue,
    },
    {
      id: 'toolbar',
      menu: 'view',
      keys: ['Alt+Shift+T'],
      isOn: () => layout.isToolbarOpen,
      run: layout.toggleToolbar,
    },
    { id: 'tree', menu: 'view', keys: ['Mod+B'], isOn: () => layout.isTreeOpen, run: layout.toggleTree },
    {
      id: 'details',
      menu: 'view',
      keys: ['Mod+1'],
      startsSection: true,
      isOn: () => layout.rowLayout === 'details',
      run: () => layout.showAs('details'),
    },
    {
      id: 'list',
      menu: 'view',
      keys: ['Mod+3'],
      isOn: () => layout.rowLayout === 'list',
      run: () => layout.showAs('list'),
    },
    {
      id: 'tiles',
      menu: 'view',
      keys: ['Mod+2'],
      isOn: () => layout.rowLayout === 'tiles',
      run: () => layout.showAs('tiles'),
    },
    ...SORT_COLUMNS.map((column, index): Command => ({
      id: `sort${capitalized(column.id)}`,
      menu: 'view',
      keys: [column.sortKey],
      submenu: 'sortBy',
      startsSection: index === 0,
      isEnabled: () => hasRows() && hasColumn(tab().address.kind, column),
      whyNot: () => whyNoRows() ?? t('error.noSuchColumn'),
      isOn: () => tab().sort.column === column.id,
      run: () => panes.sortBy(tab(), column.id),
    })),
    {
      id: 'foldersFirst',
      menu: 'view',
      submenu: 'sortBy',
      startsSection: true,
      keys: ['Alt+Shift+F'],
      ...whenRows,
      isOn: () => tab().sort.foldersFirst,
      run: () => panes.toggleFoldersFirst(tab()),
    },
    {
      id: 'showHidden',
      menu: 'view',
      keys: ['Mod+H'],
      startsSection: true,
      isOn: () => settings.current.showHidden,
      run: () => settings.change({ showHidden: !settings.current.showHidden }),
    },
    { id: 'columns', menu: 'view', keys: ['Alt+C'], run: () => dialogs.show({ kind: 'columns' }) },
    {
      id: 'folderSizes',
      menu: 'view',
      keys: ['Alt+Shift+Enter'],
      ...whenRows,
      run: () => workOutFolderSizes(tab()),
    },
    { id: 'refresh', menu: 'view', keys: ['Mod+R'], run: () => readAgain(tab()) },
    { id: 'swap', menu: 'view', keys: ['Mod+U'], startsSection: true, run: panes.swap },
    {
      id: 'sameFolder',
      menu: 'view',
      keys: ['Alt+O'],
      isEnabled: () => tab().address.kind !== 'start',
      whyNot: () => t('error.emptyHere'),
      run: () => panes.go(panes.otherTab, tab().address),
    },
    { id: 'evenSplit', menu: 'view', keys: ['Alt+='], run: () => layout.change({ split: 0.5 }) },
  ]
}
