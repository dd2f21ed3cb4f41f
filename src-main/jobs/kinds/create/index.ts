import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import type { JobKind } from '../job-kind'
import { createSpec, type CreateSpec } from './spec'

/** A disc image of files and folders, read back before it has its name. */
export const create: JobKind<CreateSpec, JobResultOf<'create'>, JobStartOf<'create'>['spec']> = {
  id: 'create',
  spec: createSpec,
  prepare({ paths, destination, ...rest }) {
    const absolute = paths.map((each) => path.resolve(each))
    return {
      spec: { kind: 'create', paths: absolute, destination: path.resolve(destination), ...rest },
      sourceName: path.basename(absolute[0] ?? ''),
    }
  },
  title: ({ name }) => ({ code: 'title', parameters: { name: `${name}.iso` } }),
  destination: ({ destination }) => destination,
  resources: ({ paths, destination }) => [destination, ...paths],
  resume: 'restart',
  run: async (spec, task) => (await import('./run')).runCreation(spec, task),
}
