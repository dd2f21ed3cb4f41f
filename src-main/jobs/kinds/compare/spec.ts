import { z } from 'zod'
import { knownView } from '../from-image/known-view'

export const compareSpec = z.object({
  kind: z.literal('compare'),
  left: knownView,
  right: knownView,
  /** Files of one size are hashed by it where that is not known yet; null: their contents are left alone. */
  content: z.enum(['sha256', 'blake3']).nullable(),
})
export type CompareSpec = z.output<typeof compareSpec>
