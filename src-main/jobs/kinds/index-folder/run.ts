import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { saidOf } from '../../../../src-shared/model'
import { imageSource } from '../from-image/image-source'
import type { JobOutcome, JobTask } from '../job-kind'
import { lastName } from '../last-name'
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
    } else {
      images++
      await readInside(next.path, task)
    }
  }
  return { result: { kind: 'index-folder', images, problems }, destination: '' }
}

/** What the image carries, as far as the person wants that; what cannot be read of it is told when it is opened. */
async function readInside(path: string, task: JobTask): Promise<void> {
  const source = imageSource.parse({ kind: 'path', path, name: lastName(path), inside: [] })
  for (;;) {
    await task.checkpoint()
    if ((await task.library.nextInside({ job: task.id, source, isEverything: false })) === null) return
    await task.library.indexInside({ job: task.id })
  }
}
