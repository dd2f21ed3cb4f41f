import { z } from 'zod'
import { IMAGE_PRESETS, imageMore } from '../../../../src-shared/contract/jobs'

export const createSpec = z.object({
  kind: z.literal('create'),
  paths: z.array(z.string()),
  destination: z.string(),
  name: z.string(),
  label: z.string(),
  preset: z.enum(IMAGE_PRESETS),
  keepsSums: z.boolean(),
  more: imageMore.default({}),
})
export type CreateSpec = z.output<typeof createSpec>
