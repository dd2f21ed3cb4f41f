import { call } from '../data/api'
import type { CommandInput, CommandOutput, JobStartSpec } from '../../src-shared/contract'
import { formatBytes, formatCount } from '../base/format'
import { locale, t } from '../base/locales'
import { NumberRanges } from '../../src-shared/model'
import { useDialogs } from '../data/stores/dialogs'
import { useImages } from '../data/stores/images'
import { useJobs } from '../data/stores/jobs'
import { usePlaces } from '../data/stores/places'
import { useSettings } from '../data/stores/settings'
import { visibleName } from '../base/visible-name'

/** Looking ahead is a kindness, not a condition: what takes longer than this is started without it. */
const PATIENCE = 2_000
/** Of more than this nobody looks ahead: the job itself counts, and finds out whether there is room. */
const LOOKED_AT = 20_000
const SHOWN = 8

/** Looks at what an extraction would do, and asks where that may not be what is meant. Answers whether to go on. */
export async function preflightExtraction(input: CommandInput<'job.preview'>): Promise<boolean> {
  if (isLarge(input)) return true
  const plan = await useJobs().whileCounting(shownOf(input), async (cancelled) => {
    const signal = AbortSignal.any([cancelled, AbortSignal.timeout(PATIENCE)])
    const answer = await call('job.preview', input, { signal }).catch(() => null)
    return cancelled.aborted ? 'cancelled' : answer
  })
  if (plan === 'cancelled') return false
  if (!plan) return true
  return (await asksForRoom(plan)) && (await asksForNames(plan))
}

/** Gives an extraction to the engine; it is shown, and can be cancelled, before that has it. */
export async function startExtraction(spec: JobStartSpec<'extract'>): Promise<void> {
  await startShown({ kind: 'extract', spec })
}

/** As {@link startExtraction}, into an archive. */
export async function startArchive(spec: JobStartSpec<'archive'>): Promise<void> {
  await startShown({ kind: 'archive', spec })
}

async function startShown(
  start: { kind: 'extract'; spec: JobStartSpec<'extract'> } | { kind: 'archive'; spec: JobStartSpec<'archive'> },
): Promise<void> {
  usePlaces().extractTo(start.spec.destination)
  await useJobs().whileCounting(shownOf(start.spec), async (cancelled) => {
    const { job } = await call('job.start', start)
    if (cancelled.aborted) await call('job.cancel', { job })
  })
}

const shownOf = ({ image, destination }: Pick<JobStartSpec<'extract'>, 'image' | 'destination'>) => ({
  sourceName: useImages().byNumber(image)?.info.name ?? '',
  destination,
})

function isLarge({ image, view, entries }: CommandInput<'job.preview'>): boolean {
  if (entries !== null)
    return (Array.isArray(entries) ? entries.length : NumberRanges.from(entries.ranges).size) > LOOKED_AT
  const known = useImages()
    .byNumber(image)
    ?.info.views.find(({ id }) => id === view)
  return (known?.entryCount ?? Infinity) > LOOKED_AT
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
  const details = renames.slice(0, SHOWN).map(({ path, to }) => `${visibleName(path)} → ${visibleName(to)}`)
  const more = renameTotal - details.length
  if (more > 0) details.push(t('confirm.more', { n: formatCount(more, locale.value) }))
  return useDialogs().confirm({
    title: t('confirm.renamesTitle', { n: formatCount(renameTotal, locale.value) }, renameTotal),
    text: t('confirm.renamesText'),
    details,
    confirm: t('confirm.anyway'),
  })
}
