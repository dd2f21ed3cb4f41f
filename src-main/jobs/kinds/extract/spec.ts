import { z } from 'zod'
import { CONFLICT_POLICIES } from '../../../../src-shared/model'
import { namePattern, NO_ATTRIBUTES, takenAttributes } from '../../../../src-shared/contract/shapes'
import { entriesSpec } from '../from-image/entries-spec'

export const extractSpec = entriesSpec.extend({
  kind: z.literal('extract'),
  conflicts: z.enum(CONFLICT_POLICIES),
  /** One top-level item as it is, several into a folder named after the image. */
  smart: z.boolean().default(false),
  /** Keep the paths from the view's root; else each entry lands directly in the destination. */
  keepPaths: z.boolean().default(false),
  /** Keep the paths from this directory on; for what is taken out of it alone. Absent in jobs of older versions. */
  keepPathsFrom: z.string().optional(),
  /** Another name for the one entry, or for a folder around several. */
  rename: z.string().nullable().default(null),
  names: namePattern.default(null),
  attributes: takenAttributes.default(NO_ATTRIBUTES),
})
export type ExtractSpec = z.output<typeof extractSpec>
