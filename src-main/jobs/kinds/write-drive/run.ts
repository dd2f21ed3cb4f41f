import type { JobResultOf } from '../../../../src-shared/contract/jobs'
import { filesInUse, planDrive, writeDrive, type InUse } from '../../../devices'
import type { JobOutcome, JobTask } from '../job-kind'
import { findConfirmed } from '../to-drive/confirmed-drive'
import type { WriteDriveSpec } from './spec'

/** Writes and checks; whatever goes wrong leaves the drive empty. */
export async function runWriteDrive(
  spec: WriteDriveSpec,
  task: JobTask,
): Promise<JobOutcome<JobResultOf<'write-drive'>>> {
  const opened = await task.open(spec.source)
  try {
    const { image, file } = opened
    const isPlain = image.info.containers.every((each) => each === 'plain') && spec.source.inside.length === 0
    const inUse: InUse[] = [
      ...filesInUse(opened.path, file),
      ...filesInUse(null, image.blocks),
      { kind: 'profile', path: task.profile },
    ]
    const { offered, found } = await findConfirmed(spec.drive, inUse)
    const plan = await planDrive({
      image,
      file: isPlain ? file : null,
      how: spec.how,
      // The window always says one; only another than the usual one is somebody’s wish.
      table: spec.table === 'mbr' ? null : spec.table,
      isFitted: spec.fit,
      driveLength: offered.drive.byteLength,
      containerDamage: opened.containerDamage,
    })
    try {
      const problemOf = (): string | null => opened.rewritten()[0]?.message ?? null
      const options = { confirm: task.secret ?? '', isChecked: true, isFixedAllowed: false, inUse, problemOf }
      const { how, bytesWritten, bytesChecked, sha256, leftOut } = await writeDrive(offered, found, plan, options, task)
      for (const { path, message } of leftOut)
        task.problem({ path, to: null, byteLength: 0, status: 'skipped', code: 'UNSUPPORTED_KIND', message })
      const result = { kind: 'write-drive', bytesWritten, bytesChecked, sha256, problems: leftOut.length } as const
      return { result: { ...result, how: how === 'files' ? 'files' : 'as-is' }, destination: '' }
    } finally {
      await plan.close()
    }
  } finally {
    await opened.close()
  }
}
