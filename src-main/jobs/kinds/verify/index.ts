import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { diskOf, uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { verifySpec, type VerifySpec } from './spec'

/** Every check that an image carries; nothing is written. */
export const verify: JobKind<VerifySpec, JobResultOf<'verify'>, JobStartOf<'verify'>['spec']> = {
  id: 'verify',
  spec: verifySpec,
  prepare(start, context) {
    const source = context.source(start)
    return { spec: { kind: 'verify', source, view: start.view, isDeep: start.isDeep }, sourceName: source.name }
  },
  title: ({ source }) => ({ code: 'title', parameters: { source: source.name } }),
  destination: () => null,
  resources: ({ source }) => diskOf(source),
  resume: 'restart',
  lost: ({ source }, sourceName) => uploadLost(source, sourceName),
  // Jobs of earlier versions counted sums as files.
  earlierResult: ({ files, problems }) => ({ kind: 'verify', sums: files, problems }),
  run: async (spec, task) => (await import('./run')).runVerification(spec, task),
}
