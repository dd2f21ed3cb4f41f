import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import type { JobKind } from '../job-kind'
import { rescueSpec, type RescueSpec } from './spec'

/** What can be saved of a damaged image of this computer; the image is only read. */
export const rescueKind: JobKind<RescueSpec, JobResultOf<'rescue'>, JobStartOf<'rescue'>['spec']> = {
  id: 'rescue',
  spec: rescueSpec,
  prepare({ path: image, destination, ...rest }) {
    const target = destination === '' ? '' : path.resolve(destination)
    return {
      spec: { kind: 'rescue', path: path.resolve(image), destination: target, ...rest },
      sourceName: path.basename(image),
    }
  },
  title: ({ path: image, what }) => ({
    code: what === 'files' ? 'title' : what,
    parameters: { source: path.basename(image) },
  }),
  destination: ({ what, destination }) => (what === 'plan' ? null : destination),
  resources: ({ path: image, what, destination }) => (what === 'plan' ? [image] : [destination, image]),
  into: (spec, destination) => (spec.what === 'plan' ? null : { ...spec, destination }),
  resume: 'restart',
  run: async (spec, task) => (await import('./run')).runRescue(spec, task),
}
