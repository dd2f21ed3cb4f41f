import { watch } from 'vue'
import { on } from '../api'
import { t } from '../../base/locales'
import { locationKey, parentAddress, type ImageAddress } from '../rows/address'
import { useImages } from './images'
import { useJobs } from './jobs'
import { usePanes, type Pane, type Tab } from './panes'
import { useProjects } from './projects'
import { useToasts } from './toasts'
import type { JobResultOf } from '../../../src-shared/contract'

/** The projects that a tab shows, or that its way back or forward leads to. */
function reachable(): Set<string> {
  const { left, right } = usePanes()
  const addresses = [left, right].flatMap(({ tabs }) =>
    tabs.flatMap((tab) => [tab.address, ...tab.back, ...tab.forward]),
  )
  return new Set(addresses.flatMap((one) => (one.kind === 'project' ? [one.project] : [])))
}

/** From now on tabs follow what becomes of the projects that they show. */
export function followProjects(): void {
  const panes = usePanes()
  const projects = useProjects()
  const tabsOf = (project: string): { pane: Pane; tab: Tab }[] =>
    [panes.left, panes.right].flatMap((pane) =>
      pane.tabs
        .filter(({ address }) => address.kind === 'project' && address.project === project)
        .map((tab) => ({ pane, tab })),
    )
  on('project.changed', ({ project }) => {
    for (const { tab } of tabsOf(project)) void refresh(tab)
  })
  on('project.discarded', ({ project, name }) => {
    const shown = tabsOf(project)
    for (const { pane, tab } of shown) panes.closeTab(pane, tab)
    // Its tabs are gone: somebody who did not do it would wonder.
    if (shown.length > 0 && !projects.isDiscardedHere(project))
      useToasts().show({ tone: 'plain', title: t('project.discardedElsewhere', { name: `${name}.iso` }) })
  })
  // What was changed is the image itself now: it is shown in the place of its project, which is done with.
  useJobs().onEnd(({ kind, state, result, destination }) => {
    if (kind !== 'edit' || state !== 'done') return
    const { project, kept } = result as JobResultOf<'edit'>
    if (kept === null) return
    const address: ImageAddress = {
      kind: 'image',
      location: { kind: 'path', path: destination, inside: [] },
      view: null,
      path: '',
    }
    void showReplaced(project, address)
  })

  // Nothing was done in it, and no tab leads to it any more: nobody is going to miss it.
  watch(reachable, (now, before) => {
    for (const project of before) {
      const snapshot = now.has(project) ? undefined : projects.get(project)
      // It may be gone already: another window has done it.
      if (snapshot?.undo === 0 && snapshot.redo === 0) projects.discard(project).catch(() => undefined)
    }
  })

  async function showReplaced(project: string, address: ImageAddress): Promise<void> {
    await useImages().drop(address.location)
    const key = locationKey(address.location)
    for (const pane of [panes.left, panes.right]) {
      for (const tab of pane.tabs) {
        const isProject = tab.address.kind === 'project' && tab.address.project === project
        if (isProject) await panes.go(tab, address)
        else if (tab.address.kind === 'image' && locationKey(tab.address.location) === key) await panes.load(tab)
        tab.back = tab.back.filter((one) => one.kind !== 'project' || one.project !== project)
      }
    }
    projects.discard(project).catch(() => undefined)
  }

  /** A folder that is shown may have been taken back: then what is around it is shown. */
  async function refresh(tab: Tab): Promise<void> {
    if (tab.listing.state.status === 'idle') return
    await panes.refresh(tab)
    const { status, error } = tab.listing.state
    const parent = parentAddress(tab.address)
    if (status === 'failed' && error?.code === 'NO_SUCH_FILE' && parent) {
      tab.address = parent.address
      await panes.load(tab, parent.from)
      await refresh(tab)
    }
  }
}
