import { z } from 'zod'
import { imageSource } from '../from-image/image-source'

export const indexInsideSpec = z.object({
  kind: z.literal('index-inside'),
  source: imageSource,
  /** Also what is large, or known already. */
  isEverything: z.boolean(),
})
export type IndexInsideSpec = z.output<typeof indexInsideSpec>
