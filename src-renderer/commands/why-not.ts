import { t } from '../base/locales'
import { usePanes, type Tab } from '../data/stores/panes'
import type { Command } from './command'
import { imageMeant } from './image-file'
import { isOpenImage, isReadable } from './meant'

/** When commands can be run, and why they cannot: for all that need the same, so that no key does nothing in silence. */
type Condition = Required<Pick<Command, 'isEnabled' | 'whyNot'>>

const tab = (): Tab => usePanes().activeTab
const isProject = (): boolean => tab().address.kind === 'project'
const hasRows = (): boolean => tab().listing.state.total > 0
const hasContents = (): boolean => isOpenImage(tab()) && isReadable(tab())

/** Null where there are rows. */
export function whyNoRows(): string | null {
  const { address } = tab()
  if (hasRows()) return null
  if (address.kind !== 'project') return t('error.emptyHere')
  return t(address.path === '' ? 'project.empty' : 'project.emptyFolder')
}

/** Of what needs an image that is there: one that is put together is none yet. */
function whyNotWritten(otherwise: string): string {
  return t(isProject() ? 'project.notWritten' : otherwise)
}

/** Something is listed. */
export const whenRows: Condition = { isEnabled: hasRows, whyNot: whyNoRows }

/** A disc image is shown, or the cursor is at one. */
export const whenImage: Condition = {
  isEnabled: () => imageMeant(tab()) !== null,
  whyNot: () => whyNotWritten('error.noImageMeant'),
}

/** A disc image is shown. */
export const whenOpenImage: Condition = {
  isEnabled: () => isOpenImage(tab()),
  whyNot: () => whyNotWritten('error.noImageShown'),
}

/** A disc image is shown whose contents can be read, and it has any here. */
export const whenContents: Condition = {
  isEnabled: () => hasContents() && hasRows(),
  whyNot: () => t(isProject() ? 'project.nothingToExtract' : 'error.nothingHere'),
}

/** The cursor is at a file that something can be said of. */
export const whenFile: Pick<Condition, 'whyNot'> = { whyNot: () => whyNotWritten('error.noFileMeant') }

/** The same, of one file alone. */
export const whenOneFile: Pick<Condition, 'whyNot'> = {
  whyNot: () => (tab().listing.selection.count > 1 ? t('error.onlyOneFile') : whenFile.whyNot()),
}

/** As a condition says; @param isEnabled in place of its own */
export function unless(isEnabled: () => boolean, { whyNot }: Pick<Condition, 'whyNot'>): Condition {
  return { isEnabled, whyNot }
}

/** For what is done in folders of this computer alone. */
export const onlyInFolders: Pick<Condition, 'whyNot'> = {
  whyNot: () => (tab().address.kind === 'folder' ? whyNoRows() : t('error.onlyFolders')),
}
