import { call } from '../../data/api'
import { saveFile } from '../../base/save-file'
import { formatExactDate } from '../../base/format'
import { locale, t } from '../../base/locales'
import type { EntryOutcome, JobSnapshot } from '../../../src-shared/model'
import { viewOf } from '../../jobs/registry'
import { failureOf, sayer, titleOf } from '../../jobs/say'

const PAGE = 1000

/** Everything a finished job has to say, as a file for the person to keep. */
export async function saveSummary(job: JobSnapshot, form: 'text' | 'json'): Promise<void> {
  const outcomes = await fetchOutcomes(job.id)
  const text = form === 'json' ? summaryAsJson(job, outcomes) : summaryAsText(job, outcomes)
  const name = `${job.sourceName || 'Isolde'} ${job.kind}.${form === 'json' ? 'json' : 'txt'}`
  saveFile(name, [text], form === 'json' ? 'application/json' : 'text/plain')
}

async function fetchOutcomes(job: string): Promise<EntryOutcome[]> {
  const outcomes: EntryOutcome[] = []
  for (;;) {
    const page = await call('job.report', { job, offset: outcomes.length, limit: PAGE })
    // An absent key and one that is undefined are the same to a reader of the file.
    outcomes.push(...(page.outcomes as EntryOutcome[]))
    if (page.outcomes.length === 0 || outcomes.length >= page.total) return outcomes
  }
}

export function summaryAsJson(job: JobSnapshot, outcomes: readonly EntryOutcome[]): string {
  const { kind, state, sourceName, destination, result, error, createdAt } = job
  const started = new Date(createdAt).toISOString()
  return `${JSON.stringify({ kind, state, source: sourceName, destination, started, result, error, outcomes }, null, 2)}\n`
}

export function summaryAsText(job: JobSnapshot, outcomes: readonly EntryOutcome[]): string {
  const facts = job.error ? [failureOf(job)] : (viewOf(job.kind)?.facts(job, sayer(job.kind)) ?? [])
  const lines = [
    t('job.reportTitle', { title: titleOf(job) }),
    formatExactDate(job.createdAt, locale.value),
    job.destination,
    ...facts,
    '',
  ]
  if (outcomes.length === 0) lines.push(t('job.reportNothing'))
  for (const { path, to, status, message } of outcomes) {
    const written = to !== null && to !== path ? ` → ${to}` : ''
    lines.push(`${t(`outcome.${status}`)}: ${path}${written}${message ? ` (${message})` : ''}`)
  }
  return `${lines.join('\n')}\n`
}
