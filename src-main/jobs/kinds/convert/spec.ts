import { z } from 'zod'
import { imageSource } from '../from-image/image-source'

export const convertSpec = z.object({
  kind: z.literal('convert'),
  source: imageSource,
  destination: z.string(),
  name: z.string().nullable().default(null),
})
export type ConvertSpec = z.output<typeof convertSpec>
