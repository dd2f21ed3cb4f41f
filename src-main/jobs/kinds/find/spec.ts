import { z } from 'zod'

export const findSpec = z.object({ kind: z.literal('find'), source: z.string(), isResumed: z.boolean() })
export type FindSpec = z.output<typeof findSpec>
