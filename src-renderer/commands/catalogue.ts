import { desktop } from '../data/api'
import { createLibraryCommands } from './library-commands'
import { canSortBy } from '../data/rows/columns'
import { useDialogs } from '../data/stores/dialogs'
import { useEngine } from '../data/stores/engine'
import { useJobs } from '../data/stores/jobs'
import { useLayout } from '../data/stores/layout'
import { usePanes } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import {
  askForMask,
  copyPaths,
  createFolder,
  downloadRows,
  goUp,
  openCursorRow,
  openImages,
  pathToReveal,
  renameRow,
  revealRow,
  showLog,
} from './actions'
import { copySelection, hasCopied, pasteInto } from './clipboard'
import { workOutFolderSizes } from './folder-sizes'
import { convertImage, verifyImage } from './image-jobs'
import { isOpenImage, isReadable } from './meant'
import { extractAs } from './transfer-as'
import { moveToTrash } from './trash'
import { destinationFor, moveBetweenFolders, planTransfer, transferFromActive } from './transfer'
import type { Command } from './command'

export { MENUS, type Command, type MenuName, type SubmenuName } from './command'

/** Every column can be sorted by; the first four keys are those that two-pane managers have for it. */
const SORTS = [
  ['sortName', 'name', 'Mod+F3'],
  ['sortExtension', 'extension', 'Mod+F4'],
  ['sortModified', 'modified', 'Mod+F5'],
  ['sortSize', 'size', 'Mod+F6'],
  ['sortKind', 'kind', 'Mod+F7'],
  ['sortMode', 'mode', 'Mod+F8'],
  ['sortOwner', 'owner', 'Mod+F9'],
  ['sortStatus', 'status', 'Mod+F10'],
  ['sortHash', 'hash', 'Mod+F11'],
  ['sortTarget', 'target', 'Mod+F12'],
  ['sortPosition', 'position', 'Mod+F2'],
] as const

const tab = () => usePanes().activeTab
const isFolder = (): boolean => tab().address.kind === 'folder'
const isImage = (): boolean => isOpenImage(tab())
/** One whose contents are there, too: its file may be away. */
const hasContents = (): boolean => isImage() && isReadable(tab())
const hasRows = (): boolean => tab().listing.state.total > 0

/** Every command, in the order of its menu. Menus, keys and the palette are all made of this one list. */
export function createCommands(): Command[] {
  const panes = usePanes()
  const layout = useLayout()
  const dialogs = useDialogs()
  const settings = useSettings()
  const jobs = useJobs()

  const other = () => panes.otherTab
  // A browser keeps Ctrl+T and Ctrl+W to itself.
  const tabKeys = desktop ? { add: 'Mod+T', close: 'Mod+W' } : { add: 'Alt+T', close: 'Alt+W' }

  return [
    { id: 'open', menu: 'file', keys: ['Mod+O'], worksWhileTyping: true, run: openImages },
    {
      id: 'newTab',
      menu: 'file',
      keys: [tabKeys.add],
      run: () => panes.addTab(panes.active, tab().address),
    },
    { id: 'closeTab', menu: 'file', keys: [tabKeys.close], run: () => panes.closeTab(panes.active, tab()) },
    {
      id: 'transfer',
      menu: 'file',
      keys: ['F5'],
      startsSection: true,
      isEnabled: () => planTransfer(tab(), other()) !== null,
      run: transferFromActive,
    },
    {
      id: 'transferAs',
      menu: 'file',
      keys: ['Shift+F5'],
      isEnabled: () => hasContents() && hasRows(),
      run: () => extractAs(tab()),
    },
    {
      id: 'archive',
      menu: 'file',
      keys: ['Alt+F5'],
      isEnabled: () => hasContents() && hasRows(),
      run: () => dialogs.show({ kind: 'archive' }),
    },
    {
      id: 'createImage',
      menu: 'file',
      keys: ['Shift+F7'],
      isEnabled: () => isFolder() && hasRows(),
      run: () => dialogs.show({ kind: 'createImage' }),
    },
    {
      id: 'move',
      menu: 'file',
      keys: ['F6'],
      isEnabled: () => isFolder() && other().address.kind === 'folder' && hasRows(),
      run: moveBetweenFolders,
    },
    { id: 'newFolder', menu: 'file', keys: ['F7'], isEnabled: isFolder, run: () => createFolder(tab()) },
    { id: 'rename', menu: 'file', keys: ['F2'], isEnabled: () => isFolder() && hasRows(), run: () => renameRow(tab()) },
    ...(desktop
      ? [
          {
            id: 'trash',
            menu: 'file' as const,
            keys: ['Delete'],
            isEnabled: () => isFolder() && hasRows(),
            run: () => moveToTrash(tab()),
          },
          {
            id: 'reveal',
            menu: 'file' as const,
            keys: ['Alt+R'],
            isEnabled: () => pathToReveal(tab()) !== null,
            run: () => revealRow(tab()),
          },
        ]
      : [
          {
            id: 'download',
            menu: 'file' as const,
            keys: ['Mod+D'],
            isEnabled: hasContents,
            run: () => downloadRows(tab()),
          },
        ]),

    { id: 'copy', menu: 'edit', keys: ['Mod+C'], isEnabled: hasRows, run: () => copySelection(tab()) },
    {
      id: 'paste',
      menu: 'edit',
      keys: ['Mod+V'],
      isEnabled: () => hasCopied() && isFolder(),
      run: () => pasteInto(tab()),
    },
    {
      id: 'selectAll',
      menu: 'edit',
      startsSection: true,
      keys: ['Mod+A'],
      isEnabled: hasRows,
      run: () => tab().listing.selection.all(),
    },
    {
      id: 'selectNone',
      menu: 'edit',
      keys: ['Escape'],
      isEnabled: hasRows,
      run: () => tab().listing.selection.clear(),
    },
    {
      id: 'invertSelection',
      menu: 'edit',
      keys: ['*'],
      isEnabled: hasRows,
      run: () => tab().listing.selection.invert(),
    },
    { id: 'selectMask', menu: 'edit', keys: ['+'], isEnabled: hasRows, run: () => askForMask(tab(), true) },
    { id: 'deselectMask', menu: 'edit', keys: ['-'], isEnabled: hasRows, run: () => askForMask(tab(), false) },
    {
      id: 'copyPath',
      menu: 'edit',
      keys: ['Mod+Shift+C'],
      startsSection: true,
      isEnabled: hasRows,
      run: () => copyPaths(tab()),
    },
    {
      id: 'filter',
      menu: 'edit',
      keys: ['Mod+F'],
      startsSection: true,
      isEnabled: () => !!tab(),
      run: layout.editFilter,
    },

    { id: 'preview', menu: 'view', keys: ['F3'], isOn: () => layout.isPreviewOpen, run: layout.togglePreview },
    {
      id: 'queue',
      menu: 'view',
      keys: ['Mod+J'],
      worksWhileTyping: true,
      isOn: () => layout.isQueueOpen,
      run: layout.toggleQueue,
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
    ...SORTS.map(([id, column, key], index): Command => ({
      id,
      menu: 'view',
      keys: [key],
      submenu: 'sortBy',
      startsSection: index === 0,
      isEnabled: () => hasRows() && canSortBy(tab().address.kind, column),
      isOn: () => tab().sort.column === column,
      run: () => panes.sortBy(tab(), column),
    })),
    {
      id: 'foldersFirst',
      menu: 'view',
      submenu: 'sortBy',
      startsSection: true,
      keys: ['Alt+Shift+F'],
      isEnabled: hasRows,
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
      isEnabled: hasRows,
      run: () => workOutFolderSizes(tab()),
    },
    { id: 'refresh', menu: 'view', keys: ['Mod+R'], run: () => panes.refresh(tab()) },
    { id: 'swap', menu: 'view', keys: ['Mod+U'], startsSection: true, run: panes.swap },
    {
      id: 'sameFolder',
      menu: 'view',
      keys: ['Alt+O'],
      isEnabled: () => tab().address.kind !== 'start',
      run: () => panes.go(other(), tab().address),
    },
    { id: 'evenSplit', menu: 'view', keys: ['Alt+='], run: () => layout.change({ split: 0.5 }) },

    {
      id: 'back',
      menu: 'go',
      keys: ['Alt+ArrowLeft'],
      isEnabled: () => tab().back.length > 0,
      run: () => panes.goBack(tab()),
    },
    {
      id: 'forward',
      menu: 'go',
      keys: ['Alt+ArrowRight'],
      isEnabled: () => tab().forward.length > 0,
      run: () => panes.goForward(tab()),
    },
    {
      id: 'up',
      menu: 'go',
      keys: ['Alt+ArrowUp', 'Backspace'],
      isEnabled: () => tab().address.kind !== 'start',
      run: () => goUp(tab()),
    },
    { id: 'enter', menu: 'go', keys: ['Enter', 'Alt+ArrowDown'], isEnabled: hasRows, run: () => openCursorRow(tab()) },
    {
      id: 'home',
      menu: 'go',
      keys: ['Alt+Home'],
      startsSection: true,
      run: () => panes.go(tab(), { kind: 'folder', path: useEngine().homeFolder }),
    },
    {
      id: 'downloads',
      menu: 'go',
      keys: ['Alt+D'],
      run: () => panes.go(tab(), { kind: 'folder', path: useEngine().downloadsFolder }),
    },
    {
      id: 'destination',
      menu: 'go',
      keys: ['Alt+E'],
      isEnabled: () => tab().address.kind === 'image',
      run: () => panes.go(other(), { kind: 'folder', path: destinationFor(tab(), other()) }),
    },
    { id: 'path', menu: 'go', keys: ['Mod+L'], startsSection: true, worksWhileTyping: true, run: layout.editPath },

    {
      id: 'palette',
      menu: 'tools',
      keys: ['Mod+K', 'Mod+P'],
      worksWhileTyping: true,
      run: () => dialogs.show({ kind: 'palette' }),
    },
    ...createLibraryCommands(),
    {
      id: 'verify',
      menu: 'tools',
      keys: ['Alt+V'],
      startsSection: true,
      isEnabled: hasContents,
      run: () => verifyImage(tab()),
    },
    { id: 'convert', menu: 'tools', keys: ['Alt+I'], isEnabled: hasContents, run: () => convertImage(tab(), other()) },
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
    {
      id: 'pauseAll',
      menu: 'tools',
      keys: ['Mod+Shift+P'],
      startsSection: true,
      isEnabled: () => jobs.active.length > 0,
      run: () => toggleJobs(),
    },
    {
      id: 'retryFailed',
      menu: 'tools',
      keys: ['Alt+Shift+R'],
      isEnabled: () => jobs.failed.length > 0,
      run: () => forEach(jobs.failed, (job) => jobs.retry(job.id)),
    },
    {
      id: 'clearQueue',
      menu: 'tools',
      keys: ['Alt+Shift+J'],
      isEnabled: () => jobs.over.length > 0,
      run: () => forEach(jobs.over, (job) => jobs.dismiss(job.id)),
    },
    {
      id: 'settings',
      menu: 'tools',
      keys: ['Mod+,'],
      startsSection: true,
      worksWhileTyping: true,
      run: () => dialogs.show({ kind: 'settings', page: 'general' }),
    },

    { id: 'keys', menu: 'help', keys: ['F1'], run: () => dialogs.show({ kind: 'keys' }) },
    { id: 'log', menu: 'help', keys: ['Alt+F1'], run: () => showLog() },
    { id: 'about', menu: 'help', keys: ['Shift+F1'], run: () => dialogs.show({ kind: 'about' }) },
  ]
}

async function toggleJobs(): Promise<void> {
  const jobs = useJobs()
  const running = jobs.active.filter((job) => job.state !== 'paused')
  for (const job of running.length > 0 ? running : jobs.active)
    await (running.length > 0 ? jobs.pause(job.id) : jobs.resume(job.id))
}

/** One after the other, as they were when it was asked for. */
async function forEach<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
  for (const item of [...items]) await work(item)
}
