import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import type { JobKind } from '../job-kind'
import { interrupted } from '../to-drive/confirmed-drive'
import { eraseDriveSpec, type EraseDriveSpec } from './spec'

/** An empty drive again. */
export const eraseDriveKind: JobKind<EraseDriveSpec, JobResultOf<'erase-drive'>, JobStartOf<'erase-drive'>['spec']> = {
  id: 'erase-drive',
  spec: eraseDriveSpec,
  prepare({ drive, confirm, as, label }) {
    return { spec: { kind: 'erase-drive', drive, as, label }, sourceName: drive.model || drive.path, secret: confirm }
  },
  title: ({ drive }) => ({ code: 'title', parameters: { drive: drive.model || drive.path } }),
  destination: () => null,
  resources: ({ drive }) => [drive.path],
  resume: 'fail',
  lost: ({ drive }) => interrupted(drive),
  run: async (spec, task) => (await import('./run')).runEraseDrive(spec, task),
}
