import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { NumberRanges } from '../../../../src-shared/model'
import { hashFiles, untilIndexed, type HashRequest } from '../from-image/hash-files'
import type { JobOutcome, JobTask, KnownView } from '../job-kind'
import type { CompareSpec } from './spec'

/** Compares two trees, and once more where the contents of files had to be hashed first. */
export async function runComparison(spec: CompareSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'compare'>>> {
  const { left, right, content } = spec
  for (const side of [left, right]) await untilIndexed(side, task)
  const compare = () => task.library.compare({ left: refOf(left), right: refOf(right), algorithm: content })
  let found = await compare()
  let problems = 0
  if (content !== null) {
    const requests = (['left', 'right'] as const).flatMap((side): HashRequest[] => {
      const entries = found.candidates[side]
      if (entries.length === 0) return []
      return [{ ...spec[side], ranges: NumberRanges.of(entries).flat(), algorithm: content }]
    })
    if (requests.length > 0) {
      // What is computed is kept: from here on it is ended between two files.
      task.begin()
      // An image that is offline leaves its files unproven, which the counts say.
      problems = (await hashFiles(requests, task, true)).problems
      await task.library.close({ result: found.comparison })
      found = await compare()
    }
  }
  const { comparison, total, counts } = found
  return { result: { kind: 'compare', comparison, total, counts, problems }, destination: '' }
}

const refOf = ({ imageId, generation, view }: KnownView): KnownView => ({ imageId, generation, view })
