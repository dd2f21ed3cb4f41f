import { call } from './api'
import { useJobs } from './stores/jobs'
import {
  IsoldeError,
  type ErrorCode,
  type JobKindId,
  type JobResultOf,
  type JobStartSpec,
} from '../../src-shared/contract'

/**
 * Has something done by a job, for whoever shows what it comes to: the queue shows it while it goes on, and forgets it then.
 * An engine that starts anew begins it anew.
 * @param signal cancels the job
 * @throws {IsoldeError} why it has failed; `CANCELLED`, also where somebody cancels it in the queue
 */
export async function jobResult<Kind extends JobKindId>(
  kind: Kind,
  spec: JobStartSpec<Kind>,
  signal: AbortSignal,
): Promise<JobResultOf<Kind>> {
  const jobs = useJobs()
  if (signal.aborted) throw cancelled()
  const { job } = await call('job.start', { kind, spec } as never)
  const cancel = (): void => void jobs.cancel(job).catch(() => undefined)
  signal.addEventListener('abort', cancel, { once: true })
  if (signal.aborted as boolean) cancel()
  const end = await jobs.ended(job)
  signal.removeEventListener('abort', cancel)
  if (end) jobs.dismiss(job).catch(() => undefined)
  if (end?.state === 'failed' && end.error) {
    const { code, message, details } = end.error
    throw new IsoldeError(code as ErrorCode, message, details)
  }
  if (end?.state !== 'done' || end.result?.kind !== kind) throw cancelled()
  return end.result as JobResultOf<Kind>
}

function cancelled(): IsoldeError {
  return new IsoldeError('CANCELLED', 'Cancelled.')
}
