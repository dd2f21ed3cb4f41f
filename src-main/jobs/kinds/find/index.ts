import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import type { JobKind } from '../job-kind'
import { findSpec, type FindSpec } from './spec'

/** Looks for disc images on a disk, which is only read; after a crash it goes on where its map ends. */
export const findKind: JobKind<FindSpec, JobResultOf<'find'>, JobStartOf<'find'>['spec']> = {
  id: 'find',
  spec: findSpec,
  prepare({ source, isResumed }) {
    const place = path.resolve(source)
    return { spec: { kind: 'find', source: place, isResumed }, sourceName: path.basename(place) || place }
  },
  title: ({ source }) => ({ code: 'title', parameters: { source: path.basename(source) || source } }),
  destination: () => null,
  resources: ({ source }) => [source],
  resume: 'continue',
  run: async (spec, task) => (await import('./run')).runFind(spec, task),
}
