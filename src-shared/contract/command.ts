import type { z } from 'zod'

/** One command: what it takes and what it answers. */
export function command<Input extends z.ZodType, Output extends z.ZodType>(input: Input, output: Output) {
  return { input, output }
}
