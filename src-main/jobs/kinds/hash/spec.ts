import { z } from 'zod'
import { imageSource } from '../from-image/image-source'

export const hashSpec = z.object({
  kind: z.literal('hash'),
  source: imageSource,
  /** As the catalog knows the view: its hashes are kept beside its entries. */
  imageId: z.number(),
  generation: z.number(),
  view: z.string(),
  /** Entries as pairs of a first one and how many; null: the whole view. */
  ranges: z.array(z.number()).nullable(),
  algorithm: z.enum(['sha256', 'blake3']),
})
export type HashSpec = z.output<typeof hashSpec>
