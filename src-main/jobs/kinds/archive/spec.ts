import { z } from 'zod'
import { entriesSpec } from '../from-image/entries-spec'

export const archiveSpec = entriesSpec.extend({
  kind: z.literal('archive'),
  keepPaths: z.boolean().default(false),
  format: z.enum(['zip', '7z']),
  /** The archive is encrypted. The password itself is never kept: it does not outlive the program. */
  hasPassword: z.boolean().default(false),
})
export type ArchiveSpec = z.output<typeof archiveSpec>
