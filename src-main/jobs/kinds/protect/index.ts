import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { eccPathFor } from '../../../files/ecc-beside'
import type { JobKind } from '../job-kind'
import { protectSpec, type ProtectSpec } from './spec'

/** A file of error correction beside an image of this computer; the image is only read. */
export const protectKind: JobKind<ProtectSpec, JobResultOf<'protect'>, JobStartOf<'protect'>['spec']> = {
  id: 'protect',
  spec: protectSpec,
  async prepare({ path: image, redundancy, isReplacing }) {
    const place = path.resolve(image)
    const { assertReplaceable } = await import('../../../rescue')
    assertReplaceable(eccPathFor(place), isReplacing)
    return {
      spec: { kind: 'protect', path: place, redundancy, isReplacing },
      sourceName: path.basename(image),
    }
  },
  title: ({ path: image }) => ({ code: 'title', parameters: { source: path.basename(image) } }),
  destination: ({ path: image }) => path.dirname(image),
  resources: ({ path: image }) => [image],
  resume: 'restart',
  run: async (spec, task) => (await import('./run')).runProtection(spec, task),
}
