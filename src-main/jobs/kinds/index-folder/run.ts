import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { saidOf } from '../../../../src-shared/model'
import type { JobOutcome, JobTask } from '../job-kind'
import type { IndexFolderSpec } from './spec'

/** Reads one image after the other, as long as the folder has some that are new or have changed. */
export async function runIndexing(
  { folder }: IndexFolderSpec,
  task: JobTask,
): Promise<JobOutcome<JobResultOf<'index-folder'>>> {
  let images = 0
  let problems = 0
  for (;;) {
    await task.checkpoint()
    const next = await task.library.nextToIndex({ folder })
    if (next === null) break
    const entriesDone = images + problems
    task.progress({ entriesDone, entriesTotal: entriesDone + next.waiting, current: next.path, isCounting: false })
    const refused = await task.library.indexImage({ path: next.path })
    if (refused) {
      problems++
      task.problem({ path: next.path, to: null, byteLength: 0, status: 'failed', ...saidOf(refused) })
    } else images++
  }
  return { result: { kind: 'index-folder', images, problems }, destination: '' }
}
