import type { EntryStatus } from '../../src-shared/model'
import { t } from './locales'

/** `damaged`: all there, and a check says that it is not as it was recorded. */
export type DamageStatus = EntryStatus | 'damaged'

/** What is wrong with a thing, in a word. @param there 0–1, where it is known how much of it is there */
export function damageWord(status: DamageStatus, there?: number | null): string {
  return there === undefined || there === null
    ? t(`status.${status}`)
    : t('status.there', { percent: Math.floor(there * 100) })
}
