import { z } from 'zod'
import { ARCHIVE_LEVELS } from '../../../../src-shared/contract/jobs'
import { entriesSpec } from '../from-image/entries-spec'

export const archiveSpec = entriesSpec.extend({
  kind: z.literal('archive'),
  keepPaths: z.boolean().default(false),
  format: z.enum(['zip', '7z']),
  level: z.enum(ARCHIVE_LEVELS).default('normal'),
  name: z.string().nullable().default(null),
  /** The archive is encrypted. The password itself is never kept: it does not outlive the program. */
  hasPassword: z.boolean().default(false),
})
export type ArchiveSpec = z.output<typeof archiveSpec>
