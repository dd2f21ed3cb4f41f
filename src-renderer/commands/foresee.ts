import { call } from '../api'
import type { CommandInput, CommandOutput } from '../../src-shared/contract'
import { formatBytes, formatCount } from '../format'
import { locale, t } from '../locales'
import { useDialogs } from '../stores/dialogs'
import { useSettings } from '../stores/settings'

/** Looking ahead is a kindness, not a condition: what takes longer than this is started without it. */
const PATIENCE = 2_000
const SHOWN = 8

/** Looks at what an extraction would do, and asks where that may not be what is meant. Answers whether to go on. */
export async function foreseeExtraction(input: CommandInput<'job.preview'>): Promise<boolean> {
  const plan = await call('job.preview', input, { signal: AbortSignal.timeout(PATIENCE) }).catch(() => null)
  if (!plan) return true
  return (await asksForRoom(plan)) && (await asksForNames(plan))
}

type Plan = CommandOutput<'job.preview'>

function asksForRoom({ bytesTotal, freeBytes }: Plan): Promise<boolean> {
  if (freeBytes === null || bytesTotal <= freeBytes) return Promise.resolve(true)
  const { units } = useSettings()
  return useDialogs().confirm({
    title: t('confirm.spaceTitle'),
    text: t('confirm.spaceText', {
      needed: formatBytes(bytesTotal, units, locale.value),
      free: formatBytes(freeBytes, units, locale.value),
    }),
    confirm: t('confirm.anyway'),
    isDangerous: true,
  })
}

function asksForNames({ renames, renameTotal }: Plan): Promise<boolean> {
  if (renameTotal === 0) return Promise.resolve(true)
  const details = renames.slice(0, SHOWN).map(({ path, to }) => `${path} → ${to}`)
  const more = renameTotal - details.length
  if (more > 0) details.push(t('confirm.more', { n: formatCount(more, locale.value) }))
  return useDialogs().confirm({
    title: t('confirm.renamesTitle', { n: formatCount(renameTotal, locale.value) }, renameTotal),
    text: t('confirm.renamesText'),
    details,
    confirm: t('confirm.anyway'),
  })
}
