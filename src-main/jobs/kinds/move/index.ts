import { z } from 'zod'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { onlyFailed, prepared, resourcesOf, titleOf, transferSpec } from '../between-folders/transfer-spec'
import type { JobKind } from '../job-kind'

const moveSpec = transferSpec.extend({ kind: z.literal('move') })
type MoveSpec = z.output<typeof moveSpec>

/** Files and folders of this computer to another folder. */
export const move: JobKind<MoveSpec, JobResultOf<'move'>, JobStartOf<'move'>['spec']> = {
  id: 'move',
  spec: moveSpec,
  prepare: (start) => prepared({ kind: 'move', ...start }),
  title: titleOf,
  destination: ({ destination }) => destination,
  resources: resourcesOf,
  into: (spec, destination) => ({ ...spec, destination }),
  resume: 'continue',
  onlyFailed,
  async run(spec, task) {
    const { transfer } = await import('../between-folders/transfer')
    return transfer(spec, { move: true }, task, (written) => ({ kind: 'move', ...written }))
  },
}
