import path from 'node:path'
import { FINDS_TOLD, type FoundImage, type JobResultOf } from '../../../../src-shared/contract/jobs'
import { RUNS_LIMIT } from '../../../../src-shared/contract/shapes'
import { because } from '../../../../src-shared/model'
import { liesOnDiskOf } from '../../../devices'
import { Search, searchMapPath, type Find } from '../../../find'
import { Throttle, type Control } from '../../../task'
import type { JobOutcome, JobTask } from '../job-kind'
import type { FindSpec } from './spec'

const TELL_EVERY_MS = 200

/** Searches, and tells of every find as soon as it has been read. */
export async function runFind(spec: FindSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'find'>>> {
  const { source } = spec
  // Nothing is written to the disk that is searched: it might lie over what is looked for.
  const map = searchMapPath(task.profile, source)
  const isNoted = !(await liesOnDiskOf(source, map))
  const result: JobResultOf<'find'> = {
    ...{ kind: 'find', source, sourceByteLength: 0, finds: [], findTotal: 0 },
    ...{ unreadableByteLength: 0, isNoted, problems: 0 },
  }
  task.soFar(result)
  task.begin()
  const throttle = new Throttle(TELL_EVERY_MS)
  const request = {
    sourcePath: source,
    mapPath: isNoted ? map : null,
    isMapRequired: false,
    isResumed: spec.isResumed || task.isTakenOver,
    isSummed: true,
  }
  let told = 0
  const reportNews = (): void => {
    if (told === result.findTotal || !throttle.isDue()) return
    told = result.findTotal
    task.soFar(result)
  }
  const control: Control = {
    progress: (progress) => {
      result.sourceByteLength = progress.bytesTotal ?? result.sourceByteLength
      task.progress(progress)
    },
    checkpoint: () => {
      reportNews()
      return task.checkpoint()
    },
  }
  const search = await Search.run(request, control, (find) => {
    result.findTotal++
    if (result.finds.length < FINDS_TOLD) result.finds.push(lineOf(find))
    reportNews()
  })
  try {
    result.unreadableByteLength = search.unreadableByteLength
    if (result.unreadableByteLength > 0) {
      result.problems++
      reportUnreadable(search, source, task)
    }
    return { result, destination: '' }
  } finally {
    search.close()
  }
}

function lineOf(find: Find): FoundImage {
  const { number, name, byteOffset, byteLength, state, origin, isAssumed, identity, fragments, isPacked } = find
  const runs =
    isPacked || fragments.length * 2 > RUNS_LIMIT ? null : fragments.flatMap(([at, length]) => [at ?? -1, length])
  const summary = identity?.summary ?? ''
  return { number, name, byteOffset, byteLength, state, origin, isAssumed, summary, pieces: fragments.length, runs }
}

function reportUnreadable({ unreadableByteLength }: Search, source: string, task: JobTask): void {
  task.problem({
    ...{ path: path.basename(source), to: null, byteLength: unreadableByteLength, status: 'partial' },
    ...{ code: 'SOURCE_UNREADABLE', message: `${unreadableByteLength} bytes could not be read and were passed over.` },
    details: because('bytesPassedOver', { length: unreadableByteLength }),
  })
}
