import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { indexInsideSpec, type IndexInsideSpec } from './spec'

/** What an image carries, into the catalog: the images in it, and those in these. */
export const indexInside: JobKind<IndexInsideSpec, JobResultOf<'index-inside'>, JobStartOf<'index-inside'>['spec']> = {
  id: 'index-inside',
  spec: indexInsideSpec,
  prepare({ image, generation, isEverything }, context) {
    const source = context.source({ image, generation })
    return { spec: { kind: 'index-inside', source, isEverything }, sourceName: source.name }
  },
  title: ({ source }) => ({ code: 'title', parameters: { source: source.name } }),
  destination: () => null,
  // Work that mostly nobody asked for just now holds up no other.
  resources: () => [],
  // What was read is in the catalog, and is not read again.
  resume: 'restart',
  lost: ({ source }, sourceName) => uploadLost(source, sourceName),
  run: async (spec, task) => (await import('./run')).runIndexing(spec, task),
}
