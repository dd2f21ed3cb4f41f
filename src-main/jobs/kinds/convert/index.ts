import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { diskOf, uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { convertSpec, type ConvertSpec } from './spec'

/** The blocks inside any container as a plain image, under a free name in the destination. */
export const convert: JobKind<ConvertSpec, JobResultOf<'convert'>, JobStartOf<'convert'>['spec']> = {
  id: 'convert',
  spec: convertSpec,
  prepare(start, context) {
    const source = context.source(start)
    return {
      spec: { kind: 'convert', source, destination: path.resolve(start.destination), name: start.name },
      sourceName: source.name,
    }
  },
  title: ({ source }) => ({ code: 'title', parameters: { source: source.name } }),
  destination: ({ destination }) => destination,
  resources: ({ source, destination }) => [destination, ...diskOf(source)],
  into: (spec, destination) => ({ ...spec, destination }),
  resume: 'restart',
  lost: ({ source }, sourceName) => uploadLost(source, sourceName),
  run: async (spec, task) => (await import('./run')).runConversion(spec, task),
}
