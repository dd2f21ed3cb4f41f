import type { JobSnapshot } from '../../src-shared/model'
import { isImageJob } from './job-spec'
import type { StoredJob } from './job-store'

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
): { code: string; message: string } | null {
  if (!isActive(snapshot)) return null
  // A dropped file went away with its page.
  if (isImageJob(spec) && spec.source.kind === 'upload')
    return {
      code: 'SOURCE_GONE',
      message: `${snapshot.sourceName} was dropped on a page that is closed. Drop it again.`,
    }
  if (spec.kind === 'extract' && spec.hasPassword === true)
    return {
      code: 'PASSWORD_GONE',
      message: `The archive of ${snapshot.sourceName} was to be encrypted, and the password is not kept. Start it again.`,
    }
  // Whatever ends the process each time must not do so for ever.
  if (snapshot.state === 'running' && countAttempt(id) > ATTEMPTS_AT_MOST)
    return {
      code: 'ENGINE_GONE',
      message: `Isolde stopped ${ATTEMPTS_AT_MOST + 1} times while it worked on ${snapshot.sourceName}. The image may be damaged in a way that it cannot cope with.`,
    }
  return null
}
