import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { saidOf } from '../../../../src-shared/model'
import type { JobOutcome, JobTask } from '../job-kind'
import type { IndexInsideSpec } from './spec'

/** Reads one image after the other, until there is none that is not known, however deep. */
export async function runIndexing(
  { source, isEverything }: IndexInsideSpec,
  task: JobTask,
): Promise<JobOutcome<JobResultOf<'index-inside'>>> {
  let images = 0
  let problems = 0
  for (;;) {
    await task.checkpoint()
    const next = await task.library.nextInside({ job: task.id, source, isEverything })
    if (next === null) break
    const entriesDone = images + problems
    task.progress({ entriesDone, entriesTotal: entriesDone + next.waiting, current: next.path, isCounting: false })
    const refused = await task.library.indexInside({ job: task.id })
    // Ended meanwhile: what it then says is not the image's fault.
    await task.checkpoint()
    if (refused) {
      problems++
      task.problem({ path: next.path, to: null, byteLength: 0, status: 'failed', ...saidOf(refused) })
    } else images++
  }
  return { result: { kind: 'index-inside', images, problems }, destination: '' }
}
