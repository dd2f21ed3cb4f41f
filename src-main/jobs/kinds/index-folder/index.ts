import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import type { JobKind } from '../job-kind'
import { lastName } from '../last-name'
import { indexFolderSpec, type IndexFolderSpec } from './spec'

/** Images of a watched folder, into the catalog. */
export const indexFolder: JobKind<IndexFolderSpec, JobResultOf<'index-folder'>, JobStartOf<'index-folder'>['spec']> = {
  id: 'index-folder',
  spec: indexFolderSpec,
  prepare: ({ folder }) => ({ spec: { kind: 'index-folder', folder }, sourceName: lastName(folder) }),
  title: ({ folder }) => ({ code: 'title', parameters: { folder: lastName(folder) } }),
  destination: () => null,
  // Work that nobody asked for just now holds up no other.
  resources: () => [],
  // What was read is in the catalog, and is not read again.
  resume: 'restart',
  isShownElsewhere: true,
  run: async (spec, task) => (await import('./run')).runIndexing(spec, task),
}
