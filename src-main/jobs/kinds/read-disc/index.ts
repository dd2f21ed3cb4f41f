import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import type { JobKind } from '../job-kind'
import { readDiscSpec, type ReadDiscSpec } from './spec'

/** An image of a disc, as far as it can be read; after a crash it goes on from its map. */
export const readDiscKind: JobKind<ReadDiscSpec, JobResultOf<'read-disc'>, JobStartOf<'read-disc'>['spec']> = {
  id: 'read-disc',
  spec: readDiscSpec,
  prepare({ source, target, retries, reverse }) {
    const spec = { kind: 'read-disc', source, target: path.resolve(target), retries, reverse } as const
    return { spec, sourceName: source }
  },
  title: ({ source }) => ({ code: 'title', parameters: { source } }),
  destination: ({ target }) => target,
  resources: ({ source, target }) => [source, path.dirname(target)],
  resume: 'continue',
  run: async (spec, task) => (await import('./run')).runReadDisc(spec, task),
}
