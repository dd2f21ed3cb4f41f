import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { diskOf, uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { compareSpec, type CompareSpec } from './spec'

/** What one view has more, less and otherwise than another. */
export const compare: JobKind<CompareSpec, JobResultOf<'compare'>, JobStartOf<'compare'>['spec']> = {
  id: 'compare',
  spec: compareSpec,
  async prepare({ left, right, content }, context) {
    const known = async ({ image: imageId, generation, view }: typeof left) => {
      return { source: await context.knownSource(imageId), imageId, generation, view }
    }
    const [before, after] = [await known(left), await known(right)]
    return { spec: { kind: 'compare', left: before, right: after, content }, sourceName: before.source.name }
  },
  title: ({ left, right }) => ({ code: 'title', parameters: { left: left.source.name, right: right.source.name } }),
  destination: () => null,
  // Only contents are read from the images themselves.
  resources: ({ left, right, content }) => (content === null ? [] : [...diskOf(left.source), ...diskOf(right.source)]),
  resume: 'restart',
  isShownElsewhere: true,
  lost: ({ left, right }) => uploadLost(left.source, left.source.name) ?? uploadLost(right.source, right.source.name),
  run: async (spec, task) => (await import('./run')).runComparison(spec, task),
}
