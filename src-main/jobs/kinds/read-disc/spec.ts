import { z } from 'zod'

export const readDiscSpec = z.object({
  kind: z.literal('read-disc'),
  source: z.string(),
  target: z.string(),
  retries: z.number(),
  reverse: z.boolean(),
})
export type ReadDiscSpec = z.output<typeof readDiscSpec>
