import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import type { JobMessage } from '../../../../src-shared/model'
import { diskOf, uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { duplicatesSpec, type DuplicatesSpec } from './spec'

/** Files that are there more than once, within an image or across all that are known. */
export const duplicates: JobKind<DuplicatesSpec, JobResultOf<'duplicates'>, JobStartOf<'duplicates'>['spec']> = {
  id: 'duplicates',
  spec: duplicatesSpec,
  async prepare({ image, minByteLength, byContent }, context) {
    const known = image === null ? null : { source: await context.knownSource(image), ...context.shownView(image) }
    const spec = { kind: 'duplicates' as const, image: known, minByteLength, byContent }
    return { spec, sourceName: known?.source.name ?? '' }
  },
  title: ({ image }): JobMessage =>
    image === null
      ? { code: 'everywhere', parameters: {} }
      : { code: 'title', parameters: { source: image.source.name } },
  destination: () => null,
  // Across all images nobody knows before it begins which of them have to be read: that waits for no disk.
  resources: ({ image, byContent }) => (image === null || !byContent ? [] : diskOf(image.source)),
  resume: 'restart',
  isShownElsewhere: true,
  lost: ({ image }) => image && uploadLost(image.source, image.source.name),
  run: async (spec, task) => (await import('./run')).runDuplicates(spec, task),
}
