import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { diskOf } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { editSpec, type EditSpec } from './spec'

/** The image that a project describes: a new one, or a changed copy of another, read back before it has its name. */
export const edit: JobKind<EditSpec, JobResultOf<'edit'>, JobStartOf<'edit'>['spec']> = {
  id: 'edit',
  spec: editSpec,
  async prepare({ project, destination, name, replaces, leavesOutDamaged }, context) {
    // An open file cannot be replaced everywhere.
    const outline = await context.project(project, replaces)
    return {
      spec: {
        kind: 'edit',
        project,
        outline,
        destination: path.resolve(destination),
        name,
        replaces: replaces && outline.base !== null,
        leavesOutDamaged,
      },
      sourceName: outline.base?.source.name ?? `${name}.iso`,
    }
  },
  title: ({ name, replaces }) => ({ code: replaces ? 'replacing' : 'title', parameters: { name: `${name}.iso` } }),
  destination: ({ destination }) => destination,
  resources: ({ destination, outline: { base, operations } }) => [
    destination,
    ...(base === null ? [] : diskOf(base.source)),
    ...operations.flatMap((each) =>
      each.op === 'add' ? each.paths.slice(0, 1) : each.op === 'addEntries' ? diskOf(each.source) : [],
    ),
  ],
  resume: 'restart',
  run: async (spec, task) => (await import('./run')).runEdit(spec, task),
}
