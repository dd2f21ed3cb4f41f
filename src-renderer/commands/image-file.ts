import { call } from '../data/api'
import type { ImageLocation, OpenedImage } from '../../src-shared/contract'
import { t } from '../base/locales'
import { folderAround } from '../data/rows/address'
import { reportErrors, worded } from '../data/errors'
import { useDialogs } from '../data/stores/dialogs'
import { useEngine } from '../data/stores/engine'
import { useImages } from '../data/stores/images'
import type { Tab } from '../data/stores/panes'
import { useSettings } from '../data/stores/settings'
import { isOpenImage, isReadable } from './meant'
import { preflightExtraction, startExtraction } from './preflight'

/** The disc image that a command about a whole image means: the one under the cursor, else the one that a tab shows. */
export function imageMeant(tab: Tab): ImageLocation | null {
  const { address, listing } = tab
  if (address.kind === 'image') return isOpenImage(tab) && isReadable(tab) ? address.location : null
  const row = address.kind === 'folder' ? listing.row(listing.state.cursor) : null
  if (!row?.looksLikeImage || typeof row.key !== 'string') return null
  return { kind: 'path', path: row.key, inside: [] }
}

/** The open image and the view of it that a tab shows, or the first one. @throws where it cannot be opened */
export async function openMeant(tab: Tab): Promise<{ opened: OpenedImage; view: string }> {
  const location = imageMeant(tab)
  if (location === null) throw worded('IMAGE_CLOSED', t('error.imageClosed'))
  const opened = await useImages().open(location)
  const view = tab.address.kind === 'image' && tab.view !== null ? tab.view : opened.info.defaultViewId
  return { opened, view }
}

/** The image's name without what says that it is one. */
export function stemOf(name: string): string {
  return name.replace(/(?:\.(?:iso|img|bin|nrg|mds|cue))?\.[^.]+$/i, '') || name
}

/**
 * All of an image, beside it: one thing as it is and several in a folder of the image's name, or always in such a folder.
 */
export async function extractBeside(tab: Tab, isAlwaysInFolder: boolean): Promise<void> {
  await reportErrors(async () => {
    const { opened, view } = await openMeant(tab)
    const { image, generation, location, info } = opened
    const { downloadsFolder, separator } = useEngine()
    const beside = location.kind === 'path' ? folderAround(location.path) : downloadsFolder
    const named = `${beside}${beside.endsWith(separator) ? '' : separator}${stemOf(info.name)}`
    const destination = isAlwaysInFolder ? named : beside
    const ref = { image, generation, view, entries: null, destination }
    if (!(await preflightExtraction(ref))) return
    const conflicts = useSettings().current.conflictPolicy
    await startExtraction({ ...ref, conflicts, smart: !isAlwaysInFolder })
  })
}

/** Every check that an image carries, as a job. */
export async function verifyMeant(tab: Tab): Promise<void> {
  await reportErrors(async () => {
    const { opened, view } = await openMeant(tab)
    const { image, generation } = opened
    await call('job.start', { kind: 'verify', spec: { image, generation, view } })
  })
}

/** What is known of whether the image is whole and genuine. */
export function showTrust(tab: Tab): void {
  const location = imageMeant(tab)
  if (location) useDialogs().show({ kind: 'trust', location })
}
