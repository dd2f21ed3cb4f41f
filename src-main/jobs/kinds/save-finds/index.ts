import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { assertOnAnotherDisk } from '../../../devices'
import type { JobKind } from '../job-kind'
import { saveFindsSpec, type SaveFindsSpec } from './spec'

type Start = JobStartOf<'save-finds'>['spec']

/** Disc images that were found, copied to another disk; the one that they were found on is only read. */
export const saveFindsKind: JobKind<SaveFindsSpec, JobResultOf<'save-finds'>, Start> = {
  id: 'save-finds',
  spec: saveFindsSpec,
  async prepare({ source, destination, ...rest }) {
    const place = path.resolve(source)
    const target = path.resolve(destination)
    await assertOnAnotherDisk(place, target)
    return {
      spec: { kind: 'save-finds', source: place, destination: target, ...rest },
      sourceName: path.basename(place) || place,
    }
  },
  title: ({ source, finds }) => ({
    code: 'title',
    parameters: { source: path.basename(source) || source, n: finds.length },
  }),
  destination: ({ destination }) => destination,
  resources: ({ source, destination }) => [destination, source],
  into: (spec, destination) => ({ ...spec, destination }),
  resume: 'restart',
  run: async (spec, task) => (await import('./run')).runSaveFinds(spec, task),
}
