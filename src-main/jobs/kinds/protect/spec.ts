import { z } from 'zod'

export const protectSpec = z.object({
  kind: z.literal('protect'),
  path: z.string(),
  redundancy: z.number(),
  isReplacing: z.boolean().default(false),
})
export type ProtectSpec = z.output<typeof protectSpec>
