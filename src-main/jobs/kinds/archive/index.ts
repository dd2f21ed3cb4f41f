import path from 'node:path'
import { because } from '../../../../src-shared/model'
import type { JobResultOf, JobStartOf } from '../../../../src-shared/contract/jobs'
import { entriesTitle } from '../from-image/entries-spec'
import { diskOf, uploadLost } from '../from-image/image-source'
import type { JobKind } from '../job-kind'
import { archiveSpec, type ArchiveSpec } from './spec'

/** Entries of an image into a ZIP or 7z file, under a free name in the destination. */
export const archive: JobKind<ArchiveSpec, JobResultOf<'archive'>, JobStartOf<'archive'>['spec']> = {
  id: 'archive',
  spec: archiveSpec,
  // It was an extraction with a format.
  earlierSpec: ({ kind, ...stored }) =>
    kind === 'extract' && (stored.format === 'zip' || stored.format === '7z') ? { ...stored, kind: 'archive' } : null,
  async prepare(start, context) {
    const { view, keepPaths, format, password, level, name } = start
    const source = context.source(start)
    const selection = await context.selection(start)
    const destination = path.resolve(start.destination)
    const hasPassword = password !== undefined
    return {
      spec: { kind: 'archive', source, view, ...selection, destination, keepPaths, format, level, name, hasPassword },
      sourceName: context.nameOf(start),
      ...(password === undefined ? {} : { secret: password }),
    }
  },
  title: entriesTitle,
  destination: ({ destination }) => destination,
  resources: ({ source, destination }) => [destination, ...diskOf(source)],
  // A password is not kept.
  into: (spec, destination) => (spec.hasPassword ? null : { ...spec, destination }),
  resume: 'continue',
  lost({ source, hasPassword }, sourceName) {
    if (!hasPassword) return uploadLost(source, sourceName)
    return {
      code: 'PASSWORD_GONE',
      message: `The archive of ${sourceName} was to be encrypted, and the password is not kept. Start it again.`,
      details: because('passwordLost', { name: sourceName }),
    }
  },
  run: async (spec, task) => (await import('./run')).runArchiving(spec, task),
}
