import { call } from '../data/api'
import { t } from '../base/locales'
import { reportErrors } from '../data/errors'
import { projectName } from '../data/rows/names'
import { useDialogs } from '../data/stores/dialogs'
import { usePanes, type Pane, type Tab } from '../data/stores/panes'
import { useProjects } from '../data/stores/projects'
import { DELETING, type Command } from './command'
import { imageMeant, openMeant, stemOf } from './image-file'
import { removeFromProject, stepProject } from './project-edits'
import { unless, whyNoRows } from './why-not'

/** Making disc images and changing them: what can be done where one is put together. */
export function createProjectCommands(): Command[] {
  const panes = usePanes()
  const dialogs = useDialogs()
  const projects = useProjects()
  const tab = (): Tab => panes.activeTab
  const shown = () => {
    const { address } = tab()
    return address.kind === 'project' ? projects.get(address.project) : undefined
  }
  const show = (page: 'write' | 'options' | 'names') => (): void => {
    const snapshot = shown()
    if (snapshot) dialogs.show({ kind: 'project', page, project: snapshot.project })
  }
  return [
    { id: 'newImage', menu: 'file', keys: ['Alt+N'], startsSection: true, run: () => newImage() },
    {
      id: 'changeImage',
      menu: 'file',
      keys: ['Alt+Shift+I'],
      ...unless(() => imageMeant(tab()) !== null, {
        whyNot: () => t(shown() ? 'project.isChangedHere' : 'error.noImageMeant'),
      }),
      run: changeImage,
    },
    {
      id: 'writeImage',
      menu: 'file',
      keys: ['Alt+Shift+S'],
      isEnabled: () => (shown()?.entries ?? 0) > 0,
      whyNot: () => (shown() ? t('project.empty') : null),
      run: show('write'),
    },
    {
      id: 'imageOptions',
      menu: 'file',
      keys: ['Alt+Shift+O'],
      isEnabled: () => shown() !== undefined,
      run: show('options'),
    },
    {
      id: 'changedNames',
      menu: 'file',
      keys: ['Alt+Shift+N'],
      isEnabled: () => shown() !== undefined,
      run: show('names'),
    },
    {
      id: 'discardProject',
      menu: 'file',
      keys: ['Alt+Shift+Delete'],
      isEnabled: () => shown() !== undefined,
      run: () => discardProject(tab()),
    },
    {
      id: 'projectUndo',
      menu: 'edit',
      keys: ['Mod+Z'],
      sharesKeys: true,
      isEnabled: () => (shown()?.undo ?? 0) > 0,
      whyNot: () => (shown() ? t('project.nothingToUndo') : null),
      run: () => stepProject(tab(), 'undo'),
    },
    {
      id: 'projectRedo',
      menu: 'edit',
      keys: ['Mod+Y', 'Mod+Shift+Z'],
      isEnabled: () => (shown()?.redo ?? 0) > 0,
      whyNot: () => (shown() ? t('project.nothingToRedo') : null),
      run: () => stepProject(tab(), 'redo'),
    },
    {
      id: 'removeFromImage',
      menu: 'edit',
      keys: DELETING,
      sharesKeys: true,
      isEnabled: () => shown() !== undefined && tab().listing.state.total > 0,
      whyNot: () => (shown() ? whyNoRows() : null),
      run: () => removeFromProject(tab()),
    },
  ]
}

/** Begins an empty project: where a pane has nothing in it yet, else in a new tab. */
export async function newImage(asked?: Pane): Promise<void> {
  await reportErrors(async () => {
    const { snapshot } = await call('project.create', { name: t('project.newName') })
    useProjects().take(snapshot)
    await showProject(snapshot.project, asked)
  })
}

/** Shows a project: where it is shown already, or in a tab of its own. */
export async function showProject(project: string, asked?: Pane): Promise<void> {
  const panes = usePanes()
  const address = { kind: 'project' as const, project, path: '' }
  for (const pane of [panes.active, panes.other]) {
    const tab = pane.tabs.find((one) => one.address.kind === 'project' && one.address.project === project)
    if (!tab) continue
    panes.activate(pane, tab)
    panes.activeSide = pane.side
    return
  }
  const pane = asked ?? panes.active
  panes.activeSide = pane.side
  const tab = panes.currentTab(pane)
  if (tab.address.kind === 'start') await panes.go(tab, address)
  else panes.addTab(pane, address)
}

/** Makes a project of the image that is meant. */
async function changeImage(): Promise<void> {
  await reportErrors(async () => {
    const { opened, view } = await openMeant(usePanes().activeTab)
    const { image, generation, info } = opened
    const request = { image: { image, generation, view }, name: t('project.changedName', { name: stemOf(info.name) }) }
    const { snapshot } = await call('project.create', request)
    useProjects().take(snapshot)
    await showProject(snapshot.project)
  })
}

/** Asks, where anything was done: it is gone for good. */
async function discardProject({ address }: Tab): Promise<void> {
  if (address.kind !== 'project') return
  const { project } = address
  const isUnused = useProjects().get(project)?.undo === 0
  const isMeant =
    isUnused ||
    (await useDialogs().confirm({
      title: t('project.discardTitle', { name: projectName(project) }),
      text: t('project.discardText'),
      confirm: t('project.discardConfirm'),
      isDangerous: true,
    }))
  if (isMeant) await reportErrors(() => useProjects().discard(project))
}
