import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { hashFiles } from '../from-image/hash-files'
import type { JobOutcome, JobTask } from '../job-kind'
import type { HashSpec } from './spec'

/**
 * Computes the hashes that are not known yet. A file that cannot be read whole has none, and is a problem.
 * @throws {IsoldeError} `ENTRY_GONE` where the image is not as it was indexed, `SOURCE_GONE`
 */
export async function runHashing(spec: HashSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'hash'>>> {
  // Nothing is written at any place that would have to be cleared.
  task.begin()
  const { files, byteLength, problems } = await hashFiles([spec], task)
  return { result: { kind: 'hash', files, byteLength, problems }, destination: '' }
}
