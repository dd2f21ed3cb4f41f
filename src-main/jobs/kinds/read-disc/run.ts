import fs from 'node:fs'
import { because } from '../../../../src-shared/model'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { readDisc } from '../../../devices'
import type { JobOutcome, JobTask } from '../job-kind'
import type { ReadDiscSpec } from './spec'

/** Reads with a map beside the image, which goes when nothing is missing. */
export async function runReadDisc(spec: ReadDiscSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'read-disc'>>> {
  const { source, target, retries, reverse: isReverse } = spec
  const map = `${target}.map`
  task.begin()
  const read = await readDisc({ source, target, map, retries, isReverse }, task)
  for (const { byteOffset, byteLength, files } of read.bad) {
    const named = files.length === 0 ? '' : ` (${files.join(', ')})`
    const message = `${byteLength} bytes at byte ${byteOffset} cannot be read${named}.`
    const details = because('rangeUnreadable', { length: byteLength, at: byteOffset })
    task.problem({ path: source, to: null, byteLength, status: 'partial', code: 'SOURCE_UNREADABLE', message, details })
  }
  if (read.bad.length === 0) fs.rmSync(map, { force: true })
  const { bytesRead, byteLength, sha256, damagedFiles } = read
  const counts = { bytesRead, byteLength, damagedFiles: damagedFiles.length, problems: read.bad.length }
  return { result: { kind: 'read-disc', ...counts, sha256 }, destination: target }
}
