import type { JobServices } from './services'
import { startJob } from './start-job'

const KIND = 'index-folder'
const ACTIVE = new Set(['queued', 'running', 'paused'])

/**
 * Has the images of a watched folder read by a job; one that an earlier run of the program has left goes on first.
 * @returns how the job has ended, and of which folder it was
 */
export async function workOn(
  services: JobServices,
  folder: string,
): Promise<{ folder: string; state: 'done' | 'failed' | 'cancelled' }> {
  const { jobs } = services
  const left = jobs.list().find(({ kind, state }) => kind === KIND && ACTIVE.has(state))
  const job = left?.id ?? (await startJob(services, { kind: KIND, spec: { folder } }))
  const spec = jobs.spec(job) as { kind: typeof KIND; folder: string }
  const { state } = await jobs.ended(job)
  // Watched folders tell what came of it. Somebody may have taken it off the list already.
  if (jobs.list().some(({ id }) => id === job)) jobs.dismiss(job)
  return { folder: spec.folder, state: state as 'done' | 'failed' | 'cancelled' }
}
