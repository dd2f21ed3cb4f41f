import { formatBytes, formatCount } from '../base/format'
import { locale, t, te } from '../base/locales'
import { wordsOf } from '../data/errors'
import { folderName } from '../data/rows/names'
import { useSettings } from '../data/stores/settings'
import type { EntryOutcome, JobSnapshot } from '../../src-shared/model'
import type { Say } from './job-view'

/** The words of one kind, as its view asks for them. */
export function sayer(kind: string): Say {
  const bytes = (byteLength: number): string => formatBytes(byteLength, useSettings().units, locale.value)
  return {
    word(key, parameters = {}, n) {
      const name = `jobs.${kind}.${key}`
      return n === undefined ? t(name, parameters) : t(name, parameters, n)
    },
    written: (files, byteLength) => t('job.written', { n: files, size: bytes(byteLength) }, files),
    unmarked: () => t('job.unmarked'),
    lostAttributes: (n, names) => t('job.lostAttributes', { n: formatCount(n, locale.value), names: names.join(', ') }),
    bytes,
    count: (n) => formatCount(n, locale.value),
    firstReason: ({ problems: [first] }) => first && reasonOf(first),
    fileName: folderName,
  }
}

type Titled = Pick<JobSnapshot, 'kind' | 'title' | 'state' | 'destination'>

/**
 * What a job does, or has done, in the language of the window. `{written}` of an `ended` is the name that was written,
 * which has a number where the one that was asked for was taken.
 */
export function titleOf({ kind, title, state, destination }: Titled): string {
  const code = state === 'done' && title.code === 'title' ? 'ended' : title.code
  const parameters = { ...title.parameters, written: folderName(destination) }
  return te(`jobs.${kind}.${code}`) ? sayer(kind).word(code, parameters) : kind
}

/** Why a job failed. */
export function failureOf({ error }: Pick<JobSnapshot, 'error'>): string {
  return error ? wordsOf(error) : t('error.unknown')
}

/** Why something that was asked for did not come out as asked. */
export function reasonOf({ code, message, details, status }: EntryOutcome): string {
  return message === undefined ? t(`outcome.${status}`) : wordsOf({ code, message, details })
}
