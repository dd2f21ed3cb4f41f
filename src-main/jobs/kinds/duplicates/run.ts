import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { NumberRanges } from '../../../../src-shared/model'
import { hashFiles, untilIndexed, type HashRequest } from '../from-image/hash-files'
import type { JobOutcome, JobTask } from '../job-kind'
import type { DuplicatesSpec } from './spec'

/** Looks through the catalog; by content, what may be there more than once is hashed first. */
export async function runDuplicates(
  { image, minByteLength, byContent }: DuplicatesSpec,
  task: JobTask,
): Promise<JobOutcome<JobResultOf<'duplicates'>>> {
  const query = { imageId: image?.imageId ?? null, minByteLength, algorithm: 'blake3' as const }
  // Nothing can be said of an image that is still being read.
  if (image) await untilIndexed(image, task)
  let offlineCount = 0
  let problems = 0
  if (byContent) {
    const requests: HashRequest[] = []
    for (const { entries, isOnline, ...ref } of await task.library.duplicateCandidates(query)) {
      const source = await sourceOf(ref.imageId, image, task)
      // A dropped file lies nowhere that could be looked at.
      if (source === null || !(isOnline || source.kind === 'upload')) offlineCount++
      else requests.push({ source, ...ref, ranges: NumberRanges.of(entries).flat(), algorithm: 'blake3' })
    }
    if (requests.length > 0) {
      // What is computed is kept: from here on it is ended between two files.
      task.begin()
      const hashed = await hashFiles(requests, task, true)
      offlineCount += hashed.offline
      problems = hashed.problems
    }
  }
  const found = await task.library.duplicates(query)
  return { result: { kind: 'duplicates', ...found, offlineCount, problems }, destination: '' }
}

/** Null where the catalog has forgotten it meanwhile. */
function sourceOf(
  imageId: number,
  image: DuplicatesSpec['image'],
  task: JobTask,
): Promise<HashRequest['source'] | null> {
  if (image?.imageId === imageId) return Promise.resolve(image.source)
  return task.library.source({ imageId }).catch(() => null)
}
