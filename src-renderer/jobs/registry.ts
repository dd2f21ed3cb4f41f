import type { JobKindId } from '../../src-shared/contract'
import type { Language } from '../base/locales/languages'
import { archive } from './archive'
import { compare } from './compare'
import { convert } from './convert'
import { copy } from './copy'
import { create } from './create'
import { duplicates } from './duplicates'
import { edit } from './edit'
import { eraseDrive } from './erase-drive'
import { extract } from './extract'
import { hash } from './hash'
import { indexFolder } from './index-folder'
import { indexInside } from './index-inside'
import { find } from './find'
import type { JobView, JobWords } from './job-view'
import { move } from './move'
import { protect } from './protect'
import { readDisc } from './read-disc'
import { rescue } from './rescue'
import { saveFinds } from './save-finds'
import { verify } from './verify'
import { writeDrive } from './write-drive'

/** How the window shows each kind of job. */
const VIEWS: Record<JobKindId, JobView> = {
  ...{ extract, archive, copy, move, convert, create, edit, verify, hash },
  ...{ compare, duplicates, 'index-folder': indexFolder, 'index-inside': indexInside },
  ...{ 'write-drive': writeDrive, 'erase-drive': eraseDrive, 'read-disc': readDisc, rescue, protect },
  ...{ find, 'save-finds': saveFinds },
}

/** Null for a kind that this window does not know: the engine may be another version’s. */
export function viewOf(kind: string): JobView | null {
  return Object.hasOwn(VIEWS, kind) ? VIEWS[kind as JobKindId] : null
}

/** The words of every kind in one language, for the window's own. */
export function jobWords(language: Language): Record<string, JobWords[Language]> {
  return Object.fromEntries(Object.entries(VIEWS).map(([kind, { words }]) => [kind, words[language]]))
}
