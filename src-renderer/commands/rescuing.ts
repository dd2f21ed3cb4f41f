import { IsoldeError, REDUNDANCY, type JobStartSpec } from '../../src-shared/contract'
import { locale, t } from '../base/locales'
import { call } from '../data/api'
import { explain, reportErrors } from '../data/errors'
import { folderAround, lastPart } from '../data/rows/address'
import { useDialogs } from '../data/stores/dialogs'
import type { Tab } from '../data/stores/panes'
import { useRescue } from '../data/stores/rescue'
import { chooseFolder } from './choose-folder'
import { imageMeant } from './image-file'

export type PartialFiles = NonNullable<JobStartSpec<'rescue'>['partial']>

/** Looks for what can be saved of the image that is meant, where what is known of it is shown. */
export async function rescueMeant(tab: Tab): Promise<void> {
  const location = imageMeant(tab)
  if (location?.kind !== 'path' || location.inside.length > 0) return
  useDialogs().show({ kind: 'trust', location })
  await reportErrors(() => useRescue().plan(location.path))
}

/** What an image of a whole disk is called. */
const DISK_IMAGE = /\.(?:img|ima|raw|dd|bin|image|001)$/i

/** An image of a whole disk, which may hold others: the one under the cursor; null where there is none. */
export function diskImageMeant({ address, listing }: Tab): string | null {
  const row = address.kind === 'folder' ? listing.row(listing.state.cursor) : null
  return typeof row?.key === 'string' && row.kind === 'file' && DISK_IMAGE.test(row.name) ? row.key : null
}

/** Shows which disc images a disk holds, or asks which disk. */
export function findLostImages(tab: Tab): void {
  useDialogs().show({ kind: 'lostImages', path: diskImageMeant(tab) })
}

/** Whether files can be saved of what is meant: an image in a file of its own. */
export function canRescue(tab: Tab): boolean {
  const location = imageMeant(tab)
  return location?.kind === 'path' && location.inside.length === 0
}

/** Asks how much of it may be lost, and makes error correction beside the image that is meant. */
export function protectMeant(tab: Tab): void {
  const location = imageMeant(tab)
  if (location === null) return
  const { least, most, usual } = REDUNDANCY
  const range = { least: least.toLocaleString(locale.value), most: most.toLocaleString(locale.value) }
  const submit = async (value: string): Promise<void> => {
    const redundancy = Number(value.trim().replace(',', '.').replace(/\s*%$/, ''))
    if (!(redundancy >= least && redundancy <= most)) throw new IsoldeError('BAD_REQUEST', t('protect.range', range))
    await protect({ path: location.path, redundancy })
  }
  const request = {
    title: t('protect.title'),
    label: t('protect.label', range),
    confirm: t('protect.confirm'),
    value: String(usual),
    submit,
  }
  useDialogs().show({ kind: 'text', request })
}

/** What protects an image already is made anew only if that is what is wanted. */
async function protect(spec: JobStartSpec<'protect'>): Promise<void> {
  try {
    await call('job.start', { kind: 'protect', spec })
  } catch (error) {
    const { reason, name } = error instanceof IsoldeError ? (error.details ?? {}) : {}
    if (reason !== 'isProtected') throw error
    const isWanted = await useDialogs().confirm({
      title: t('protect.againTitle'),
      text: `${explain(error)} ${t('protect.again', { name: lastPart(String(name)) })}`,
      confirm: t('protect.againConfirm'),
    })
    if (isWanted) await call('job.start', { kind: 'protect', spec: { ...spec, isReplacing: true } })
  }
}

/** Asks where to, and saves files there, in a folder of the image's name; `isCarving` as the plan had it. */
export async function saveFiles(path: string, partial: PartialFiles, isCarving: boolean): Promise<void> {
  await chooseFolder({
    title: t('rescue.filesTitle'),
    confirm: t('rescue.filesConfirm'),
    startAt: folderAround(path),
    async submit(destination) {
      await call('job.start', { kind: 'rescue', spec: { path, what: 'files', destination, partial, isCarving } })
    },
  })
}

/** Asks where to, and writes a repaired image there. The damaged one stays as it is. */
export async function saveRepaired(path: string): Promise<void> {
  await chooseFolder({
    title: t('rescue.imageTitle'),
    confirm: t('rescue.imageConfirm'),
    startAt: folderAround(path),
    async submit(destination) {
      await call('job.start', { kind: 'rescue', spec: { path, what: 'image', destination } })
    },
  })
}
