import { z } from 'zod'

export const rescueSpec = z.object({
  kind: z.literal('rescue'),
  path: z.string(),
  what: z.enum(['plan', 'files', 'image']),
  destination: z.string(),
  partial: z.enum(['zeros', 'cut', 'skip']),
  isCarving: z.boolean(),
})
export type RescueSpec = z.output<typeof rescueSpec>
