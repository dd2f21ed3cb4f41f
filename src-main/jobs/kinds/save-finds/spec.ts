import { z } from 'zod'

export const saveFindsSpec = z.object({
  kind: z.literal('save-finds'),
  source: z.string(),
  sourceByteLength: z.number(),
  finds: z.array(z.object({ name: z.string(), runs: z.array(z.number()) })),
  destination: z.string(),
})
export type SaveFindsSpec = z.output<typeof saveFindsSpec>
