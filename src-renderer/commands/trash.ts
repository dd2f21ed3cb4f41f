import { call, desktop } from '../data/api'
import { IsoldeError } from '../../src-shared/contract'
import { t } from '../base/locales'
import { lastPart } from '../data/rows/address'
import { useDialogs } from '../data/stores/dialogs'
import { useEngine } from '../data/stores/engine'
import { usePanes, type Tab } from '../data/stores/panes'
import { useToasts } from '../data/stores/toasts'
import { reportErrors, report } from '../data/errors'
import { pathsOf } from './transfer'

/** Delete: on a desktop only, where there is a trash to come back from. */
export async function moveToTrash(tab: Tab): Promise<void> {
  if (!desktop || tab.address.kind !== 'folder') return
  const paths = pathsOf(tab)
  const [first] = paths
  if (first === undefined) return
  const name = lastPart(first)
  const isConfirmed = await useDialogs().confirm({
    title: t('trash.title', { n: paths.length, name }, paths.length),
    text: t('trash.text'),
    confirm: t('trash.confirm'),
  })
  if (!isConfirmed) return
  await reportErrors(() => (useEngine().hello?.hasTrash ? moveByEngine(paths, name) : moveBySystem(paths, name)))
  await refreshFolders()
}

/** Where the engine does it, it can be undone. */
async function moveByEngine(paths: string[], name: string): Promise<void> {
  const { count, undo, problem } = await call('trash.move', { paths })
  if (count > 0)
    useToasts().show({
      tone: 'plain',
      title: t('trash.moved', { n: count, name }, count),
      ...(undo === null ? {} : { action: { label: t('trash.undo'), run: () => void bringBack(undo) } }),
    })
  if (problem !== null) report(new IsoldeError('WRITE_FAILED', problem.message, problem.details))
}

/** The system's own trash says nothing of where it has put things: they come back by its own window only. */
async function moveBySystem(paths: string[], name: string): Promise<void> {
  let count = 0
  try {
    for (const path of paths) {
      await desktop?.moveToTrash(path)
      count++
    }
  } finally {
    if (count > 0)
      useToasts().show({
        tone: 'plain',
        title: t('trash.moved', { n: count, name }, count),
        detail: t('trash.noUndo'),
      })
  }
}

async function bringBack(undo: string): Promise<void> {
  await reportErrors(async () => {
    const { count, renamed, problem } = await call('trash.undo', { undo })
    if (count > 0)
      useToasts().show({
        tone: renamed.length > 0 ? 'damage' : 'plain',
        title: t('trash.restored', { n: count }, count),
        ...(renamed.length > 0 ? { detail: t('trash.renamed', { names: renamed.map(lastPart).join(', ') }) } : {}),
      })
    if (problem !== null) report(new IsoldeError('WRITE_FAILED', problem.message, problem.details))
  })
  await refreshFolders()
}

async function refreshFolders(): Promise<void> {
  const panes = usePanes()
  for (const tab of [panes.activeTab, panes.otherTab]) if (tab.address.kind === 'folder') await panes.refresh(tab)
}
