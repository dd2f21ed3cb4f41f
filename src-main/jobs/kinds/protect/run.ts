import fs from 'node:fs'
import path from 'node:path'
import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { eccPathFor } from '../../../files/ecc-beside'
import { protectImage } from '../../../rescue'
import type { JobOutcome, JobTask } from '../job-kind'
import type { ProtectSpec } from './spec'

/** Writes NAME.ecc beside the image, where rescuing and dvdisaster look for it; anew where it is there and was asked for. */
export async function runProtection(spec: ProtectSpec, task: JobTask): Promise<JobOutcome<JobResultOf<'protect'>>> {
  const target = eccPathFor(spec.path)
  task.begin()
  task.progress({ bytesTotal: fs.statSync(spec.path).size, entriesTotal: 1, current: path.basename(target) })
  const { byteLength, dataLayers, eccLayers } = await protectImage(
    spec.path,
    target,
    spec.redundancy,
    task,
    spec.isReplacing,
  )
  const result = { kind: 'protect' as const, bytesWritten: byteLength, dataLayers, eccLayers, problems: 0 }
  return { result, destination: target }
}
