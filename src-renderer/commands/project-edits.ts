import { call } from '../data/api'
import { IsoldeError, type CommandOutput, type EntrySelection } from '../../src-shared/contract'
import { formatCount } from '../base/format'
import { locale, t } from '../base/locales'
import { reportErrors, wordsOf } from '../data/errors'
import type { PaneAddress, ProjectAddress } from '../data/rows/address'
import { projectName } from '../data/rows/names'
import { useDialogs } from '../data/stores/dialogs'
import { usePanes, type Tab } from '../data/stores/panes'
import { useProjects } from '../data/stores/projects'
import { useToasts } from '../data/stores/toasts'
import { entriesAtCursor, meantEntries } from './meant'
import { openImageOf, pathsOf } from './open-image-of'

type Step = CommandOutput<'project.add'>

/** Where in a project something goes, as a button says it. */
export function placeInProject({ project, path }: ProjectAddress): string {
  const name = projectName(project)
  return path === '' ? name : `${name} › ${path.replaceAll('/', ' › ')}`
}

/** What is put into a project: files of this computer, or entries of an open image. */
export type Addition =
  | { kind: 'folder'; paths: string[] }
  | { kind: 'image'; what: { image: number; generation: number; view: string; entries: EntrySelection | null } }

/** Puts something into the folder of a project. */
export async function addTo({ project, path }: ProjectAddress, added: Addition): Promise<void> {
  const at = { project, path }
  finish(
    await useProjects().whileFilling(project, () =>
      added.kind === 'folder'
        ? call('project.add', { ...at, paths: added.paths })
        : call('project.addEntries', { ...at, ...added.what }),
    ),
  )
}

/** F5 from a folder or an image into the project that the other pane shows. */
export async function addToProject(tab: Tab, other: Tab): Promise<void> {
  const { address } = other
  if (address.kind !== 'project') return
  if (tab.address.kind === 'folder') await addTo(address, { kind: 'folder', paths: pathsOf(tab) })
  else await addTo(address, { kind: 'image', what: { ...openImageOf(tab), entries: await meantEntries(tab) } })
}

/** F6 between two folders of one project. */
export async function moveInProject(tab: Tab, to: PaneAddress): Promise<void> {
  const { address } = tab
  if (address.kind !== 'project' || to.kind !== 'project' || to.project !== address.project) return
  const entries = entriesAtCursor(tab)?.entries
  if (!entries) return
  const { project, path } = address
  await reportErrors(async () => finish(await call('project.move', { project, path, entries, to: to.path })))
}

/** Takes out what is selected, or what the cursor is at. It can be taken back, so nobody is asked. */
export async function removeFromProject(tab: Tab): Promise<void> {
  const { address } = tab
  const meant = entriesAtCursor(tab)
  if (address.kind !== 'project' || !meant) return
  const { project, path } = address
  await reportErrors(async () => finish(await call('project.remove', { project, path, entries: meant.entries })))
}

/** F7. */
export function createFolderInProject(tab: Tab): void {
  const { address } = tab
  if (address.kind !== 'project') return
  useDialogs().show({
    kind: 'text',
    request: {
      title: t('newFolder.title', { folder: placeInProject(address) }),
      label: t('newFolder.label'),
      confirm: t('newFolder.confirm'),
      value: t('newFolder.value'),
      async submit(name) {
        const { project, path } = address
        finish(await call('project.newFolder', { project, path, name }))
        if (tab.address === address) await usePanes().load(tab, name)
      },
    },
  })
}

/** F2. */
export function renameInProject(tab: Tab): void {
  const { address } = tab
  const row = tab.listing.row(tab.listing.state.cursor)
  if (address.kind !== 'project' || typeof row?.key !== 'number') return
  const { key } = row
  useDialogs().show({
    kind: 'text',
    request: {
      title: t('rename.title', { name: row.name }),
      label: t('rename.label'),
      confirm: t('rename.confirm'),
      value: row.name,
      isFileName: true,
      async submit(name) {
        const { project, path } = address
        if (name !== row.name) finish(await call('project.rename', { project, path, key, name }))
        if (tab.address === address) await usePanes().load(tab, name)
      },
    },
  })
}

/** Takes the last step back, or does the next one again. */
export async function stepProject({ address }: Tab, way: 'undo' | 'redo'): Promise<void> {
  if (address.kind !== 'project') return
  const { project } = address
  await reportErrors(async () => useProjects().take((await call(`project.${way}`, { project })).snapshot))
}

/** Looks at the sources of a project again: what is shown is then as it would be written. */
export async function lookAgain(project: string): Promise<void> {
  await reportErrors(() => useProjects().look(project))
}

/** Says what nobody would see at once: what was replaced, and what could not be taken. */
function finish({ snapshot, replaced, leftOut }: Step): void {
  useProjects().take(snapshot)
  const toasts = useToasts()
  const [first] = leftOut
  if (first !== undefined)
    toasts.show({
      tone: 'damage',
      title: t('project.leftOut', { n: formatCount(leftOut.length, locale.value) }, leftOut.length),
      detail: wordsOf(first),
    })
  if (replaced > 0) {
    const { project } = snapshot
    const title = t('project.replaced', { n: formatCount(replaced, locale.value) }, replaced)
    const undo = (): void =>
      void reportErrors(async () => useProjects().take((await call('project.undo', { project })).snapshot))
    toasts.show({ tone: 'plain', title, action: { label: t('command.projectUndo'), run: undo } })
  }
}

/** @throws {IsoldeError} where a browser does not say which files of this computer were dropped */
export function assertPaths(paths: readonly string[]): void {
  if (paths.some((path) => path === '')) throw new IsoldeError('UNSUPPORTED_HERE', t('project.dropInBrowser'))
}
