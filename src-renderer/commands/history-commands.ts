import { call } from '../data/api'
import type { HistoryEntry } from '../../src-shared/contract'
import { t } from '../base/locales'
import { formatCount, formatExactDate } from '../base/format'
import { locale } from '../base/locales'
import { reportErrors } from '../data/errors'
import { folderAround } from '../data/rows/address'
import { shortPath } from '../data/rows/names'
import { useDialogs } from '../data/stores/dialogs'
import { ACTIVE_STATES } from '../data/stores/jobs'
import { useToasts } from '../data/stores/toasts'
import { titleOf } from '../jobs/say'
import { UNDO_LIMIT, type JobSnapshot } from '../../src-shared/model'
import { chooseFolder } from './choose-folder'
import type { Command } from './command'

/** Failures that another folder may be the answer to. */
const ELSEWHERE = ['NO_SPACE', 'NO_PERMISSION', 'READ_ONLY', 'FILE_TOO_LARGE', 'NOT_A_FOLDER', 'NAME_TOO_LONG']
const KINDS = ['extract', 'archive', 'copy', 'move', 'convert']

/** Jobs that are over: what became of them, and taking back what one has written. */
export function createHistoryCommands(): Command[] {
  return [
    { id: 'history', menu: 'tools', keys: ['Alt+Q'], run: () => useDialogs().show({ kind: 'history' }) },
    { id: 'undoExtraction', menu: 'edit', keys: ['Mod+Z'], run: undoLast },
  ]
}

async function undoLast(): Promise<void> {
  await reportErrors(async () => {
    const { jobs } = await call('job.list', {})
    const running = jobs.find(({ kind, state }) => KINDS.includes(kind) && ACTIVE_STATES.includes(state))
    if (running) {
      useToasts().show({ tone: 'note', title: t('history.stillRunning', { what: titleOf(running) }) })
      return
    }
    const { entries } = await call('history.list', {})
    // What was done before the last thing is not what is meant, even if that alone could be taken back.
    const last = entries.find(({ kind, state, undone }) => KINDS.includes(kind) && state === 'done' && undone === null)
    if (last?.canUndo) await undoExtraction(last)
    else if (last) useToasts().show({ tone: 'note', title: whyNotUndone(last) })
    else useToasts().show({ tone: 'note', title: t('history.nothingToUndo') })
  })
}

function whyNotUndone(entry: HistoryEntry): string {
  const what = titleOf(entry)
  return filesOf(entry) > UNDO_LIMIT
    ? t('history.tooManyToUndo', { what, n: formatCount(UNDO_LIMIT, locale.value) })
    : t('history.cannotUndo', { what })
}

/** Files and links that a job wrote. */
function filesOf({ result }: HistoryEntry): number {
  return result && 'symlinks' in result ? result.files + result.symlinks : 0
}

/** Asks, and removes what an extraction wrote, as far as it is unchanged. Answers whether that was done. */
export async function undoExtraction(entry: HistoryEntry): Promise<boolean> {
  const { id, destination, sourceName, endedAt } = entry
  const n = filesOf(entry)
  const isMeant = await useDialogs().confirm({
    title: t('history.undoTitle', { n: formatCount(n, locale.value), folder: shortPath(destination) }, n),
    text: `${t('history.undoWhat', { name: sourceName, time: formatExactDate(endedAt, locale.value) })} ${t('history.undoText')}`,
    confirm: t('history.undoConfirm'),
    isDangerous: true,
  })
  if (!isMeant) return false
  const { removed, kept, keptPaths } = await call('history.undo', { job: id })
  const names = keptPaths.slice(0, 3).map((path) => path.replace(/^.*[\\/]/, ''))
  useToasts().show({
    tone: kept > 0 ? 'damage' : 'plain',
    title: t('history.removed', { n: formatCount(removed, locale.value) }, removed),
    ...(kept > 0
      ? { detail: t('history.kept', { n: formatCount(kept, locale.value), names: names.join(', ') }, kept) }
      : {}),
  })
  return true
}

/** Whether a job failed for a reason that another folder may do away with. */
export function mayGoElsewhere({ state, kind, error }: JobSnapshot): boolean {
  return state === 'failed' && KINDS.includes(kind) && ELSEWHERE.includes(error?.code ?? '')
}

/** Tries a failed job again in a folder that is asked for. */
export async function retryElsewhere({ id, destination }: JobSnapshot): Promise<void> {
  await chooseFolder({
    title: t('history.elsewhereTitle'),
    confirm: t('history.elsewhereConfirm'),
    startAt: folderAround(destination),
    async submit(folder) {
      await call('job.retryInto', { job: id, destination: folder })
    },
  })
}
