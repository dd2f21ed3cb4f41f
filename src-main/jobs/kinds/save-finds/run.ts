import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { IsoldeError } from '../../../../src-shared/contract/errors'
import { because } from '../../../../src-shared/model'
import { assertOnAnotherDisk } from '../../../devices'
import { FileByteSource } from '../../../files/file-byte-source'
import { saveFound, type FoundBytes } from '../../../find'
import { DiagnosticLog } from '../../../image/core/diagnostic-log'
import { ExtentSource } from '../../../image/core/sources/extent-source'
import { TolerantSource } from '../../../image/core/sources/tolerant-source'
import type { JobOutcome, JobTask } from '../job-kind'
import type { SaveFindsSpec } from './spec'

type Result = JobResultOf<'save-finds'>

/** Copies each find under a free name, whole or not at all, and checks the copy; one that does not pass is a problem. */
export async function runSaveFinds(spec: SaveFindsSpec, task: JobTask): Promise<JobOutcome<Result>> {
  const { source: place, destination } = spec
  await assertOnAnotherDisk(place, destination)
  task.begin()
  const source = FileByteSource.open(place)
  try {
    if (source.byteLength !== spec.sourceByteLength)
      throw new IsoldeError(
        'SOURCE_CHANGED',
        `${place} has another length than the disk that was searched. Search it again.`,
        because('otherDisk', { name: place }),
      )
    const disk = new TolerantSource(source, new DiagnosticLog())
    const finds = spec.finds.map(({ name, runs }, at): FoundBytes => {
      const byteLength = runs.reduce((sum, value, index) => (index % 2 === 0 ? sum : sum + value), 0)
      return { number: at + 1, name, byteLength, content: new ExtentSource(disk, runs, byteLength) }
    })
    const result: Result = { kind: 'save-finds', bytesWritten: 0, saved: [], problems: 0 }
    await saveFound(finds, destination, task, ({ path, byteLength, verdict, problem }) => {
      result.saved.push({ path, byteLength, verdict, problem })
      result.bytesWritten += byteLength
      if (verdict !== 'failed' && problem === null) return
      result.problems++
      const message = problem ?? `${path} did not pass its checks.`
      task.problem({ path, to: path, byteLength, status: 'partial', code: 'IMAGE_DAMAGED', message })
    })
    return { result, destination }
  } finally {
    source.close()
  }
}
