import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { planEmpty, writeDrive, type InUse } from '../../../devices'
import type { JobOutcome, JobTask } from '../job-kind'
import { findConfirmed } from '../to-drive/confirmed-drive'
import type { EraseDriveSpec } from './spec'

export async function runEraseDrive(
  spec: EraseDriveSpec,
  task: JobTask,
): Promise<JobOutcome<JobResultOf<'erase-drive'>>> {
  const inUse: InUse[] = [{ kind: 'profile', path: task.profile }]
  const { offered, found } = await findConfirmed(spec.drive, inUse)
  const plan = planEmpty(spec.as, spec.label, offered.drive.byteLength)
  try {
    const options = { confirm: task.secret ?? '', isChecked: true, isFixedAllowed: false, inUse }
    const { bytesWritten, bytesChecked } = await writeDrive(offered, found, plan, options, task)
    return { result: { kind: 'erase-drive', bytesWritten, bytesChecked, problems: 0 }, destination: '' }
  } finally {
    await plan.close()
  }
}
