import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { NumberRanges } from '../../../../src-shared/model'
import { diskOf, uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { hashSpec, type HashSpec } from './spec'

/** Hashes of files of an image, kept in the catalog. */
export const hash: JobKind<HashSpec, JobResultOf<'hash'>, JobStartOf<'hash'>['spec']> = {
  id: 'hash',
  spec: hashSpec,
  async prepare({ image, generation, view, entries, algorithm }, context) {
    const source = await context.knownSource(image)
    const ranges = Array.isArray(entries) ? NumberRanges.of(entries).flat() : (entries?.ranges ?? null)
    return {
      spec: { kind: 'hash', source, imageId: image, generation, view, ranges, algorithm },
      sourceName: source.name,
    }
  },
  title: ({ source }) => ({ code: 'title', parameters: { source: source.name } }),
  destination: () => null,
  resources: ({ source }) => diskOf(source),
  // What was computed is in the catalog: beginning anew does the rest.
  resume: 'restart',
  lost: ({ source }, sourceName) => uploadLost(source, sourceName),
  run: async (spec, task) => (await import('./run')).runHashing(spec, task),
}
