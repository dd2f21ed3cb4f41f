import { because, type JobProblem, type JobSnapshot } from '../../src-shared/model'
import type { StoredJob } from './job-store'
import { kindOf } from './kinds/registry'

/** After this many ends of the process over one job it is not begun again. */
const ATTEMPTS_AT_MOST = 3

export function isActive(snapshot: JobSnapshot): boolean {
  return snapshot.state === 'running' || snapshot.state === 'queued' || snapshot.state === 'paused'
}

/**
 * Why a job that was under way cannot go on; null where it can.
 * @param countAttempt notes that the job is begun again, and answers how often it was
 */
export function problemWith(
  { id, spec, snapshot }: StoredJob,
  countAttempt: (id: string) => number,
): JobProblem | null {
  if (!isActive(snapshot)) return null
  const kind = kindOf(spec)
  const lost = kind.lost?.(spec, snapshot.sourceName) ?? null
  if (lost) return lost
  if (kind.resume === 'fail' && snapshot.state !== 'queued')
    return {
      code: 'ENGINE_GONE',
      message: `Isolde stopped while it worked on ${snapshot.sourceName}, and cannot go on with that. Start it again.`,
      details: because('stoppedOften', { name: snapshot.sourceName }),
    }
  // Whatever ends the process each time must not do so for ever.
  if (snapshot.state === 'running' && countAttempt(id) > ATTEMPTS_AT_MOST)
    return {
      code: 'ENGINE_GONE',
      message: `Isolde stopped ${ATTEMPTS_AT_MOST + 1} times while it worked on ${snapshot.sourceName}. The image may be damaged in a way that it cannot cope with.`,
      details: because('stoppedOften', { name: snapshot.sourceName }),
    }
  return null
}
