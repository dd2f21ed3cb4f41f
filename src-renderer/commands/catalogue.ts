import { t } from '../base/locales'
import { desktop } from '../data/api'
import { createLibraryCommands } from './library-commands'
import { isListed } from '../data/rows/address'
import { useDialogs } from '../data/stores/dialogs'
import { useEngine } from '../data/stores/engine'
import { useJobs } from '../data/stores/jobs'
import { useLayout } from '../data/stores/layout'
import { usePanes, type Tab } from '../data/stores/panes'
import {
  askForMask,
  copyPaths,
  createFolder,
  downloadRows,
  goUp,
  openCursorRow,
  openImages,
  openInOtherPane,
  pathToReveal,
  renameRow,
  revealRow,
} from './actions'
import { orAfterChoosing } from './after-choosing'
import { copySelection, hasCopied, pasteInto } from './clipboard'
import { createImageCommands } from './image-commands'
import { extractBeside } from './image-file'
import { createHelpCommands } from './help-commands'
import { createHistoryCommands } from './history-commands'
import { createFindCommands } from './find-commands'
import { isOpenImage, isReadable } from './meant'
import { showChecksums, showFolderProperties, showProperties, subjectOf, summableOf } from './things'
import { extractAs } from './transfer-as'
import { moveToTrash } from './trash'
import { createPaneCommands } from './pane-commands'
import { createPlaceCommands } from './place-commands'
import { createProjectCommands } from './project-commands'
import { createFolderInProject, moveInProject, renameInProject } from './project-edits'
import { createTabCommands } from './tab-commands'
import { createViewCommands } from './view-commands'
import {
  destinationFor,
  moveBetweenFolders,
  planTransfer,
  transferFromActive,
  whyNoMove,
  whyNoTransfer,
} from './transfer'
import {
  onlyInFolders,
  unless,
  whenContents,
  whenFile,
  whenImage,
  whenOneFile,
  whenOpenImage,
  whenRows,
  whyNoRows,
} from './why-not'
import { DELETING, type Command } from './command'

export { MENUS, type Command, type MenuName, type SubmenuName } from './command'

const tab = () => usePanes().activeTab
const isFolder = (): boolean => tab().address.kind === 'folder'
const isProject = (): boolean => tab().address.kind === 'project'
const isImage = (): boolean => isOpenImage(tab())
/** One whose contents are there, too: its file may be away. */
const hasContents = (): boolean => isImage() && isReadable(tab())
const hasRows = (): boolean => tab().listing.state.total > 0

const whyNoChange = (): string | null => (tab().address.kind === 'image' ? t('error.imageIsReadOnly') : null)

/** Between folders of this computer, or of one image that is put together. */
function isMovable({ address }: Tab, { address: to }: Tab): boolean {
  if (address.kind === 'folder') return to.kind === 'folder'
  return (
    address.kind === 'project' && to.kind === 'project' && to.project === address.project && to.path !== address.path
  )
}

/** Every command, in the order of its menu. Menus, keys and the palette are all made of this one list. */
export function createCommands(): Command[] {
  const panes = usePanes()
  const layout = useLayout()
  const dialogs = useDialogs()
  const jobs = useJobs()

  const other = () => panes.otherTab

  return [
    { id: 'open', menu: 'file', keys: ['Mod+O'], worksWhileTyping: true, run: openImages },
    ...createTabCommands(),
    {
      id: 'openOther',
      menu: 'file',
      keys: ['Mod+Enter'],
      ...unless(() => hasRows() && isListed(tab().address), whenRows),
      run: () => openInOtherPane(tab(), other()),
    },
    {
      id: 'transfer',
      menu: 'file',
      keys: ['F5'],
      startsSection: true,
      isEnabled: () => planTransfer(tab(), other()) !== null,
      whyNot: whyNoTransfer,
      run: transferFromActive,
    },
    {
      id: 'extractTo',
      menu: 'file',
      keys: ['Alt+Shift+F5'],
      ...orAfterChoosing('guide.extractTitle', whenContents, () => dialogs.show({ kind: 'extract' })),
    },
    {
      id: 'transferAs',
      menu: 'file',
      keys: ['Shift+F5'],
      ...whenContents,
      run: () => extractAs(tab()),
    },
    { id: 'extractHere', menu: 'file', keys: ['Alt+X'], ...whenImage, run: () => extractBeside(tab(), false) },
    {
      id: 'extractNamed',
      menu: 'file',
      keys: ['Alt+Shift+X'],
      ...whenImage,
      run: () => extractBeside(tab(), true),
    },
    {
      id: 'archive',
      menu: 'file',
      keys: ['Alt+F5'],
      ...whenContents,
      run: () => dialogs.show({ kind: 'archive' }),
    },
    {
      id: 'createImage',
      menu: 'file',
      keys: ['Shift+F7'],
      ...unless(() => isFolder() && hasRows(), onlyInFolders),
      run: () => dialogs.show({ kind: 'createImage' }),
    },
    {
      id: 'move',
      menu: 'file',
      keys: ['F6'],
      isEnabled: () => isMovable(tab(), other()) && hasRows(),
      whyNot: whyNoMove,
      run: () => (isProject() ? moveInProject(tab(), other().address) : moveBetweenFolders()),
    },
    {
      id: 'newFolder',
      menu: 'file',
      keys: ['F7'],
      isEnabled: () => isFolder() || isProject(),
      whyNot: whyNoChange,
      run: () => (isProject() ? createFolderInProject(tab()) : createFolder(tab())),
    },
    {
      id: 'rename',
      menu: 'file',
      keys: ['F2'],
      isEnabled: () => (isFolder() || isProject()) && hasRows(),
      whyNot: () => whyNoChange() ?? whyNoRows(),
      run: () => (isProject() ? renameInProject(tab()) : renameRow(tab())),
    },
    {
      id: 'trash',
      menu: 'file',
      keys: DELETING,
      isEnabled: () => desktop !== null && isFolder() && hasRows(),
      whyNot: () => whyNoChange() ?? (desktop ? onlyInFolders.whyNot() : t('error.trashOnDesktop')),
      run: () => moveToTrash(tab()),
    },
    ...(desktop
      ? [
          {
            id: 'reveal',
            menu: 'file' as const,
            keys: ['Alt+R'],
            ...unless(() => pathToReveal(tab()) !== null, onlyInFolders),
            run: () => revealRow(tab()),
          },
        ]
      : [
          {
            id: 'download',
            menu: 'file' as const,
            keys: ['Mod+S'],
            ...unless(hasContents, whenContents),
            run: () => downloadRows(tab()),
          },
        ]),

    {
      id: 'checksums',
      menu: 'file',
      keys: ['Mod+Alt+H'],
      startsSection: true,
      ...unless(() => summableOf(tab()) !== null, whenOneFile),
      run: () => showChecksums(tab()),
    },
    {
      id: 'properties',
      menu: 'file',
      keys: ['Alt+Enter'],
      ...unless(() => subjectOf(tab()) !== null, whenFile),
      run: () => showProperties(tab()),
    },

    {
      id: 'folderProperties',
      menu: 'file',
      keys: ['Alt+Shift+P'],
      ...unless(() => isFolder() || isImage(), whenOpenImage),
      run: () => showFolderProperties(tab()),
    },

    {
      id: 'copy',
      menu: 'edit',
      keys: ['Mod+C'],
      ...unless(() => hasRows() && !isProject(), { whyNot: () => whyNoRows() ?? t('project.nothingToExtract') }),
      run: () => copySelection(tab()),
    },
    {
      id: 'paste',
      menu: 'edit',
      keys: ['Mod+V'],
      isEnabled: () => hasCopied() && (isFolder() || isProject()),
      whyNot: () => t(hasCopied() ? 'error.pasteWhere' : 'error.nothingCopied'),
      run: () => pasteInto(tab()),
    },
    {
      id: 'selectAll',
      menu: 'edit',
      startsSection: true,
      keys: ['Mod+A'],
      ...whenRows,
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
      ...whenRows,
      run: () => tab().listing.selection.invert(),
    },
    { id: 'selectMask', menu: 'edit', keys: ['+'], ...whenRows, run: () => askForMask(tab(), true) },
    { id: 'deselectMask', menu: 'edit', keys: ['-'], ...whenRows, run: () => askForMask(tab(), false) },
    {
      id: 'copyPath',
      menu: 'edit',
      keys: ['Mod+Shift+C'],
      startsSection: true,
      ...whenRows,
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

    ...createProjectCommands(),
    ...createFindCommands(),
    ...createViewCommands(),
    ...createPaneCommands(),

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
    { id: 'enter', menu: 'go', keys: ['Enter', 'Alt+ArrowDown'], ...whenRows, run: () => openCursorRow(tab()) },
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
      ...unless(() => tab().address.kind === 'image', whenOpenImage),
      run: () => panes.go(other(), { kind: 'folder', path: destinationFor(tab(), other()) }),
    },
    ...createPlaceCommands(),
    { id: 'path', menu: 'go', keys: ['Mod+L'], startsSection: true, worksWhileTyping: true, run: layout.editPath },

    {
      id: 'palette',
      menu: 'tools',
      keys: ['Mod+K', 'Mod+P'],
      worksWhileTyping: true,
      run: () => dialogs.show({ kind: 'palette' }),
    },
    ...createLibraryCommands(),
    ...createImageCommands(),
    ...createHistoryCommands(),
    {
      id: 'pauseAll',
      menu: 'tools',
      keys: ['Mod+Shift+P'],
      startsSection: true,
      isEnabled: () => jobs.active.length > 0,
      whyNot: () => t('error.noSuchJobs'),
      run: () => toggleJobs(),
    },
    {
      id: 'retryFailed',
      menu: 'tools',
      keys: ['Alt+Shift+R'],
      isEnabled: () => jobs.failed.length > 0,
      whyNot: () => t('error.noSuchJobs'),
      run: () => forEach(jobs.failed, (job) => jobs.retry(job.id)),
    },
    {
      id: 'clearQueue',
      menu: 'tools',
      keys: ['Alt+Shift+J'],
      isEnabled: () => jobs.over.length > 0,
      whyNot: () => t('error.noSuchJobs'),
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

    ...createHelpCommands(),
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
