import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { diskOf } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { interrupted } from '../to-drive/confirmed-drive'
import { writeDriveSpec, type WriteDriveSpec } from './spec'

/** An image onto a drive, checked byte for byte. */
export const writeDriveKind: JobKind<WriteDriveSpec, JobResultOf<'write-drive'>, JobStartOf<'write-drive'>['spec']> = {
  id: 'write-drive',
  spec: writeDriveSpec,
  prepare({ image, generation, drive, confirm, how, table, fit }, context) {
    const source = context.source({ image, generation })
    return { spec: { kind: 'write-drive', source, drive, how, table, fit }, sourceName: source.name, secret: confirm }
  },
  title: ({ source, drive }) => ({
    code: 'title',
    parameters: { source: source.name, drive: drive.model || drive.path },
  }),
  destination: () => null,
  resources: ({ source, drive }) => [drive.path, ...diskOf(source)],
  resume: 'fail',
  lost: ({ drive }) => interrupted(drive),
  run: async (spec, task) => (await import('./run')).runWriteDrive(spec, task),
}
