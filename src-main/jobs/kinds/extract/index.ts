import path from 'node:path'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { entriesTitle } from '../from-image/entries-spec'
import { diskOf, uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { onlyFailed } from './only-failed'
import { extractSpec, type ExtractSpec } from './spec'

/** Entries of an image into a folder. */
export const extract: JobKind<ExtractSpec, JobResultOf<'extract'>, JobStartOf<'extract'>['spec']> = {
  id: 'extract',
  spec: extractSpec,
  async prepare(start, context) {
    const { view, conflicts, smart, keepPaths, rename, names, attributes } = start
    const source = context.source(start)
    const selection = await context.selection(start)
    const destination = path.resolve(start.destination)
    return {
      spec: {
        kind: 'extract',
        source,
        view,
        ...selection,
        destination,
        conflicts,
        smart,
        keepPaths,
        rename,
        names,
        attributes,
      },
      sourceName: context.nameOf(start),
    }
  },
  title: entriesTitle,
  destination: ({ destination }) => destination,
  resources: ({ source, destination }) => [destination, ...diskOf(source)],
  into: (spec, destination) => ({ ...spec, destination }),
  resume: 'continue',
  lost: ({ source }, sourceName) => uploadLost(source, sourceName),
  incoming: ({ source, view }, entryPath) => ({ source, view, path: entryPath }),
  onlyFailed,
  run: async (spec, task) => (await import('./run')).runExtraction(spec, task),
}
