import { call, desktop } from '../data/api'
import { reportErrors } from '../data/errors'
import { viewOf } from './registry'
import { failureOf, sayer, titleOf } from './say'
import { t } from '../base/locales'
import { folderAround, isSameAddress, type PaneAddress } from '../data/rows/address'
import { usePanes } from '../data/stores/panes'
import { useToasts } from '../data/stores/toasts'
import type { JobSnapshot } from '../../src-shared/model'

/** Shows where a job wrote: in the system's file manager, or in the pane that is not the source. */
export function showDestination(job: JobSnapshot): void {
  if (desktop) {
    const host = desktop
    void reportErrors(() => host.reveal(job.destination))
    return
  }
  void reportErrors(async () => {
    // An archive or an image is a file: what is shown is the folder that it lies in.
    const { kind } = await call('folder.stat', { path: job.destination })
    showFolder(kind === 'directory' ? job.destination : folderAround(job.destination))
  })
}

function showFolder(path: string): void {
  const panes = usePanes()
  const address: PaneAddress = { kind: 'folder', path }
  for (const pane of [panes.left, panes.right]) {
    const tab = pane.tabs.find((one) => isSameAddress(one.address, address))
    if (!tab) continue
    panes.activate(pane, tab)
    panes.activeSide = pane.side
    void panes.refresh(tab)
    return
  }
  const pane = panes.activeTab.address.kind === 'image' ? panes.other : panes.active
  panes.addTab(pane, address)
  panes.activeSide = pane.side
}

/** Says in the corner how a job ended; damage and skipped files are said there, not hidden in a log. */
export function announceEnd(job: JobSnapshot): void {
  const { state, result } = job
  const toasts = useToasts()
  if (state === 'cancelled') return
  if (state === 'failed') {
    const title = t('toast.failed', { title: titleOf(job) })
    const detail = failureOf(job)
    toasts.show({ tone: 'error', title, detail })
    desktop?.notify(title, detail)
    return
  }
  const view = viewOf(job.kind)
  const problems = result?.problems ?? 0
  const end = view?.end(job, sayer(job.kind)) ?? { title: titleOf(job) }
  const detail = end.detail ?? (problems > 0 ? `${t('toast.problems', problems)} ${reasons(job)}` : undefined)
  toasts.show({
    tone: problems > 0 ? 'damage' : 'plain',
    title: end.title,
    detail,
    ...(view?.hasDestination && job.destination !== ''
      ? { action: { label: t('toast.show'), run: () => showDestination(job) } }
      : {}),
  })
  if (!document.hasFocus()) desktop?.notify(end.title, detail ?? '')
}

function reasons(job: JobSnapshot): string {
  const names = job.problems.slice(0, 3).map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  return names.length === 0 ? '' : names.join(', ') + (job.problems.length > names.length ? ' …' : '')
}
