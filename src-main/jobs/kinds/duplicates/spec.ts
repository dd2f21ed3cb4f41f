import { z } from 'zod'
import { knownView } from '../from-image/known-view'

export const duplicatesSpec = z.object({
  kind: z.literal('duplicates'),
  /** Null: across every image that is known. */
  image: knownView.nullable(),
  /** In bytes. */
  minByteLength: z.number(),
  byContent: z.boolean(),
})
export type DuplicatesSpec = z.output<typeof duplicatesSpec>
