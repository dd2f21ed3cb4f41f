import path from 'node:path'
import { plainExtensionOf, saidOf } from '../../../../src-shared/model'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { makeWholeFile } from '../../../sinks/atomic-file'
import { pour } from '../../../sinks/pour'
import { assertRoomFor } from '../../../sinks/room'
import { freeFilePath, stemOf } from '../from-image/extract-image'
import { lossesOf } from '../from-image/losses'
import type { JobOutcome, JobTask } from '../job-kind'
import type { ConvertSpec } from './spec'

/**
 * Pours the blocks of an image into a file that appears whole, named so that it promises a disc only where there is one.
 * What the file lacks of the image is told.
 */
export async function runConversion(spec: ConvertSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'convert'>>> {
  const opened = await task.open(spec.source)
  try {
    const { image } = opened
    const plain = await image.plain()
    const target = freeFilePath(spec.destination, spec.name ?? stemOf(image.info.name), plainExtensionOf(image.info))
    const name = path.basename(target)
    assertRoomFor(target, plain.blocks.byteLength)
    task.begin()
    task.progress({ bytesTotal: plain.blocks.byteLength, entriesTotal: 1, current: name, isCounting: false })
    return await makeWholeFile(
      target,
      async (_, file) => {
        const { byteLength, problem } = await pour(plain.blocks, file, task)
        task.commit()
        const losses = [...lossesOf(image, plain, problem), ...opened.rewritten()]
        for (const loss of losses)
          task.problem({ path: image.info.name, to: name, byteLength, status: 'partial', ...saidOf(loss) })
        const result = { kind: 'convert' as const, bytesWritten: byteLength, problems: losses.length }
        return { result, destination: target }
      },
      (file, outcome) => {
        task.ready(outcome, file)
      },
    )
  } finally {
    await opened.close()
  }
}
