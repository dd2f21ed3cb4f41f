import { because, type JobProblem, type JobResult, type JobSnapshot, type JobSummary } from '../../src-shared/model'
import type { StoredJob } from './job-store'
import { kindOf, readSpec } from './kinds/registry'

/** Of a snapshot that an earlier version has kept. */
interface EarlierSnapshot {
  result?: JobResult | null
  summary?: JobSummary | null
}

/** What earlier versions told with the parameters of a code alone, as a reason of now. */
const EARLIER_REASONS = new Map<string, 'pageClosed' | 'passwordLost' | 'stoppedOften'>([
  ['SOURCE_GONE', 'pageClosed'],
  ['PASSWORD_GONE', 'passwordLost'],
  ['ENGINE_GONE', 'stoppedOften'],
])

/** An error of an earlier version has `parameters` instead of details. */
function readError(kept: (JobProblem & { parameters?: Record<string, unknown> }) | null): JobProblem | null {
  if (!kept?.parameters) return kept
  const { parameters, ...error } = kept
  const reason = EARLIER_REASONS.get(error.code)
  const { name } = parameters
  return reason && typeof name === 'string' ? { ...error, details: because(reason, { name }) } : error
}

/** What the catalog holds of a job, as this version has it; null where it is none that is known. */
export function readStored(stored: StoredJob): StoredJob | null {
  const spec = readSpec(stored.spec)
  if (!spec || typeof stored.snapshot !== 'object' || (stored.snapshot as unknown) === null) return null
  const kind = kindOf(spec)
  const { summary, ...kept } = stored.snapshot as JobSnapshot & EarlierSnapshot
  const earlier = (): JobResult | null =>
    summary ? (kind.earlierResult?.(summary) ?? { kind: kind.id, ...summary }) : null
  const question = kept.question && { ...kept.question, kind: 'conflict' as const }
  const snapshot: JobSnapshot = {
    ...kept,
    kind: kind.id,
    title: kind.title(spec),
    question,
    error: readError(kept.error),
    result: (kept as EarlierSnapshot).result ?? earlier(),
  }
  return { ...stored, spec, snapshot }
}
