import { z } from 'zod'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { onlyFailed, prepared, resourcesOf, titleOf, transferSpec } from '../between-folders/transfer-spec'
import type { JobKind } from '../job-kind'

const copySpec = transferSpec.extend({ kind: z.literal('copy') })
type CopySpec = z.output<typeof copySpec>

/** Files and folders of this computer into a folder. */
export const copy: JobKind<CopySpec, JobResultOf<'copy'>, JobStartOf<'copy'>['spec']> = {
  id: 'copy',
  spec: copySpec,
  prepare: (start) => prepared({ kind: 'copy', ...start }),
  title: titleOf,
  destination: ({ destination }) => destination,
  resources: resourcesOf,
  into: (spec, destination) => ({ ...spec, destination }),
  resume: 'continue',
  onlyFailed,
  async run(spec, task) {
    const { transfer } = await import('../between-folders/transfer')
    return transfer(spec, { move: false }, task, (written) => ({ kind: 'copy', ...written }))
  },
}
