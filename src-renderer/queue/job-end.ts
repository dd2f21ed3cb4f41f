import { call, desktop } from '../api'
import { tellingErrors } from '../commands/errors'
import { formatBytes, formatCount } from '../format'
import { locale, t } from '../locales'
import { folderAround, isSameAddress, type PaneAddress } from '../panes/address'
import { folderName } from '../panes/names'
import { usePanes } from '../stores/panes'
import { useSettings } from '../stores/settings'
import { useToasts } from '../stores/toasts'
import type { JobSnapshot } from '../../src-shared/model'

/** Shows where a job wrote: in the system's file manager, or in the pane that is not the source. */
export function showDestination(job: JobSnapshot): void {
  if (desktop) {
    const host = desktop
    void tellingErrors(() => host.reveal(job.destination))
    return
  }
  void tellingErrors(async () => {
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
  const { state, summary } = job
  const toasts = useToasts()
  if (state === 'cancelled') return
  if (state === 'failed') {
    const title = t('toast.failed', { title: titleOf(job) })
    toasts.show({ tone: 'error', title, detail: job.error?.message })
    desktop?.notify(title, job.error?.message ?? '')
    return
  }
  if (job.kind === 'verify') {
    announceVerdict(job)
    return
  }
  const written = summary?.files ?? job.entriesDone
  const size = formatBytes(summary?.bytesWritten ?? job.bytesDone, useSettings().units, locale.value)
  const title =
    madeFile(job, size) ??
    t(
      `toast.${job.kind === 'extract' || job.kind === 'copy' || job.kind === 'move' ? job.kind : 'other'}`,
      { n: formatCount(written, locale.value), size, title: titleOf(job) },
      written,
    )
  const problems = summary?.problems ?? 0
  const detail = problems > 0 ? `${t('toast.problems', problems)} ${reasons(job)}` : undefined
  toasts.show({
    tone: problems > 0 ? 'damage' : 'plain',
    title,
    detail,
    action: { label: t('toast.show'), run: () => showDestination(job) },
  })
  if (!document.hasFocus()) desktop?.notify(title, detail ?? '')
}

/** Of a job that makes one file: its name is what matters. Null for others. */
function madeFile({ kind, destination }: JobSnapshot, size: string): string | null {
  const name = folderName(destination)
  if (kind === 'convert') return t('imageJob.converted', { name, size })
  return kind === 'extract' && /\.(?:zip|7z)$/i.test(name) ? t('imageJob.archived', { name, size }) : null
}

function announceVerdict(job: JobSnapshot): void {
  const { files, problems } = job.summary ?? { files: 0, problems: 0 }
  const words = { source: job.sourceName, n: formatCount(problems > 0 ? problems : files, locale.value) }
  const title =
    problems > 0
      ? t('imageJob.notPassed', words, problems)
      : files > 0
        ? t('imageJob.passed', words, files)
        : t('imageJob.nothing', words)
  const detail = problems > 0 ? job.problems[0]?.message : undefined
  useToasts().show({ tone: problems > 0 ? 'damage' : 'plain', title, detail })
  if (!document.hasFocus()) desktop?.notify(title, detail ?? '')
}

/** What a job does, in the language of the window; the engine's own title is for the command line. */
export function titleOf({ kind, sourceName, destination }: JobSnapshot): string {
  return t(`job.doing.${kind}`, { source: sourceName, destination: folderName(destination) })
}

function reasons(job: JobSnapshot): string {
  const names = job.problems.slice(0, 3).map(({ path }) => path.slice(path.lastIndexOf('/') + 1))
  return names.length === 0 ? '' : names.join(', ') + (job.problems.length > names.length ? ' …' : '')
}
