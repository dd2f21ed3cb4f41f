import { z } from 'zod'
import { imageSource } from '../from-image/image-source'

export const verifySpec = z.object({
  kind: z.literal('verify'),
  source: imageSource,
  view: z.string(),
  isDeep: z.boolean().default(false),
})
export type VerifySpec = z.output<typeof verifySpec>
